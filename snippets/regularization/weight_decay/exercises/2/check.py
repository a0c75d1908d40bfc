import numpy as np
import torch

CASES = {
    "two independent inputs": ([[1.0, 0.0], [0.0, 2.0], [1.0, 0.0]], 0.5),
    "one input twice": ([[1.0, 1.0], [2.0, 2.0], [-1.0, -1.0]], 0.1),
    "more weights than examples": ([[1.0, -2.0, 0.5], [0.3, 1.0, 2.0]], 2.0),
}


def check(effective_dimensions):
    for name, (rows, strength) in CASES.items():
        x = np.array(rows)
        penalized = x.T @ x / len(x) + strength * np.eye(x.shape[1])
        hat = x @ np.linalg.solve(penalized, x.T) / len(x)  # turns targets into predictions
        got = effective_dimensions(torch.tensor(x), strength=strength)
        yield f"effective_dimensions of {name}, strength={strength}", got, np.trace(hat)
