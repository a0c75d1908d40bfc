import matplotlib.pyplot as plt
import torch

from dlbasic.history.resnet import cifar_resnet, deal, error_rates, train

SEEDS, STEPS = range(10), 70
images, digits, new_images, new_digits = deal(SEEDS)

figure, panels = plt.subplots(1, 2, figsize=(8, 3.4), sharey=True, layout="constrained")
training, told = {}, {}
print("network       layers  parameters    training error        test error")
for panel, (name, shortcut) in zip(panels, [("plain", "none"), ("residual", "A")], strict=True):
    for n in (3, 7):
        model = cifar_resnet(n, shortcut=shortcut, filters=4, networks=len(SEEDS), seed=SEEDS[0])
        steps = list(train(model, images, digits, steps=STEPS, seed=SEEDS[0]))
        curve = torch.stack([step.errors for step in steps]).unfold(0, 9, 1).mean(2)
        training[name, n] = error_rates(model, images, digits)
        results = torch.stack([training[name, n], error_rates(model, new_images, new_digits)])
        interval = 2.26 * results.std(1) / 10**0.5  # 95%: Student's t for 10 seeds
        size = sum(theta.numel() for theta in model.parameters()) // len(SEEDS)
        (error, new), (error_95, new_95) = results.mean(1), interval
        print(f"{name:10} {6 * n + 2:9} {size:11,}     {error:.3f} ± {error_95:.3f}", end="")
        print(f"     {new:.3f} ± {new_95:.3f}")
        told[name, n] = f"{error:.3f} ± {error_95:.3f}"
        panel.plot(range(9, STEPS + 1), curve.mean(1), label=f"{6 * n + 2} layers")
        low, high = curve.aminmax(dim=1)
        panel.fill_between(range(9, STEPS + 1), low, high, alpha=0.2)
    panel.set(title=name, xlabel="update")
    panel.legend(loc="lower left" if name == "plain" else "upper right")
panels[0].set(ylabel="error on the training batches", ylim=(0, 1))
plt.show()

assert (training["plain", 7] - training["plain", 3]).mean() > 0.2
assert (training["plain", 7] > training["plain", 3]).sum() >= 9
assert (training["plain", 7] - training["residual", 7]).min() > 0.3
assert (training["residual", 7] - training["residual", 3]).mean() < 0.1
print(
    f"measured: training error, 20 → 44 layers: plain {told['plain', 3]} → {told['plain', 7]},"
    f" residual {told['residual', 3]} → {told['residual', 7]} ({len(SEEDS)} seeds)"
)
