import math

import torch
from jaxtyping import Float
from torch import Tensor


def jensen_shannon(p: Float[Tensor, " bin"], q: Float[Tensor, " bin"]) -> Float[Tensor, ""]:
    """Jensen-Shannon divergence of two histograms, in nats, from the value of the best D."""
    both = p + q
    value = torch.xlogy(p, p) + torch.xlogy(q, q) - torch.xlogy(both, both)
    return (value.sum() + math.log(4)) / 2


torch.manual_seed(0)
samples = torch.randn(2, 1000)
print("shift   divergence   and at most")
for shift in (0.0, 0.5, 1.0, 2.0, 8.0):
    p, q = (torch.histc(rows, 60, -6, 12) / 1000 for rows in (samples[0], samples[1] + shift))
    divergence = jensen_shannon(p, q)
    print(f"{shift:5} {divergence:12.4f} {math.log(2):13.4f}")
    assert 0 < divergence < math.log(2) + 1e-6
assert divergence > 0.999 * math.log(2)  # nothing in common
