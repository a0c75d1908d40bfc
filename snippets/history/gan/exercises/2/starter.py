from jaxtyping import Float
from torch import Tensor


def jensen_shannon(p: Float[Tensor, " bin"], q: Float[Tensor, " bin"]) -> Float[Tensor, ""]:
    """Jensen-Shannon divergence of two histograms, in nats, from the value of the best D.

    Each histogram sums to 1. Bins may be empty, in one of the two or in both.
    """
    raise NotImplementedError
