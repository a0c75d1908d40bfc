import torch
from jaxtyping import Float
from sklearn.datasets import load_diabetes
from torch import Tensor


def quantile_loss(
    predictions: Float[Tensor, "example dim"],
    targets: Float[Tensor, "example dim"],
    *,
    quantile: float,
) -> Float[Tensor, ""]:
    """Cost of all errors, summed over the dimensions and averaged over the examples."""
    residuals = targets - predictions
    costs = torch.where(residuals > 0, quantile * residuals, (quantile - 1) * residuals)
    return costs.sum(dim=1).mean()


disease = torch.tensor(load_diabetes().target)[:, None]  # 442 real patients, one year later
grid = torch.arange(25.0, 347.0, dtype=torch.float64)
print("quantile   best number   patients below it")
for quantile in (0.1, 0.5, 0.9):
    everyone = [torch.full_like(disease, number) for number in grid]
    losses = torch.stack([quantile_loss(p, disease, quantile=quantile) for p in everyone])
    best = grid[losses.argmin()]
    below = (disease < best).double().mean().item()
    print(f"{quantile:8} {best:13.0f} {below:19.1%}")
    assert abs(below - quantile) < 0.02
