from jaxtyping import Float
from torch import Tensor


def poisson_nll(
    log_rates: Float[Tensor, "example dim"],
    counts: Float[Tensor, "example dim"],
) -> Float[Tensor, ""]:
    """Negative log-likelihood of the counts, summed over dimensions, averaged over examples.

    Args:
        log_rates: The natural logarithm of each rate, of any sign; the prediction.
        counts: What was counted: 0, 1, 2, and so on, up to many hundreds.
    """
    raise NotImplementedError
