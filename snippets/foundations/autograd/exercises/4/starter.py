from collections.abc import Callable

import numpy as np

from dlbasic.foundations.autograd import Variable


def backward_in_parts(
    mean_loss: Callable[[np.ndarray, np.ndarray], Variable],
    inputs: np.ndarray,
    targets: np.ndarray,
    size: int,
) -> None:
    """Like `mean_loss(inputs, targets).backward()`, but at most `size` examples at a time."""
    raise NotImplementedError
