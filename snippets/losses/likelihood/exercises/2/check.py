import numpy as np
import torch
from scipy.stats import poisson

CASES = [
    ([[0.0]], [[0.0]]),
    ([[0.0]], [[3.0]]),
    ([[1.5]], [[2.0]]),
    ([[-1.0, 2.0], [0.5, 0.0]], [[0.0, 5.0], [1.0, 2.0]]),
    ([[6.0]], [[400.0]]),
]


def check(poisson_nll):
    for rows in CASES:
        log_rates, counts = (torch.tensor(part, dtype=torch.float64) for part in rows)
        log_probabilities = poisson.logpmf(rows[1], np.exp(rows[0]))
        name = "log rates {}, counts {}".format(*rows)
        got = poisson_nll(log_rates, counts)
        finite = bool(torch.as_tensor(got).isfinite().all())
        yield f"{name}: is the loss finite?", finite, True
        if finite:
            yield name, got, -log_probabilities.sum(axis=1).mean()
