import torch
from sklearn.metrics import mean_pinball_loss

CASES = [
    ([[0.0]], [[2.0]], 0.9),
    ([[2.0]], [[0.0]], 0.9),
    ([[-3.0]], [[-1.0]], 0.25),
    ([[1.0], [5.0], [2.0]], [[4.0], [3.0], [2.0]], 0.5),
    ([[1.0, 5.0], [0.0, 2.0]], [[4.0, 3.0], [7.0, -8.0]], 0.9),
]


def check(quantile_loss):
    for predictions, targets, quantile in CASES:
        got = quantile_loss(torch.tensor(predictions), torch.tensor(targets), quantile=quantile)
        means = mean_pinball_loss(targets, predictions, alpha=quantile, multioutput="raw_values")
        name = f"predictions {predictions}, targets {targets}, quantile {quantile}"
        yield name, got, means.sum()
