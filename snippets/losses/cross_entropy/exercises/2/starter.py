from jaxtyping import Float
from torch import Tensor


def binary_cross_entropy(
    logits: Float[Tensor, " example"],
    targets: Float[Tensor, " example"],
) -> Float[Tensor, ""]:
    """Surprise at a yes or no, in nats, averaged over the examples.

    Args:
        logits: The logit of "yes"; that of "no" is always 0. Of any size.
        targets: The probability of "yes", mostly 1 or 0.
    """
    raise NotImplementedError
