import numpy as np


def check(numerical_gradient):
    def cubes(a):
        return (a**3).sum()

    exact = 3 * np.array([1.0, 2.0]) ** 2
    yield (
        "the gradient of (a**3).sum() at [1, 2] with the step 0.1",
        numerical_gradient(cubes, np.array([1.0, 2.0]), 0.1),
        exact + 0.1**2,  # (x + h)³ - (x - h)³ = 6x²h + 2h³
    )
    factors = np.array([2.0, 3.0, 5.0])
    yield (
        "the gradient of a.prod() at [2, 3, 5] with the step 0.5",
        numerical_gradient(np.prod, factors.copy(), 0.5),
        np.array([15.0, 10.0, 6.0]),
    )
    yield (
        "the gradient of (a**2).sum() / 2 at a 2×3 array is that array",
        numerical_gradient(lambda a: (a**2).sum() / 2, np.arange(6.0).reshape(2, 3), 1e-3),
        np.arange(6.0).reshape(2, 3),
    )
    numerical_gradient(np.prod, factors, 0.5)
    yield "the point [2, 3, 5] after the call", factors, np.array([2.0, 3.0, 5.0])
