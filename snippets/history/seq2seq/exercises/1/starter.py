from jaxtyping import Bool, Float
from torch import Tensor


def look(
    s: Float[Tensor, "batch dim"],
    h: Float[Tensor, "batch source both"],
    real: Bool[Tensor, "batch source"],
    weights: tuple[Float[Tensor, "dim dim"], Float[Tensor, "dim both"], Float[Tensor, " dim"]],
) -> tuple[Float[Tensor, "batch source"], Float[Tensor, "batch both"]]:
    """Return the weights alpha of the source words, and the context c, by equations 5 and 6.

    `weights` are W, U and v of the energy e_j = v · tanh(W s + U h_j). Words that are not `real`
    get no weight.
    """
    raise NotImplementedError
