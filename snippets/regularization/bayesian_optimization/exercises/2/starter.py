from jaxtyping import Float
from torch import Tensor


def posterior(
    known: Float[Tensor, "example example"],
    cross: Float[Tensor, "example point"],
    values: Float[Tensor, " example"],
    *,
    variance: float,
    noise: float,
) -> tuple[Float[Tensor, " point"], Float[Tensor, " point"]]:
    """Return mean and standard deviation of a Gaussian process at new points.

    Args:
        known: Covariance of the function's values at the places that were measured.
        cross: Covariance of those with the values at the new points.
        values: What was measured.
        variance: Of the function's value at any one point.
        noise: Variance of what a measurement adds.
    """
    raise NotImplementedError
