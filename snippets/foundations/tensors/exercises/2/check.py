import numpy as np
import torch


def check(nearest):
    def pictures(rows):
        return torch.tensor(rows, dtype=torch.uint8)

    yield (
        "nearest([[10]], [[30], [170]])",
        nearest(pictures([[10]]), pictures([[30], [170]])),
        np.array([0]),
    )
    yield (
        "nearest([[0]], [[255], [9]])",
        nearest(pictures([[0]]), pictures([[255], [9]])),
        np.array([1]),
    )
    rows = np.random.default_rng(0).integers(0, 256, (8, 6))
    queries, stored = rows[:3], rows[3:]
    distances = ((queries[:, None] - stored) ** 2).sum(axis=2)
    yield (
        "nearest of 3 random queries among 5 random pictures",
        nearest(pictures(queries), pictures(stored)),
        distances.argmin(axis=1),
    )
    yield "nearest of 5 pictures among the same 5", nearest(*[pictures(stored)] * 2), np.arange(5)
