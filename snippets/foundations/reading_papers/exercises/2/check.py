import numpy as np
import torch
from scipy.stats import rankdata

CASES = {
    "two methods, one data set": [[0.9], [0.8]],
    "three methods, two data sets": [[0.5, 0.9], [0.7, 0.8], [0.6, 0.7]],
    "a tie for the first place": [[0.9, 0.8], [0.9, 0.6], [0.5, 0.7]],
    "all alike": [[0.5, 0.5]] * 3,
}


def check(average_rank):
    for name, rows in CASES.items():
        expected = rankdata(-np.array(rows), axis=0).mean(axis=1)
        yield name, average_rank(torch.tensor(rows)), expected
