from jaxtyping import Float
from torch import Tensor


def count_holes(image: Float[Tensor, "height width"]) -> int:
    """How many holes the ink of one image has. Ink is above 0.5.

    A hole is a piece of paper from which no way leads to the edge of the image.
    A way goes up, down, left and right, never diagonally.
    """
    raise NotImplementedError
