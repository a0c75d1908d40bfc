from jaxtyping import Float, Int
from torch import Tensor


def gumbel_max(
    logits: Float[Tensor, " class"], points: Float[Tensor, "draw class"]
) -> Int[Tensor, " draw"]:
    """Return a class for each draw, as probable as `softmax(logits)` says.

    Turn each point u, uniform between 0 and 1, into Gumbel noise, which lies below g with the
    probability exp(-exp(-g)). Add it to the logits; the class with the largest sum is drawn.
    """
    raise NotImplementedError
