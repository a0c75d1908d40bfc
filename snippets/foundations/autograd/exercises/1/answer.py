from collections.abc import Callable

import numpy as np

from dlbasic.foundations.autograd import Variable


def numerical_gradient(
    function: Callable[[np.ndarray], float], point: np.ndarray, step: float
) -> np.ndarray:
    gradient = np.zeros(point.shape)
    for i in np.ndindex(point.shape):
        shift = np.zeros(point.shape)
        shift[i] = step
        gradient[i] = (function(point + shift) - function(point - shift)) / (2 * step)
    return gradient


weight = Variable([[0.5, -1.0], [2.0, 0.1]])
(weight @ weight).tanh().sum().backward()
measured = numerical_gradient(lambda a: np.tanh(a @ a).sum(), weight.value, 1e-5)
print(f"by differences {measured.round(6).tolist()}")
print(f"by backward    {weight.grad.round(6).tolist()}")
assert np.allclose(measured, weight.grad, rtol=0, atol=1e-8)
