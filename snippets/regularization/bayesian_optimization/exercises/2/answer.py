import torch
from jaxtyping import Float
from torch import Tensor


def posterior(
    known: Float[Tensor, "example example"],
    cross: Float[Tensor, "example point"],
    values: Float[Tensor, " example"],
    *,
    variance: float,
    noise: float,
) -> tuple[Float[Tensor, " point"], Float[Tensor, " point"]]:
    """Return mean and standard deviation of a Gaussian process at new points."""
    measured = known + noise * torch.eye(len(values)).to(known)
    solved = torch.linalg.solve(measured, cross)
    return solved.T @ values, (variance - (cross * solved).sum(dim=0)).sqrt()


x, new = torch.tensor([0.0, 1.0]), torch.tensor([0.0, 0.5, 9.0])


def similar(a, b):
    return (-(a[:, None] - b).square()).exp()


mean, std = posterior(
    similar(x, x), similar(x, new), torch.tensor([1.0, 2.0]), variance=1, noise=0.01
)
for place, middle, doubt in zip(new, mean, std, strict=True):
    print(f"at {place:.1f}: {middle:.2f} ± {doubt:.2f}")
assert std[0] < std[1] < std[2]  # measured, between two measurements, far from all
assert abs(mean[2]) < 1e-6
