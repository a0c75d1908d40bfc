from jaxtyping import Float
from torch import Tensor


def paste(
    image: Float[Tensor, "height width"],
    other: Float[Tensor, "height width"],
    target: Float[Tensor, " class"],
    other_target: Float[Tensor, " class"],
    *,
    top: int,
    left: int,
    size: int,
) -> tuple[Float[Tensor, "height width"], Float[Tensor, " class"]]:
    """`image` with a square of `other` in it, and the targets mixed by the areas that are seen.

    The square starts at the row `top` and the column `left`; what exceeds the image is cut off.
    """
    raise NotImplementedError
