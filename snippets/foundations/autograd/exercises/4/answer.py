from collections.abc import Callable

import numpy as np

from dlbasic.foundations.autograd import Variable


def backward_in_parts(
    mean_loss: Callable[[np.ndarray, np.ndarray], Variable],
    inputs: np.ndarray,
    targets: np.ndarray,
    size: int,
) -> None:
    for start in range(0, len(inputs), size):
        part, wanted = inputs[start : start + size], targets[start : start + size]
        (mean_loss(part, wanted) * (len(part) / len(inputs))).backward()


rng = np.random.default_rng(0)
inputs, targets = rng.normal(size=(10, 2)), rng.normal(size=(10, 1))
weight = Variable([[1.0], [-1.0]])
for size in (10, 4, 1):
    weight.zero_grad()
    backward_in_parts(lambda x, y: ((x @ weight - y) ** 2).mean(), inputs, targets, size)
    print(f"{size:2} at a time: gradient {weight.grad.ravel().round(6).tolist()}")
    exact = 2 / 10 * inputs.T @ (inputs @ weight.value - targets)
    assert np.allclose(weight.grad, exact)
