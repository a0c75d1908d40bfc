import numpy as np
import torch

CASES = [
    ([1.0, 2.0, -3.0, 4.0], [0.1, 0.3, 0.6, 0.9], 0.5),
    ([1.0, 2.0, -3.0, 4.0], [0.1, 0.3, 0.6, 0.9], 0.2),
    ([[5.0, 6.0], [7.0, -8.0]], [[0.95, 0.05], [0.7, 0.85]], 0.8),
    ([1.0, -1.0], [0.0, 0.4], 0.0),
]


def check(dropout):
    for inputs, uniform, rate in CASES:
        x, u = (torch.tensor(values, dtype=torch.float64) for values in (inputs, uniform))
        kept = np.where(np.array(uniform) < rate, 0.0, 1.0)
        call = f"dropout({inputs}, {uniform}, rate={rate}, training="
        got = dropout(x, u, rate=rate, training=True)
        yield f"{call}True)", got, np.array(inputs) * kept / (1 - rate)
        yield f"{call}False)", dropout(x, u, rate=rate, training=False), np.array(inputs)
