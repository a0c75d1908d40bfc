import torch
from jaxtyping import Float
from torch import Tensor

Past = Float[Tensor, "batch past d_k"]
Word = Float[Tensor, "batch d_k"]


def look_back(
    q: Word, k: Word, v: Word, keys: Past, values: Past
) -> tuple[Word, Float[Tensor, "batch now d_k"], Float[Tensor, "batch now d_k"]]:
    """Return what the newest word sees, and the keys and values to remember for the next."""
    keys = torch.cat([keys, k[:, None]], dim=1)
    values = torch.cat([values, v[:, None]], dim=1)
    scores = q[:, None] @ keys.mT / q.shape[1] ** 0.5
    return (scores.softmax(dim=2) @ values)[:, 0], keys, values


torch.manual_seed(0)
q, k, v = torch.randn(3, 1, 6, 4).unbind()
seen, keys, values = [], k[:, :0], v[:, :0]
for word in zip(q.unbind(1), k.unbind(1), v.unbind(1), strict=True):
    out, keys, values = look_back(*word, keys, values)
    seen.append(out)
mask = torch.ones(6, 6, dtype=torch.bool).tril()
whole = torch.nn.functional.scaled_dot_product_attention(q, k, v, mask)
difference = (torch.stack(seen, dim=1) - whole).abs().max()
print("word by word and all at once are equal:", bool(difference < 1e-6))
assert difference < 1e-6
