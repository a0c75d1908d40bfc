"""The likelihood of a Gaussian, the loss that it becomes, and how often its intervals hold.

The log-likelihood is summed over the dimensions of an example and averaged over the examples, as
every loss of this course. The losses of `torch.nn` average over both. In nats.

Source: Nix and Weigend, "Estimating the mean and variance of the target probability distribution",
ICNN 1994, for a variance that is predicted per example.
"""

import math
from collections.abc import Iterator
from statistics import NormalDist
from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor, nn

from dlbasic.checks import require_pair, require_tensor


# --8<-- [start:likelihood]
def gaussian_log_likelihood(
    means: Float[Tensor, "example dim"],
    targets: Float[Tensor, "example dim"],
    variances: Float[Tensor, "example dim"] | None = None,
) -> Float[Tensor, ""]:
    """Log-density of the targets under the Gaussians, averaged over the examples. In nats.

    Args:
        means: The centre of each Gaussian; the prediction.
        targets: What was observed, in the same unit.
        variances: The variance of each Gaussian, in the squared unit; 1 everywhere by default.

    Raises:
        ValueError: If the shapes differ, a tensor is empty, not finite or not (example, dim), or a
            variance is not positive.
    """
    _require_same("targets", targets, means)
    if variances is None:
        variances = torch.ones_like(means)
    _require_variances(variances, means)
    standardized = (targets - means) / variances.sqrt()
    log_density = -(math.log(2 * math.pi) + variances.log() + standardized.square()) / 2
    return log_density.sum(dim=1).mean()


# --8<-- [end:likelihood]


# --8<-- [start:nll]
def gaussian_nll(
    means: Float[Tensor, "example dim"],
    targets: Float[Tensor, "example dim"],
    variances: Float[Tensor, "example dim"] | None = None,
) -> Float[Tensor, ""]:
    """Negative log-likelihood of the targets under the Gaussians: the loss to minimise. In nats.

    A density can exceed 1, so the loss can be negative.

    Raises:
        ValueError: As `gaussian_log_likelihood`.
    """
    return -gaussian_log_likelihood(means, targets, variances)


# --8<-- [end:nll]


# --8<-- [start:interval]
def central_interval(
    means: Float[Tensor, "example dim"],
    variances: Float[Tensor, "example dim"],
    *,
    level: float = 0.9,
) -> tuple[Float[Tensor, "example dim"], Float[Tensor, "example dim"]]:
    """Lower and upper end of the interval round the mean that holds `level` of each Gaussian.

    Raises:
        ValueError: If the shapes differ, a tensor is empty, not finite or not (example, dim), a
            variance is not positive, or `level` is not a probability between 0 and 1.
    """
    _require_variances(variances, means)
    if not 0 < level < 1:
        raise ValueError(f"level must lie between 0 and 1, got {level}")
    half_width = -NormalDist().inv_cdf((1 - level) / 2) * variances.sqrt()
    return means - half_width, means + half_width


def interval_coverage(
    means: Float[Tensor, "example dim"],
    variances: Float[Tensor, "example dim"],
    targets: Float[Tensor, "example dim"],
    *,
    level: float = 0.9,
) -> Float[Tensor, ""]:
    """Fraction of all targets inside their `central_interval`: `level`, if the Gaussians are right.

    Raises:
        ValueError: As `central_interval`, and likewise for the targets.
    """
    _require_same("targets", targets, means)
    low, high = central_interval(means, variances, level=level)
    return ((low <= targets) & (targets <= high)).to(means.dtype).mean()


# --8<-- [end:interval]


# --8<-- [start:data]
def noisy_wave(
    num_examples: int, *, generator: torch.Generator
) -> tuple[Float[Tensor, "example 1"], Float[Tensor, "example 1"]]:
    """Simulated inputs x from 0 to 4, and sin 2x with Gaussian noise of deviation 0.1 + 0.2 x.

    Raises:
        ValueError: If `num_examples` is not positive.
    """
    if num_examples < 1:
        raise ValueError(f"num_examples must be positive, got {num_examples}")
    x = 4 * torch.rand(num_examples, 1, generator=generator)
    noise = torch.randn(num_examples, 1, generator=generator)
    return x, torch.sin(2 * x) + (0.1 + 0.2 * x) * noise


# --8<-- [end:data]


# --8<-- [start:model]
class GaussianNetwork(nn.Module):
    """Two small networks: the mean of a Gaussian, and the logarithm of its variance.

    Args:
        learned_variance: Whether the second network sees the input. If not, it sees zeros and can
            only learn one variance for all examples.
    """

    def __init__(self, *, learned_variance: bool = True) -> None:
        super().__init__()
        self.learned_variance = learned_variance
        self.mean = nn.Sequential(nn.Linear(1, 32), nn.Tanh(), nn.Linear(32, 1))
        self.log_variance = nn.Sequential(nn.Linear(1, 32), nn.Tanh(), nn.Linear(32, 1))

    def forward(
        self, inputs: Float[Tensor, "example 1"]
    ) -> tuple[Float[Tensor, "example 1"], Float[Tensor, "example 1"]]:
        """Mean and variance of the target, for every input.

        Raises:
            ValueError: If `inputs` is empty, not finite or not (example, 1).
        """
        require_tensor("inputs", inputs, "example 1")
        if inputs.shape[1] != 1:
            raise ValueError(f"inputs must have one dimension, got the shape {tuple(inputs.shape)}")
        seen = inputs if self.learned_variance else torch.zeros_like(inputs)
        return self.mean(inputs), self.log_variance(seen).exp()


# --8<-- [end:model]


# --8<-- [start:train]
class Step(NamedTuple):
    """What one update saw."""

    step: int
    nll: float


def train(
    model: GaussianNetwork,
    inputs: Float[Tensor, "example 1"],
    targets: Float[Tensor, "example 1"],
    *,
    steps: int = 300,
    learning_rate: float = 0.02,
) -> Iterator[Step]:
    """Update `model` in place with Adam on all examples at once, yielding one `Step` per update.

    Raises:
        ValueError: As `gaussian_nll`, also when a variance has shrunk to 0; if `steps` is not
            positive.
    """
    if steps < 1:
        raise ValueError(f"steps must be positive, got {steps}")
    optimizer = torch.optim.Adam(model.parameters(), lr=learning_rate)
    for step in range(steps):
        means, variances = model(inputs)
        loss = gaussian_nll(means, targets, variances)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        yield Step(step, loss.item())


# --8<-- [end:train]


def _require_variances(variances: Tensor, means: Tensor) -> None:
    _require_same("variances", variances, means)
    if not (variances > 0).all():
        raise ValueError(f"variances must be positive, got {variances.min().item()}")


def _require_same(name: str, tensor: Tensor, means: Tensor) -> None:
    require_pair(name, tensor, "means", means, "example dim")
