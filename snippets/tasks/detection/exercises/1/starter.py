from jaxtyping import Float
from torch import Tensor


def to_photo(
    boxes: Float[Tensor, "box side"], *, width: float, height: float
) -> Float[Tensor, "box side"]:
    """Boxes in the pixels of the photo, none beyond its edges.

    The boxes are left, top, right, bottom in a square of 48×48 pixels, to which a photo of
    `width` × `height` pixels was shrunk.
    """
    raise NotImplementedError
