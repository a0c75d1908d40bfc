from torch import Tensor


def remove(vectors: Tensor, direction: Tensor) -> Tensor:
    """Return each row of `vectors` (n, d) without its part along `direction` (d,).

    Every returned row is at a right angle to the direction, whose length must not matter.
    """
    raise NotImplementedError
