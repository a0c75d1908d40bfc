import numpy as np
import torch
from sklearn.datasets import load_digits


def check(smallest_rank):
    steps = torch.diag(torch.tensor([1.0, 3.0, 2.0]))  # squares: 9, 4 and 1 of 14
    for share, rank in {0.6: 1, 0.75: 2, 0.9: 2, 0.95: 3}.items():
        yield f"smallest_rank(diag(1, 3, 2), {share})", smallest_rank(steps, share), rank
    yield "smallest_rank(eye(4), 0.5)", smallest_rank(torch.eye(4), 0.5), 2
    digits = load_digits().data
    squares = np.sort(np.linalg.eigvalsh(digits.T @ digits))[::-1]
    for share in (0.9, 0.99):
        dropped = [1 - squares[:rank].sum() / squares.sum() for rank in range(1, 65)]
        expected = next(rank for rank, part in enumerate(dropped, 1) if part <= 1 - share)
        got = smallest_rank(torch.tensor(digits), share)
        yield f"smallest_rank(the digits, 1797 rows of 64 pixels, {share})", got, expected
