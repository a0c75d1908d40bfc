import torch
from jaxtyping import Bool, Float
from torch import Tensor


def look(
    s: Float[Tensor, "batch dim"],
    h: Float[Tensor, "batch source both"],
    real: Bool[Tensor, "batch source"],
    weights: tuple[Float[Tensor, "dim dim"], Float[Tensor, "dim both"], Float[Tensor, " dim"]],
) -> tuple[Float[Tensor, "batch source"], Float[Tensor, "batch both"]]:
    """Return the weights alpha of the source words, and the context c, by equations 5 and 6."""
    w, u, v = weights
    energies = torch.tanh((s @ w.T)[:, None] + h @ u.T) @ v
    alpha = energies.masked_fill(~real, -torch.inf).softmax(dim=1)
    return alpha, (alpha[:, :, None] * h).sum(dim=1)


torch.manual_seed(0)
s, h = torch.randn(1, 3), torch.randn(1, 4, 6)
weights = (torch.randn(3, 3), torch.randn(3, 6), torch.randn(3))
real = torch.tensor([[True, True, True, False]])
alpha, _ = look(s, h, real, weights)
swapped, _ = look(s, h[:, [1, 0, 2, 3]], real, weights)
print("weights of four words, the last is padding:", alpha[0].numpy().round(2))
print("and with the first two words swapped:      ", swapped[0].numpy().round(2))
assert torch.allclose(swapped[:, [1, 0, 2, 3]], alpha)
assert alpha[0, 3] == 0
