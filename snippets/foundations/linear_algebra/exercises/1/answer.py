import torch
from sklearn.datasets import load_diabetes
from torch import Tensor

from dlbasic.foundations.linear_algebra import curvature, power_iteration


def remove(vectors: Tensor, direction: Tensor) -> Tensor:
    unit = direction / direction.norm()
    return vectors - (vectors @ unit)[:, None] * unit


patients = torch.tensor(load_diabetes().data)
patients = patients / patients.std(dim=0)
expected = torch.linalg.eigvalsh(curvature(patients)).flip(0)

for place in range(3):
    value, vector = power_iteration(curvature(patients))
    print(f"eigenvalue {place + 1}: {value:.4f}, by torch {expected[place]:.4f}")
    torch.testing.assert_close(value, expected[place])
    patients = remove(patients, vector)
