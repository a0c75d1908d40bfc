from jaxtyping import Float
from torch import Tensor


def nucleus(logits: Float[Tensor, " vocab"], *, top_p: float) -> Float[Tensor, " vocab"]:
    """Return p of each token if only the likeliest may be drawn, the fewest that reach `top_p`.

    The logits come in any order, and the answer is in the same order. `top_p` is above 0.
    """
    raise NotImplementedError
