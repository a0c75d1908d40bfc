import torch
from jaxtyping import Float
from scipy import stats
from torch import Tensor


def paired_difference(
    first: Float[Tensor, " seed"], second: Float[Tensor, " seed"]
) -> tuple[float, float]:
    """Return the mean of `first` less `second`, and half the width of its 95% interval."""
    differences = first - second
    n = len(differences)
    error = differences.std().item() / n**0.5
    return differences.mean().item(), float(stats.t.ppf(0.975, n - 1)) * error


generator = torch.Generator().manual_seed(0)
luck = torch.randn(10, generator=generator)  # of the split, which both share
plain = 0.70 + 0.05 * luck
better = plain + 0.01 + 0.005 * torch.randn(10, generator=generator)
mean, half_width = paired_difference(better, plain)
_, of_one = paired_difference(better, torch.zeros(10))
print(f"the difference, paired:  {mean:.3f} ± {half_width:.3f}")
print(f"one of the two by itself:      ± {of_one:.3f}")
assert mean - half_width > 0
assert of_one > 4 * half_width
