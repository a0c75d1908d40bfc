"""You deal the dimensions out in turn, like cards: head 0 gets every num_heads-th of them.
Each head should get a run of neighbours. The order of the two new axes decides that."""

from torch import Tensor


def split_heads(x: Tensor, num_heads: int) -> Tensor:
    batch, time, dim = x.shape
    return x.reshape(batch, time, dim // num_heads, num_heads).permute(0, 3, 1, 2)


def merge_heads(x: Tensor) -> Tensor:
    batch, num_heads, time, dim = x.shape
    return x.permute(0, 2, 3, 1).reshape(batch, time, num_heads * dim)
