import torch
from sklearn.metrics import recall_score

CASES = [
    ([0, 1, 0, 1], [0, 1, 1, 0]),
    ([0, 0, 0, 0, 1], [0, 0, 0, 1, 1]),
    ([0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 1]),
    ([2, 1, 0, 2, 2, 0], [2, 1, 0, 0, 0, 0]),
    ([0, 1, 2, 2], [0, 0, 2, 2]),
]


def check(balanced_accuracy):
    for predictions, labels in CASES:
        classes = sorted(set(labels))
        expected = recall_score(labels, predictions, labels=classes, average="macro")
        got = balanced_accuracy(torch.tensor(predictions), torch.tensor(labels))
        yield f"predictions {predictions}, labels {labels}", float(got), float(expected)
