import torch
from scipy.stats import gmean

CASES = {
    "two tokens of 1/2": [0.5, 0.5],
    "three tokens of 1/6": [1 / 6] * 3,
    "two tokens of 1": [1.0, 1.0],
    "tokens of 0.9, 0.1 and 0.01": [0.9, 0.1, 0.01],
    "2,000 tokens of 0.1": [0.1] * 2000,
}


def check(perplexity):
    for name, row in CASES.items():
        got = perplexity(torch.tensor(row, dtype=torch.float64))
        yield f"perplexity of {name}", got, 1 / gmean(row)
