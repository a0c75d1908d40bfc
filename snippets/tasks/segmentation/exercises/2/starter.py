from jaxtyping import Int
from torch import Tensor


def shrink(labels: Int[Tensor, "height width"], factor: int) -> Int[Tensor, "rows columns"]:
    """The class that most pixels have in each block; of equals the smallest.

    Args:
        labels: The number of the class at each pixel. Both sides are multiples of `factor`.
        factor: A block has `factor` × `factor` pixels.
    """
    raise NotImplementedError
