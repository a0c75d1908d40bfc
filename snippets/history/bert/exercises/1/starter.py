from jaxtyping import Float, Int
from torch import Tensor

PADDING, UNKNOWN, CLS, SEP, MASK = range(5)


def hide(
    tokens: Int[Tensor, "batch time"],
    choice: Float[Tensor, "batch time"],
    fate: Float[Tensor, "batch time"],
    others: Int[Tensor, "batch time"],
) -> tuple[Int[Tensor, "batch time"], Int[Tensor, "batch time"]]:
    """Return what the model reads, and its targets: what stood there, or -1 where nothing is asked.

    A token is asked for where `choice` is below 0.15, unless it is CLS, SEP or padding. Of those,
    MASK takes its place where `fate` is below 0.8, the token of `others` where it is from 0.8 to
    0.9, and the rest stay as they are.
    """
    raise NotImplementedError
