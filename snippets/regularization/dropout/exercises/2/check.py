import numpy as np
import torch
from scipy.stats import entropy

SAMPLES = {
    "two subnetworks that agree": [[[0.7, 0.3]], [[0.7, 0.3]]],
    "two that differ": [[[0.9, 0.1]], [[0.2, 0.8]]],
    "sure and opposed": [[[1.0, 0.0]], [[0.0, 1.0]]],
    "three on two examples": [
        [[0.2, 0.3, 0.5], [0.1, 0.1, 0.8]],
        [[0.6, 0.3, 0.1], [0.0, 0.2, 0.8]],
        [[0.3, 0.3, 0.4], [0.9, 0.1, 0.0]],
    ],
}


def check(disagreement):
    for name, samples in SAMPLES.items():
        p = np.array(samples)
        far = entropy(p, np.broadcast_to(p.mean(axis=0), p.shape), axis=-1)  # from their mean
        got = disagreement(torch.tensor(p))
        yield f"disagreement of {name}", got, far.mean(axis=0)
