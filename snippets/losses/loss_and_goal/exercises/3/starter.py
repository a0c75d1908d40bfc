from jaxtyping import Float, Int
from torch import Tensor


def threshold_for_recall(
    chances: Float[Tensor, " example"],
    ill: Int[Tensor, " example"],
    *,
    wanted: float,
) -> float:
    """The highest threshold at which at least the part `wanted` of the ill is found.

    Found is whoever is ill (1, not 0) and has a chance of the threshold or more.
    """
    raise NotImplementedError
