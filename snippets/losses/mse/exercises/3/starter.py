from jaxtyping import Float
from torch import Tensor

Rows = Float[Tensor, "example dim"]


def log_cosh(predictions: Rows, targets: Rows) -> Float[Tensor, ""]:
    """Logarithm of cosh of each residual, summed over dimensions, averaged over examples."""
    raise NotImplementedError


def log_cosh_gradient(predictions: Rows, targets: Rows) -> Rows:
    """Gradient of `log_cosh` with respect to the predictions, without autograd."""
    raise NotImplementedError
