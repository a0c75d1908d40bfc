from jaxtyping import Float
from torch import Tensor


def several_looks(
    q: Float[Tensor, "batch query d_model"],
    k: Float[Tensor, "batch key d_model"],
    v: Float[Tensor, "batch key d_model"],
    num_heads: int,
) -> Float[Tensor, "batch query d_model"]:
    """Return equation 1 for every head by itself, and what the heads return, side by side.

    q, k and v are projected already. The first head has the first d_model / num_heads numbers of
    every vector, the second the next, and so on.
    """
    raise NotImplementedError
