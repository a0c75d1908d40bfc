import torch
from jaxtyping import Float
from torch import Tensor


def several_looks(
    q: Float[Tensor, "batch query d_model"],
    k: Float[Tensor, "batch key d_model"],
    v: Float[Tensor, "batch key d_model"],
    num_heads: int,
) -> Float[Tensor, "batch query d_model"]:
    """Return equation 1 for every head by itself, and what the heads return, side by side."""
    q, k, v = (x.unflatten(2, (num_heads, -1)).transpose(1, 2) for x in (q, k, v))
    scores = q @ k.mT / q.shape[-1] ** 0.5
    return (scores.softmax(dim=-1) @ v).transpose(1, 2).flatten(2)


torch.manual_seed(0)
q, k, v = torch.randn(3, 1, 5, 8).unbind()
before = several_looks(q, k, v, 2)
after = several_looks(q, torch.cat([k[..., :4], -k[..., 4:]], dim=2), v, 2)
differs = (after != before)[0, 0].int().tolist()
print("the second head's keys change sign; which of a word's 8 numbers change?", differs)
assert differs == [0, 0, 0, 0, 1, 1, 1, 1]
