import matplotlib.pyplot as plt
import torch

from dlbasic.losses.likelihood import GaussianNetwork, central_interval, noisy_wave, train

inputs, targets = noisy_wave(1000, generator=torch.Generator().manual_seed(0))
x = torch.linspace(0, 4, 201)[:, None]

figure, panels = plt.subplots(1, 2, figsize=(8, 3.5), sharey=True, layout="constrained")
for axes, learned in zip(panels, [False, True], strict=True):
    torch.manual_seed(0)
    model = GaussianNetwork(learned_variance=learned)
    losses = [step.nll for step in train(model, inputs, targets)]
    with torch.no_grad():
        means, variances = model(x)
    low, high = central_interval(means, variances, level=0.9)

    name = "a variance per example" if learned else "one variance for all"
    width = (high - low)[:, 0]
    print(f"{name:24} NLL {losses[0]:.2f} -> {losses[-1]:.2f} nats,", end=" ")
    print(f"band {width[0]:.1f} wide at x = 0, {width[-1]:.1f} at x = 4")
    assert losses[-1] < losses[0]
    assert (width[-1] > 3 * width[0]) == learned  # the noise is nine times wider

    axes.scatter(inputs, targets, s=4, alpha=0.4, color="grey")
    axes.plot(x, means)
    axes.fill_between(x[:, 0], low[:, 0], high[:, 0], alpha=0.3)
    axes.set(title=name, xlabel="x")
panels[0].set_ylabel("y")
plt.show()
