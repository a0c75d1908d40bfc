from jaxtyping import Float
from torch import Tensor


def frechet(
    mean: Float[Tensor, " dim"],
    covariance: Float[Tensor, "dim dim"],
    other_mean: Float[Tensor, " dim"],
    other_covariance: Float[Tensor, "dim dim"],
) -> Float[Tensor, ""]:
    """Squared Fréchet distance of two Gaussians, from their means and covariances.

    The trace of the root of a matrix is the sum of the roots of its eigenvalues.
    """
    raise NotImplementedError
