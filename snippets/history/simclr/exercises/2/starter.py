from jaxtyping import Float
from torch import Tensor


def alignment(z1: Float[Tensor, "example dim"], z2: Float[Tensor, "example dim"]) -> float:
    """Return the mean squared distance between the two views of an example, on the unit sphere."""
    raise NotImplementedError


def uniformity(z: Float[Tensor, "example dim"]) -> float:
    """Return the log of the mean of exp(-2 d²) over all pairs of different examples.

    Here d is the distance of the two on the unit sphere. The lower, the more even the spread.
    """
    raise NotImplementedError
