from torch import Tensor


def split_heads(x: Tensor, num_heads: int) -> Tensor:
    """Cut the last axis into heads: (batch, time, dim) to (batch, head, time, dim / num_heads).

    Head 0 gets the first dim / num_heads dimensions of every step, head 1 the next, and so on.
    """
    raise NotImplementedError


def merge_heads(x: Tensor) -> Tensor:
    """Undo `split_heads`: (batch, head, time, dim) to (batch, time, head * dim)."""
    raise NotImplementedError
