from jaxtyping import Float
from torch import Tensor


def ten_views(
    images: Float[Tensor, "image channel height width"], *, size: int
) -> Float[Tensor, "view image channel size size"]:
    """The four corners and the middle of each image, and these five mirrored, left to right.

    The first five are the corners, top left, top right, bottom left, bottom right, and the middle.
    """
    raise NotImplementedError
