import numpy as np
import torch


def check(alignment, uniformity):
    random = np.random.default_rng(0)
    for count, dim in [(2, 2), (4, 3), (6, 5)]:
        z1 = random.normal(size=(count, dim)) * random.uniform(0.5, 2, size=(count, 1))
        z2 = z1 + 0.3 * random.normal(size=(count, dim))
        u1, u2 = (z / np.linalg.norm(z, axis=1, keepdims=True) for z in (z1, z2))
        near = np.mean([np.sum((a - b) ** 2) for a, b in zip(u1, u2, strict=True)])
        pairs = [(i, j) for i in range(count) for j in range(count) if i != j]
        even = np.log(np.mean([np.exp(-2 * np.sum((u1[i] - u1[j]) ** 2)) for i, j in pairs]))
        yield f"alignment of {count} pairs", alignment(torch.tensor(z1), torch.tensor(z2)), near
        yield f"uniformity of {count} examples", uniformity(torch.tensor(z1)), even
