import torch
from scipy import stats

CASES = [
    ([0.8, 0.7, 0.9, 0.6], [0.7, 0.65, 0.78, 0.55]),
    ([1.0, 2.0], [3.0, 1.0]),
    ([0.1, 0.5, 0.3, 0.2, 0.9, 0.4], [0.3, 0.4, 0.3, 0.6, 0.8, 0.9]),
]


def check(paired_difference):
    for first, second in CASES:
        interval = stats.ttest_rel(first, second).confidence_interval(0.95)
        expected = ((interval.high + interval.low) / 2, (interval.high - interval.low) / 2)
        both = (torch.tensor(values, dtype=torch.float64) for values in (first, second))
        yield f"paired_difference({first}, {second})", paired_difference(*both), expected
