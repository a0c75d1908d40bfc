"""Mixup: train on what lies between two examples, with what lies between their targets.

Source: Zhang, Cisse, Dauphin and Lopez-Paz, "mixup: Beyond Empirical Risk Minimization",
ICLR 2018, arXiv:1710.09412, section 2.
Departs: every example of a batch draws a lambda of its own; the paper's figure 1 draws one a batch.
"""

import math

import torch
from jaxtyping import Float
from scipy.special import betaincinv
from torch import Tensor

from dlbasic.checks import require_probabilities, require_same_shape, require_tensor


# --8<-- [start:weights]
def sample_weights(
    count: int, *, alpha: float, generator: torch.Generator
) -> Float[Tensor, " example"]:
    """Draws from Beta(alpha, alpha), each in [0, 1] and float64: the paper's lambda.

    A uniform number u becomes the value below which the part u of the distribution lies.

    Args:
        count: How many to draw.
        alpha: Below 1 most draws lie near 0 or 1; at 1 all are as likely; above, near 1/2.
        generator: Of the uniform numbers.

    Raises:
        ValueError: If `count` or `alpha` is not positive, or `alpha` is not finite.
    """
    if count < 1:
        raise ValueError(f"count must be 1 or more, got {count}")
    if not 0 < alpha < math.inf:
        raise ValueError(f"alpha must be positive and finite, got {alpha}")
    u = torch.rand(count, generator=generator, dtype=torch.float64)
    return torch.from_numpy(betaincinv(alpha, alpha, u.numpy()))


# --8<-- [end:weights]


# --8<-- [start:mix]
def mix(
    first: Float[Tensor, "example ..."],
    second: Float[Tensor, "example ..."],
    weights: Float[Tensor, " example"],
) -> Float[Tensor, "example ..."]:
    """For each example, the point between `first` and `second`; weight 1 is all `first`.

    Raises:
        ValueError: If the shapes do not fit, a value is not finite, or a weight is not in [0, 1].
    """
    require_same_shape("second", second, "first", first)
    axes = "example" + " axis" * (first.ndim - 1)
    require_tensor("first", first, axes)
    require_tensor("second", second, axes)
    require_tensor("weights", weights, "example")
    if len(weights) != len(first):
        raise ValueError(f"weights must be {len(first)}, one an example, got {len(weights)}")
    if weights.min() < 0 or weights.max() > 1:
        worst = weights[(weights - 0.5).abs().argmax()]
        raise ValueError(f"weights must be in [0, 1], got {worst:.4g}")
    lam = weights.to(first.dtype).view(-1, *[1] * (first.ndim - 1))
    return lam * first + (1 - lam) * second


def mixup(
    inputs: Float[Tensor, "example ..."],
    targets: Float[Tensor, "example class"],
    *,
    alpha: float,
    generator: torch.Generator,
) -> tuple[Float[Tensor, "example ..."], Float[Tensor, "example class"]]:
    """A batch in which each example is mixed with another one of it, or with itself by chance.

    Args:
        inputs: One entry per example.
        targets: Probability rows, such as one-hot.
        alpha: Of the Beta distribution of the weights.
        generator: Of the weights and of the partners.

    Raises:
        ValueError: If inputs and targets do not pair up, an input is not finite, a target is no
            distribution, or `alpha` is not positive and finite.
    """
    require_probabilities("targets", targets, "example class")
    if not isinstance(inputs, Tensor) or inputs.ndim < 1 or len(inputs) != len(targets):
        given = tuple(inputs.shape) if isinstance(inputs, Tensor) else type(inputs).__name__
        raise ValueError(f"inputs must be {len(targets)}, one a target, got {given}")
    weights = sample_weights(len(inputs), alpha=alpha, generator=generator)
    partner = torch.randperm(len(inputs), generator=generator)
    return mix(inputs, inputs[partner], weights), mix(targets, targets[partner], weights)


# --8<-- [end:mix]
