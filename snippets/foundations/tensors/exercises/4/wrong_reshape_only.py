"""`reshape` reads on in the order of memory, so a head gets whole steps, and the heads of one step
part. Cut the last axis first, then swap axes. Undoing it with `reshape` hides the mistake."""

from torch import Tensor


def split_heads(x: Tensor, num_heads: int) -> Tensor:
    batch, time, dim = x.shape
    return x.reshape(batch, num_heads, time, dim // num_heads)


def merge_heads(x: Tensor) -> Tensor:
    batch, num_heads, time, dim = x.shape
    return x.reshape(batch, time, num_heads * dim)
