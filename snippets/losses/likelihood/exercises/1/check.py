import torch
from scipy.stats import binom

CANDIDATES = [0.1, 0.3, 0.5, 0.7, 0.9]
CASES = {
    "1 head": [1],
    "1 tail": [0],
    "3 heads, 7 tails": [1, 0, 0, 1, 0, 0, 1, 0, 0, 0],
    "5 heads, 5 tails": [1, 0] * 5,
    "6,900 heads, 3,100 tails": [1] * 6900 + [0] * 3100,
}


def check(most_likely):
    candidates = torch.tensor(CANDIDATES, dtype=torch.float64)
    for name, flips in CASES.items():
        expected = max(CANDIDATES, key=lambda p: binom.logpmf(sum(flips), len(flips), p))
        yield (
            f"{name}, candidates {CANDIDATES}",
            most_likely(candidates, torch.tensor(flips)),
            expected,
        )
