import numpy as np
import torch

CASES = [
    ([3.0], 0.9),
    ([2.0, 2.0, 2.0], 0.5),
    ([4.0, 0.0, 8.0], 0.5),
    ([1.0, -2.0, 3.0, 0.5], 0.99),
    ([1.0, 2.0, 3.0], 0.0),
]


def check(smooth):
    for values, beta in CASES:
        expected = []
        for t in range(1, len(values) + 1):
            weights = beta ** np.arange(t)[::-1]
            expected.append(np.average(values[:t], weights=weights))
        got = smooth(torch.tensor(values, dtype=torch.float64), beta=beta)
        yield f"smooth({values}, beta={beta})", got, np.array(expected)
