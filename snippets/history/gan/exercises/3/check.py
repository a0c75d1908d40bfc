import numpy as np
import torch
from scipy.linalg import sqrtm

CASES = {
    "one dimension, widths 1 and 3": ([0.0], [[1.0]], [0.0], [[9.0]]),
    "the same twice": ([1.0, 2.0], [[2.0, 1.0], [1.0, 3.0]], [1.0, 2.0], [[2.0, 1.0], [1.0, 3.0]]),
    "one width, means apart": (
        [0.0, 0.0],
        [[1.0, 0.0], [0.0, 1.0]],
        [3.0, 4.0],
        [[1.0, 0], [0, 1.0]],
    ),
    "turned": ([0.0, 1.0], [[4.0, 1.0], [1.0, 2.0]], [0.0, 0.5], [[1.0, -0.5], [-0.5, 5.0]]),
}


def check(frechet):
    for name, (m, c, other_m, other_c) in CASES.items():
        arrays = [np.array(part, dtype=float) for part in (m, c, other_m, other_c)]
        root = sqrtm(arrays[1] @ arrays[3])
        expected = np.sum((arrays[0] - arrays[2]) ** 2) + np.trace(arrays[1] + arrays[3] - 2 * root)
        yield name, frechet(*(torch.tensor(array) for array in arrays)), np.real(expected)
