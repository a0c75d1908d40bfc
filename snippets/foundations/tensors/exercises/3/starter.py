from torch import Tensor


def masked_mean(values: Tensor, mask: Tensor) -> Tensor:
    """Average the vectors of each sequence over the steps at which its mask is True.

    `values` has the shape (batch, time, dim), `mask` is boolean of shape (batch, time), and the
    result has the shape (batch, dim). A sequence without a single True gets zeros.
    """
    raise NotImplementedError
