import torch
from scipy.stats import laplace

CASES = [
    [0.0, 1.0, 5.0],
    [-2.0, 3.0, 4.0, 4.5, 30.0],
    [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64],
]


def check(fit_laplace):
    for targets in CASES:
        centre, scale = (float(x) for x in fit_laplace(torch.tensor(targets, dtype=torch.float64)))
        right_centre, right_scale = (float(x) for x in laplace.fit(targets))
        yield f"centre for {targets}", centre, right_centre
        if abs(centre - right_centre) < 1e-6:  # the best scale belongs to the best centre
            yield f"scale for {targets}", scale, right_scale
