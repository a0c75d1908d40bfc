import matplotlib.pyplot as plt
import torch

from dlbasic.regularization.mixup import sample_weights

figure, axes = plt.subplots(figsize=(7, 3.2), layout="constrained")
print("alpha   near 0 or 1   near one half   variance   1 / (4 (2 alpha + 1))")
for alpha in (0.2, 1.0, 8.0):
    generator = torch.Generator().manual_seed(0)
    weights = sample_weights(20_000, alpha=alpha, generator=generator)
    ends = ((weights < 0.1) | (weights > 0.9)).double().mean()
    middle = ((weights > 0.4) & (weights < 0.6)).double().mean()
    variance, expected = weights.var(), 1 / (4 * (2 * alpha + 1))
    print(f"{alpha:5} {ends:11.0%} {middle:15.0%} {variance:12.3f} {expected:12.3f}")
    assert abs(variance / expected - 1) < 0.05
    axes.hist(weights, bins=40, range=(0, 1), density=True, histtype="step", label=f"α = {alpha}")
axes.set(xlabel="weight λ of the first example", ylabel="density", ylim=(0, 5))
axes.legend()
plt.show()
