import numpy as np
import torch


def check(votes):
    random = np.random.default_rng(0)
    for size, k, classes, temperature in [(4, 1, 2, 0.1), (6, 3, 3, 0.5), (9, 5, 2, 1.0)]:
        known, asked = random.normal(size=(size, 3)), random.normal(size=(4, 3))
        known *= random.uniform(0.3, 3, size=(size, 1))
        labels = np.arange(size) % classes
        expected = np.zeros((4, classes))
        for row, a in enumerate(asked):
            cosines = known @ a / np.linalg.norm(known, axis=1) / np.linalg.norm(a)
            for n in np.argsort(-cosines)[:k]:
                expected[row, labels[n]] += np.exp(cosines[n] / temperature)
        tensors = torch.tensor(known), torch.tensor(labels), torch.tensor(asked)
        got = votes(*tensors, k=k, num_classes=classes, temperature=temperature)
        yield f"votes of the {k} nearest of {size}", got, expected
