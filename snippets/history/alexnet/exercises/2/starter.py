from jaxtyping import Float
from torch import Tensor


def step(
    w: Float[Tensor, " weight"],
    v: Float[Tensor, " weight"],
    g: Float[Tensor, " weight"],
    *,
    learning_rate: float,
) -> tuple[Float[Tensor, " weight"], Float[Tensor, " weight"]]:
    """Return w and v after one step of the paper's rule, with 0.9 and 0.0005 as its constants."""
    raise NotImplementedError
