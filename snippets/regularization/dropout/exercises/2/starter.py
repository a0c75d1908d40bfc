from jaxtyping import Float
from torch import Tensor


def disagreement(
    probabilities: Float[Tensor, "sample example class"],
) -> Float[Tensor, " example"]:
    """Entropy of the mean of the samples, less the mean of their entropies, in nats.

    The entropy of a distribution p is the sum of -p log p, and 0 log 0 is 0.
    """
    raise NotImplementedError
