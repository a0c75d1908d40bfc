from collections.abc import Callable

import numpy as np


def numerical_gradient(
    function: Callable[[np.ndarray], float], point: np.ndarray, step: float
) -> np.ndarray:
    """Central difference of `function` for each number in `point`, in the shape of `point`.

    `function` takes an array like `point`. The array `point` must not be changed.
    """
    raise NotImplementedError
