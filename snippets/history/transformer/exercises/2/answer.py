import torch
from jaxtyping import Bool, Int
from torch import Tensor


def may_look(words: Int[Tensor, "batch time"]) -> Bool[Tensor, "batch query key"]:
    """Return whether each word, the query, may look at each other, the key."""
    time = words.shape[1]
    return (words != 0)[:, None] & torch.ones(time, time, dtype=torch.bool).tril()


mask = may_look(torch.tensor([[1, 7, 8, 2, 0]]))
print("\n".join("".join("x" if look else "." for look in row) for row in mask[0].tolist()))
assert mask.any(dim=2).all()  # every row can be averaged
assert not mask[..., 4].any()  # nothing looks at the padding
