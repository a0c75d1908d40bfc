import torch

CASES = {
    "more right than wrong": ([[50, 3, 1], [2, 40, 7], [0, 5, 60]], (1, 2)),
    "a mistake more frequent than all else": ([[4, 0, 1], [2, 3, 0], [9, 0, 1]], (2, 0)),
    "mistakes of a pair that are many together": ([[9, 6, 7], [5, 9, 0], [0, 1, 9]], (0, 2)),
    "two classes": ([[8, 1], [3, 9]], (1, 0)),
    "nothing right": ([[0, 0, 0, 2], [0, 0, 0, 0], [5, 0, 0, 0], [1, 0, 0, 0]], (2, 0)),
}


def check(worst_confusion):
    for name, (rows, expected) in CASES.items():
        counts = torch.tensor(rows)
        yield f"{name}: {rows}", tuple(map(int, worst_confusion(counts))), expected
    yield "the counts afterwards", counts, torch.tensor(rows)
