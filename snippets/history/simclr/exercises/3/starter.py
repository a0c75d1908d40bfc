from jaxtyping import Float, Int
from torch import Tensor


def votes(
    known: Float[Tensor, "known dim"],
    labels: Int[Tensor, " known"],
    asked: Float[Tensor, "asked dim"],
    *,
    k: int,
    num_classes: int,
    temperature: float = 0.1,
) -> Float[Tensor, "asked class"]:
    """Return how many votes each class gets: exp(cosine / temperature) of each of the k nearest.

    The nearest are those of `known` with the largest cosine to what is asked.
    """
    raise NotImplementedError
