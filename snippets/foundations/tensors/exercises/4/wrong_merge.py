"""`split_heads` is right, but `merge_heads` reshapes while the heads still come before the time.
The axes that are joined must be neighbours, and in the right order."""

from torch import Tensor


def split_heads(x: Tensor, num_heads: int) -> Tensor:
    batch, time, dim = x.shape
    return x.reshape(batch, time, num_heads, dim // num_heads).transpose(1, 2)


def merge_heads(x: Tensor) -> Tensor:
    batch, num_heads, time, dim = x.shape
    return x.reshape(batch, time, num_heads * dim)
