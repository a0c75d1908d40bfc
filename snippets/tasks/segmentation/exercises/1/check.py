import torch
from sklearn.metrics import f1_score

CASES = {
    "two classes, some of each confused": [[50, 10], [5, 35]],
    "a class that is never predicted": [[90, 0], [10, 0]],
    "a class that is only predicted": [[70, 30], [0, 0]],
    "three classes, one of them nowhere": [[40, 0, 10], [0, 0, 0], [20, 0, 30]],
    "everything right": [[7, 0], [0, 3]],
}


def check(dice):
    for name, rows in CASES.items():
        counts = torch.tensor(rows)
        truth, prediction = counts.nonzero().repeat_interleave(counts[counts > 0], dim=0).T
        expected = f1_score(
            truth, prediction, labels=range(len(rows)), average=None, zero_division=float("nan")
        )
        yield f"Dice of {name}, counts {rows}", dice(counts), torch.tensor(expected)
