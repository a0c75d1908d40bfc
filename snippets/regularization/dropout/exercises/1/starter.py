from jaxtyping import Float
from torch import Tensor


def dropout(
    inputs: Float[Tensor, "..."], uniform: Float[Tensor, "..."], *, rate: float, training: bool
) -> Float[Tensor, "..."]:
    """Inverted dropout: a value is left out where its number in `uniform` is below `rate`.

    The numbers in `uniform` are drawn evenly from 0 to 1. Without `training` nothing changes.
    """
    raise NotImplementedError
