import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn.functional import normalize


def alignment(z1: Float[Tensor, "example dim"], z2: Float[Tensor, "example dim"]) -> float:
    """Return the mean squared distance between the two views of an example, on the unit sphere."""
    return (normalize(z1) - normalize(z2)).square().sum(dim=1).mean().item()


def uniformity(z: Float[Tensor, "example dim"]) -> float:
    """Return the log of the mean of exp(-2 d²) over all pairs of different examples."""
    return (-2 * torch.pdist(normalize(z)).square()).exp().mean().log().item()


torch.manual_seed(0)
spread, collapsed = torch.randn(200, 8), torch.ones(200, 8) + 0.01 * torch.randn(200, 8)
print("                      alignment   uniformity")
for name, z in [("spread over the sphere", spread), ("collapsed to a point", collapsed)]:
    near = alignment(z, z + 0.01 * torch.randn(200, 8))
    print(f"{name:22} {near:8.4f} {uniformity(z):12.4f}")
assert uniformity(spread) < -2 < -0.01 < uniformity(collapsed) <= 0
