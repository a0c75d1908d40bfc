import math

import torch
from jaxtyping import Float
from torch import Tensor

from dlbasic.losses.mse import huber

Rows = Float[Tensor, "example dim"]


def log_cosh(predictions: Rows, targets: Rows) -> Float[Tensor, ""]:
    """Logarithm of cosh of each residual, summed over dimensions, averaged over examples."""
    residuals = targets - predictions
    return (torch.logaddexp(residuals, -residuals) - math.log(2)).sum(dim=1).mean()


def log_cosh_gradient(predictions: Rows, targets: Rows) -> Rows:
    """Gradient of `log_cosh` with respect to the predictions, without autograd."""
    return torch.tanh(predictions - targets) / len(predictions)


zero = torch.zeros(1, 1, dtype=torch.float64)
print("residual   log cosh     Huber   pull")
for residual in (0.1, 1.0, 4.0, 1000.0):
    prediction = torch.full_like(zero, residual)
    ours, other = log_cosh(prediction, zero).item(), huber(prediction, zero).item()
    pull = log_cosh_gradient(prediction, zero).item()
    print(f"{residual:8} {ours:10.4f} {other:9.4f} {pull:6.2f}")
    assert abs(ours - other) < 0.2  # one formula is never far from the two pieces
    assert 0 < pull <= 1
