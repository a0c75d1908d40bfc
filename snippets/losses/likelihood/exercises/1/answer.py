import torch
from jaxtyping import Float, Int
from torch import Tensor


def most_likely(
    candidates: Float[Tensor, " candidate"],
    flips: Int[Tensor, " flip"],
) -> Float[Tensor, ""]:
    """The candidate under which the flips, 1 for heads and 0 for tails, are most likely."""
    heads, tails = flips.sum(), (1 - flips).sum()
    log_likelihoods = heads * candidates.log() + tails * (1 - candidates).log()
    return candidates[log_likelihoods.argmax()]


candidates = torch.tensor([0.2, 0.4, 0.6, 0.8])
print("flips   smallest and largest product   most likely")
for times in (1, 10, 1000):
    flips = torch.tensor([1, 1, 0, 1, 0]).repeat(times)
    each = torch.where(flips == 1, candidates[:, None], 1 - candidates[:, None])
    products = each.prod(dim=1)
    best = most_likely(candidates, flips)
    print(f"{len(flips):5} {products.min():15.0e} {products.max():13.0e} {best:13.1f}")
    assert best == candidates[2]
assert products.max() == 0  # the likelihood itself is too small for a float
