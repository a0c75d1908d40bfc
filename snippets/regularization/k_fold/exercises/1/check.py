import torch
from sklearn.preprocessing import StandardScaler

CASES = {
    "four examples and two": (
        [[1.0, 5.0], [2.0, 7.0], [4.0, 6.0], [5.0, 2.0]],
        [[9.0, 1.0], [8.0, 3.0]],
    ),
    "two examples and one": ([[0.0], [2.0]], [[10.0]]),
}


def check(standardize):
    for name, sets in CASES.items():
        train, held_out = (torch.tensor(rows, dtype=torch.float64) for rows in sets)
        scaler = StandardScaler().fit(train.numpy())
        got = standardize(train, held_out)
        for kind, ours, rows in zip(("train", "held_out"), got, (train, held_out), strict=True):
            yield f"{kind}, {name}", ours, scaler.transform(rows.numpy())
