from jaxtyping import Int
from torch import Tensor


def read_and_write(
    sentences: list[list[int]], *, padding: int = 0, start: int = 1, end: int = 2
) -> tuple[Int[Tensor, "sentence time"], Int[Tensor, "sentence time"]]:
    """Return what the decoder reads and what it should write, for each step of its training.

    The sentences are lists of the numbers of words, without start and end. Shorter ones are filled
    up with padding.
    """
    raise NotImplementedError
