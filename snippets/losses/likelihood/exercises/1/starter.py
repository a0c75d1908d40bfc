from jaxtyping import Float, Int
from torch import Tensor


def most_likely(
    candidates: Float[Tensor, " candidate"],
    flips: Int[Tensor, " flip"],
) -> Float[Tensor, ""]:
    """The candidate under which the flips, 1 for heads and 0 for tails, are most likely.

    Args:
        candidates: Probabilities of heads, all between 0 and 1.
        flips: What a coin showed, any number of times.
    """
    raise NotImplementedError
