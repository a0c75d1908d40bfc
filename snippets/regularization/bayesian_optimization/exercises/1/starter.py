from jaxtyping import Float
from torch import Tensor


def probability_of_improvement(
    mean: Float[Tensor, " point"], std: Float[Tensor, " point"], *, best: float
) -> Float[Tensor, " point"]:
    """Return the probability that a value falls below `best`; lower is better.

    The value at each point is normally distributed with this mean and this positive std.
    """
    raise NotImplementedError
