import matplotlib.pyplot as plt
import torch

from dlbasic.history.resnet import cifar_resnet, deal, error_rates, train

RATES = [0.007, 0.02, 0.06, 0.2]
SEEDS = [20, 20, 20, 20, 21, 21, 21, 21]  # each rate with two deals of the digits
images, digits, *_ = deal(SEEDS)

model = cifar_resnet(7, shortcut="none", filters=4, networks=len(SEEDS), seed=SEEDS[0])
run = train(model, images, digits, steps=210, learning_rate=2 * RATES, seed=SEEDS[0])
curves = torch.stack([step.errors for step in run]).unfold(0, 9, 1).mean(2)
errors = error_rates(model, images, digits).view(2, len(RATES))

figure, axes = plt.subplots(figsize=(6, 3.4), layout="constrained")
print("plain, 44 layers, 210 updates\nlearning rate   training error, two deals")
for k, rate in enumerate(RATES):
    first, second = errors[:, k]
    print(f"{rate:13} {first:16.3f} {second:9.3f}")
    axes.plot(range(9, 211), curves[:, [k, k + len(RATES)]].mean(1), label=f"{rate}")
axes.axvline(70, color="grey", ls=":")
axes.set(xlabel="update", ylabel="error on the training batches", ylim=(0, 1))
axes.legend(title="learning rate", loc="lower left", ncols=2)
plt.show()

assert errors.min() > 0.25  # no rate is a cure
