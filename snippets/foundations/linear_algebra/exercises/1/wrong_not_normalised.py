"""The dot product with the direction grows with the direction's length, and multiplying by the
direction brings that length in again. Make it a unit vector first."""

from torch import Tensor


def remove(vectors: Tensor, direction: Tensor) -> Tensor:
    return vectors - (vectors @ direction)[:, None] * direction
