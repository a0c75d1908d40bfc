import matplotlib.pyplot as plt
import torch

from dlbasic.history.resnet import cifar_resnet, deal, error_rates, train

SEEDS = range(10)
images, digits, new_images, new_digits = deal(SEEDS)

figure, axes = plt.subplots(figsize=(6.5, 3.4), layout="constrained")
print("test error, 20 layers    whole    without one block, the mean    the worst")
lost = {}
for name, shortcut in [("plain", "none"), ("residual", "A")]:
    model = cifar_resnet(3, shortcut=shortcut, filters=4, networks=len(SEEDS), seed=SEEDS[0])
    list(train(model, images, digits, steps=70, learning_rate=0.05, seed=SEEDS[0]))
    whole = error_rates(model, new_images, new_digits)
    lesions = [error_rates(model.without(k), new_images, new_digits) for k in range(9)]
    errors = torch.stack(lesions)
    interval = 2.26 * errors.std(1) / 10**0.5  # 95%: Student's t for 10 seeds
    lost[name] = errors - whole
    print(f"{name:17} {whole.mean():12.3f} {errors.mean():24.3f} {errors.mean(1).max():18.3f}")
    blocks = range(1, 10)
    drawn = axes.errorbar(blocks, errors.mean(1), interval, marker=".", capsize=3, label=name)
    axes.axhline(whole.mean(), ls="--", color=drawn[0].get_color())
axes.set(xlabel="block that is removed", ylabel="test error", ylim=(0, 1), xticks=range(1, 10))
axes.legend(loc="center right")
plt.show()

assert (lost["plain"].mean(0) > lost["residual"].mean(0) + 0.1).all()  # in every seed
assert lost["residual"].median() < 0.15
