import torch
from jaxtyping import Float
from torch import Tensor


def frechet(
    mean: Float[Tensor, " dim"],
    covariance: Float[Tensor, "dim dim"],
    other_mean: Float[Tensor, " dim"],
    other_covariance: Float[Tensor, "dim dim"],
) -> Float[Tensor, ""]:
    """Squared Fréchet distance of two Gaussians, from their means and covariances."""
    eigenvalues = torch.linalg.eigvals(covariance @ other_covariance).real
    between = (mean - other_mean).square().sum()
    traces = covariance.trace() + other_covariance.trace()
    return between + traces - 2 * eigenvalues.clamp(min=0).sqrt().sum()


zero, wide = torch.zeros(2), torch.diag(torch.tensor([9.0, 1.0]))
print("distance of a wide Gaussian to itself, turned by an angle")
distances = []
for degrees in (0, 30, 60, 90):
    angle = torch.tensor(degrees).deg2rad()
    turn = torch.tensor([[angle.cos(), -angle.sin()], [angle.sin(), angle.cos()]])
    distances.append(frechet(zero, wide, zero, turn @ wide @ turn.T))
    print(f"{degrees:3}° {distances[-1]:8.3f}")
assert abs(distances[0]) < 1e-4
assert (torch.stack(distances).diff() > 0).all()
assert abs(distances[-1] - 2 * (3 - 1) ** 2) < 1e-4  # of each axis, the widths differ by 2
