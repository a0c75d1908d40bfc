"""Mean squared error, and the two losses that outliers pull less.

All three sum over the dimensions of an example and average over the examples. The losses of
`torch.nn` average over both, so they are smaller by the number of dimensions.

Source: Huber, "Robust Estimation of a Location Parameter", Annals of Mathematical Statistics
35(1), 1964, for `huber`.
"""

import torch
from jaxtyping import Float
from torch import Tensor

from dlbasic.checks import require_pair


# --8<-- [start:mse]
def mse(
    predictions: Float[Tensor, "example dim"],
    targets: Float[Tensor, "example dim"],
) -> Float[Tensor, ""]:
    """Squared distance between prediction and target, averaged over the examples.

    In the squared unit of the targets. `torch.nn.MSELoss` divides by the dimensions too.

    Raises:
        ValueError: If the shapes differ, or a tensor is empty, not finite or not (example, dim).
    """
    _require_pair(predictions, targets)
    return (targets - predictions).square().sum(dim=1).mean()


# --8<-- [end:mse]


# --8<-- [start:gradient]
def mse_gradient(
    predictions: Float[Tensor, "example dim"],
    targets: Float[Tensor, "example dim"],
) -> Float[Tensor, "example dim"]:
    """Gradient of `mse` with respect to the predictions.

    Raises:
        ValueError: As `mse`.
    """
    _require_pair(predictions, targets)
    num_examples = len(predictions)
    return 2 / num_examples * (predictions - targets)


# --8<-- [end:gradient]


# --8<-- [start:robust]
def l1(
    predictions: Float[Tensor, "example dim"],
    targets: Float[Tensor, "example dim"],
) -> Float[Tensor, ""]:
    """Absolute distance summed over the dimensions, averaged over the examples.

    Raises:
        ValueError: As `mse`.
    """
    _require_pair(predictions, targets)
    return (targets - predictions).abs().sum(dim=1).mean()


def huber(
    predictions: Float[Tensor, "example dim"],
    targets: Float[Tensor, "example dim"],
    *,
    delta: float = 1.0,
) -> Float[Tensor, ""]:
    """Half the squared error up to `delta`, and a straight line of slope `delta` beyond it.

    Args:
        predictions: One row per example.
        targets: Likewise.
        delta: The residual at which the parabola turns into a line, in the targets' unit.

    Raises:
        ValueError: As `mse`, and if `delta` is not positive.
    """
    _require_pair(predictions, targets)
    if not delta > 0:
        raise ValueError(f"delta must be positive, got {delta}")
    residual = (targets - predictions).abs()
    line = delta * (residual - delta / 2)
    return torch.where(residual < delta, residual.square() / 2, line).sum(dim=1).mean()


# --8<-- [end:robust]


def _require_pair(predictions: Tensor, targets: Tensor) -> None:
    require_pair("targets", targets, "predictions", predictions, "example dim")
