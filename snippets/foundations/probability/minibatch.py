import matplotlib.pyplot as plt
import torch

from dlbasic.data.digits import load_digits
from dlbasic.foundations.probability import monte_carlo
from dlbasic.losses.cross_entropy import cross_entropy

images, digits = load_digits()
inputs, targets = images.flatten(1).double(), torch.eye(10, dtype=torch.float64)[digits]
weights = torch.zeros(64, 10, dtype=torch.float64, requires_grad=True)
(gradient,) = torch.autograd.grad(cross_entropy(inputs @ weights, targets), weights)
full = gradient[20, 3]  # from the pixel at row 2, column 4, to the logit of the 3

each = inputs[:, 20] * (0.1 - targets[:, 3])  # the same gradient, on each digit alone
torch.testing.assert_close(each.mean(), full, rtol=1e-12, atol=0)
generator = torch.Generator().manual_seed(0)
sizes = torch.tensor([4, 16, 64, 256])
spread, held = torch.zeros(2, 4)

print(f"full gradient {full:.3f}; 2,000 batches of each size:")
print("batch   average   spread   spread x √batch   95% intervals that hold it")
for s, size in enumerate(sizes):
    batches = torch.randint(len(each), (2000, size), generator=generator)
    means, _, low, high = monte_carlo(each[batches])
    spread[s] = means.std()
    held[s] = ((low <= full) & (full <= high)).double().mean()
    scaled = spread[s] * size**0.5
    print(f"{size:5} {means.mean():9.3f} {spread[s]:8.4f} {scaled:17.2f} {held[s]:28.2f}")
    assert abs(means.mean() - full) < 4 * spread[s] / 2000**0.5
    assert abs(scaled / each.std() - 1) < 0.1

assert held[0] < 0.6  # most batches of four hold no 3
assert 0.92 < held[-1] < 0.98
figure, axes = plt.subplots(figsize=(5.5, 3.2), layout="constrained")
axes.loglog(sizes, spread, "o", label="deviation of 2,000 batches")
axes.loglog(sizes, each.std() / sizes.sqrt(), "--", color="grey", label="σ / √batch")
axes.set(xlabel="batch size (examples)", ylabel="spread of the gradient")
axes.set_xticks(sizes.tolist(), labels=[f"{size}" for size in sizes])
axes.set_yticks([0.02, 0.05, 0.1], labels=["0.02", "0.05", "0.10"])
axes.minorticks_off()
axes.legend()
plt.show()
