from jaxtyping import Float
from torch import Tensor


def choose(
    probabilities: Float[Tensor, "member example class"],
    targets: Float[Tensor, "example class"],
    *,
    count: int,
) -> list[int]:
    """Indices of `count` members, chosen one by one; a member may be chosen several times.

    Each choice is the one after which the mean probabilities of those chosen so far have the lowest
    cross-entropy; of equal ones, the first.
    """
    raise NotImplementedError
