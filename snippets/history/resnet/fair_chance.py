import matplotlib.pyplot as plt

from dlbasic.history.resnet import cifar_resnet, deal, error_rates, train

RATES = [0.007, 0.02, 0.06]
SEEDS = [20, 20, 20, 21, 21, 21]  # each rate with two deals of the digits
images, digits, *_ = deal(SEEDS)

figure, axes = plt.subplots(figsize=(6, 3.2), layout="constrained")
print("plain, 44 layers      training error at learning rate")
print("           updates" + "".join(f"{rate:8}" for rate in RATES))
errors = {}
for steps in (90, 270):
    model = cifar_resnet(7, shortcut="none", filters=4, networks=len(SEEDS), seed=20)
    list(train(model, images, digits, steps=steps, learning_rate=2 * RATES, seed=20))
    errors[steps] = error_rates(model, images, digits).view(2, len(RATES))
    mean = errors[steps].mean(0)
    print(f"{steps:18}" + "".join(f"{error:8.3f}" for error in mean))
    (line,) = axes.plot(RATES, mean, marker=".", label=f"{steps} updates")
    for row in errors[steps]:
        axes.plot(RATES, row, ".", color=line.get_color(), alpha=0.4)
axes.set(xlabel="learning rate", ylabel="training error", xscale="log", ylim=(0, 1))
axes.legend()
plt.show()

assert errors[270].mean() < errors[90].mean()  # more training helps
assert errors[270].min() > 0.3  # and is no cure, at any of these rates
