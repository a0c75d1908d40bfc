import numpy as np
import torch
from scipy import stats


def check(gain):
    rights = np.random.default_rng(0).random((4, 200)) < [[0.7], [0.8], [0.9], [0.9]]
    rights[3, 20:] = rights[2, 20:]  # the last two answer alike but for 20 examples
    cases = {
        "first 0 1 0 1, second 1 1 0 1": ([0, 1, 0, 1], [1, 1, 0, 1]),
        "both 0 1 1": ([0, 1, 1], [0, 1, 1]),
        "200 examples, right on 70% and 80%": (rights[0], rights[1]),
        "the same the other way round": (rights[1], rights[0]),
        "200 examples, nearly the same answers": (rights[2], rights[3]),
    }
    for what, (first, second) in cases.items():
        got = gain(torch.tensor(first).bool(), torch.tensor(second).bool())
        difference = np.subtract(second, first, dtype=float)
        yield what, tuple(got), (float(difference.mean()), float(stats.sem(difference)))
