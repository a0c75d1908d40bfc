from jaxtyping import Float
from torch import Tensor


def distance(
    points: Float[Tensor, "point axis"], start: Float[Tensor, " axis"], end: Float[Tensor, " axis"]
) -> Float[Tensor, " point"]:
    """Distance of each point from the nearest point of the straight piece from start to end.

    The two ends differ.
    """
    raise NotImplementedError
