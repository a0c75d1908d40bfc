from jaxtyping import Float
from torch import Tensor


def count(
    bitmaps: Float[Tensor, "example height width"], *, block: int
) -> Float[Tensor, "example row column"]:
    """The share of ink in each block of `block` × `block` pixels; the sides are multiples of it."""
    raise NotImplementedError
