import math

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn.functional import cross_entropy, normalize


def nt_xent(z: Float[Tensor, "view dim"], *, temperature: float) -> Float[Tensor, ""]:
    """Return the loss of equation 1, averaged over all views."""
    unit = normalize(z, dim=1)
    logits = (unit @ unit.T / temperature).fill_diagonal_(-torch.inf)
    partner = torch.arange(len(z)) ^ 1  # 0 and 1, 2 and 3: the last bit is the other way round
    return cross_entropy(logits, partner)


pairs = torch.eye(4).repeat_interleave(2, dim=0)
agree, same = (nt_xent(z, temperature=0.2).item() for z in (pairs, torch.ones(8, 4)))
print(f"partners agree, others are at right angles: {agree:.3f}")
print(f"all eight views are the same: {same:.3f}, and log 7 is {math.log(7):.3f}")
assert agree < 0.05
assert abs(same - math.log(7)) < 1e-5
