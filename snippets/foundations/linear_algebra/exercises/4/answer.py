import torch
from sklearn.datasets import load_diabetes
from torch import Tensor


def largest_rate(features: Tensor, decay: float) -> float:
    steepest = torch.linalg.svdvals(features)[0].square()
    return 2 / (2 / len(features) * steepest + 2 * decay).item()


patients, disease = map(torch.tensor, load_diabetes(return_X_y=True))
patients, targets = patients / patients.std(dim=0), disease - disease.mean()

for decay in (0.0, 1.0, 10.0):
    limit = largest_rate(patients, decay)
    sizes = {}
    for factor in (0.98, 1.02):
        weights = torch.zeros(10, dtype=torch.float64)
        for _ in range(1000):
            pull = 2 / len(patients) * patients.T @ (patients @ weights - targets)
            weights -= factor * limit * (pull + 2 * decay * weights)
        sizes[factor] = weights.norm().item()
    ends = f"{sizes[0.98]:.1f} below, {sizes[1.02]:.0e} above"
    print(f"decay {decay:4}: limit {limit:.4f}, length of the weights {ends}")
    assert sizes[0.98] < 1e3 < 1e9 < sizes[1.02]
