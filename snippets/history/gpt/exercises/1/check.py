import itertools

import numpy as np
import torch

CASES = {
    "likeliest first": [3.0, 2.0, 1.0, 0.0],
    "in another order": [0.0, 3.0, 1.0, 2.0, -1.0],
    "one is almost sure": [0.5, 9.0, 0.0],
}


def check(nucleus):
    for (name, row), top_p in itertools.product(CASES.items(), (0.3, 0.8, 0.97)):
        p = np.exp(row) / np.exp(row).sum()
        size, most = 0, 0.0  # the smallest size at which some set of tokens is likely enough
        while most < top_p:
            size += 1
            sets = list(itertools.combinations(range(len(row)), size))
            most = max(p[list(some)].sum() for some in sets)
        best = max(sets, key=lambda some: p[list(some)].sum())
        expected = np.zeros(len(row))
        expected[list(best)] = p[list(best)] / most
        got = nucleus(torch.tensor(row, dtype=torch.float64), top_p=top_p)
        yield f"nucleus of {row}, {name}, top_p={top_p}", got, expected
