"""Batch normalization: give every feature the mean 0 and the variance 1 within its batch.

Source: Ioffe and Szegedy, "Batch Normalization: Accelerating Deep Network Training by Reducing
Internal Covariate Shift", ICML 2015, arXiv:1502.03167: algorithm 1 for `normalize`, the
equations of section 3 for `normalize_backward`, algorithm 2 for the two modes.
Departs: the running statistics are exponential averages, as in the libraries.
"""

import math

import torch
from jaxtyping import Float
from torch import Tensor, nn

from dlbasic.checks import require_same_shape, require_tensor


# --8<-- [start:forward]
def normalize(
    x: Float[Tensor, "batch channel ..."],
    gamma: Float[Tensor, " channel"],
    beta: Float[Tensor, " channel"],
    *,
    epsilon: float = 1e-5,
) -> Float[Tensor, "batch channel ..."]:
    """Shift and scale each channel to the mean `beta` and the standard deviation `gamma`.

    Mean and variance are taken over the batch and, in images, over all places as well.

    Args:
        x: Features, as (batch, channel) or (batch, channel, height, width).
        gamma: Standard deviation of each channel afterwards, if its variance far exceeds epsilon.
        beta: Mean of each channel afterwards.
        epsilon: Added to the variance, in its unit.

    Raises:
        ValueError: If a shape does not fit, a channel has fewer than two values, a value is not
            finite, or `epsilon` is not positive.
    """
    _require_batch(x)
    _require_affine(gamma, beta, x)
    _require_epsilon(epsilon)
    return _affine(_standardize(x, *_moments(x), epsilon), gamma, beta)


def _moments(x: Tensor) -> tuple[Tensor, Tensor]:
    """Mean and variance of each channel; the variance is the mean squared distance."""
    mu = x.mean(dim=_all_but_channel(x))
    return mu, (x - _per_channel(mu, x)).square().mean(dim=_all_but_channel(x))


def _standardize(x: Tensor, mu: Tensor, variance: Tensor, epsilon: float) -> Tensor:
    """The paper's x-hat: how many standard deviations a value lies from the mean."""
    return (x - _per_channel(mu, x)) * _per_channel((variance + epsilon).rsqrt(), x)


def _affine(x_hat: Tensor, gamma: Tensor, beta: Tensor) -> Tensor:
    return _per_channel(gamma, x_hat) * x_hat + _per_channel(beta, x_hat)


def _per_channel(values: Tensor, x: Tensor) -> Tensor:
    """One value a channel, in a shape that broadcasts over `x`."""
    return values.view(1, -1, *[1] * (x.ndim - 2))


def _all_but_channel(x: Tensor) -> list[int]:
    return [axis for axis in range(x.ndim) if axis != 1]


# --8<-- [end:forward]


# --8<-- [start:backward]
def normalize_backward(
    dy: Float[Tensor, "batch channel ..."],
    x: Float[Tensor, "batch channel ..."],
    gamma: Float[Tensor, " channel"],
    *,
    epsilon: float = 1e-5,
) -> tuple[
    Float[Tensor, "batch channel ..."], Float[Tensor, " channel"], Float[Tensor, " channel"]
]:
    """Gradients of a loss with respect to x, gamma and beta, from `dy`, that at the outputs.

    Raises:
        ValueError: As `normalize`, or if `dy` does not fit `x`.
    """
    require_same_shape("dy", dy, "x", x)
    _require_batch(x)
    _require_affine(gamma, gamma, x)
    _require_epsilon(epsilon)
    return _gradients(dy, x, gamma, epsilon)


def _gradients(
    dy: Tensor, x: Tensor, gamma: Tensor, epsilon: float
) -> tuple[Tensor, Tensor, Tensor]:
    mu, variance = _moments(x)
    x_hat = _standardize(x, mu, variance, epsilon)
    d_beta = dy.sum(dim=_all_but_channel(x))
    d_gamma = (dy * x_hat).sum(dim=_all_but_channel(x))
    m = x.numel() // x.shape[1]  # values of each channel
    rest = dy - _per_channel(d_beta / m, x) - x_hat * _per_channel(d_gamma / m, x)
    return _per_channel(gamma * (variance + epsilon).rsqrt(), x) * rest, d_gamma, d_beta


class _Normalize(torch.autograd.Function):
    """`normalize`, whose backward pass is ours."""

    @staticmethod
    def forward(ctx, x, gamma, beta, epsilon):
        ctx.save_for_backward(x, gamma)
        ctx.epsilon = epsilon
        return _affine(_standardize(x, *_moments(x), epsilon), gamma, beta)

    @staticmethod
    def backward(ctx, dy):  # pyright: ignore[reportIncompatibleMethodOverride]
        x, gamma = ctx.saved_tensors
        return *_gradients(dy, x, gamma, ctx.epsilon), None


# --8<-- [end:backward]


# --8<-- [start:module]
class BatchNorm(nn.Module):
    """Normalize by the batch while training, and by running statistics in evaluation.

    Args:
        num_channels: Features, or channels of an image.
        momentum: Weight of the newest batch in the running statistics.
        epsilon: Added to the variance, in its unit.

    Raises:
        ValueError: If a setting is out of its range. When called: as `normalize`.
    """

    running_mean: Tensor
    running_variance: Tensor

    def __init__(self, num_channels: int, *, momentum: float = 0.1, epsilon: float = 1e-5) -> None:
        if num_channels < 1:
            raise ValueError(f"num_channels must be 1 or more, got {num_channels}")
        if not 0 < momentum <= 1:
            raise ValueError(f"momentum must be in (0, 1], got {momentum}")
        _require_epsilon(epsilon)
        super().__init__()
        self.momentum, self.epsilon = momentum, epsilon
        self.gamma = nn.Parameter(torch.ones(num_channels))
        self.beta = nn.Parameter(torch.zeros(num_channels))
        self.register_buffer("running_mean", torch.zeros(num_channels))
        self.register_buffer("running_variance", torch.ones(num_channels))

    def forward(self, x: Float[Tensor, "batch channel ..."]) -> Float[Tensor, "batch channel ..."]:
        """Features of the same shape. In training mode, the running statistics move as well."""
        if self.training:
            _require_batch(x)
            _require_affine(self.gamma, self.beta, x)
            self._remember(x.detach())
            return _Normalize.apply(x, self.gamma, self.beta, self.epsilon)
        _require_features(x)
        _require_affine(self.gamma, self.beta, x)
        x_hat = _standardize(x, self.running_mean, self.running_variance, self.epsilon)
        return _affine(x_hat, self.gamma, self.beta)

    def _remember(self, x: Tensor) -> None:
        mu, variance = _moments(x)
        m = x.numel() // x.shape[1]
        unbiased = variance * m / (m - 1)
        self.running_mean.lerp_(mu, self.momentum)
        self.running_variance.lerp_(unbiased, self.momentum)


# --8<-- [end:module]


def _require_features(x: Tensor) -> None:
    if not isinstance(x, Tensor) or x.ndim < 2:
        given = tuple(x.shape) if isinstance(x, Tensor) else type(x).__name__
        raise ValueError(f"x must have the axes (batch, channel, ...), got {given}")
    require_tensor("x", x, "batch channel" + " place" * (x.ndim - 2))


def _require_batch(x: Tensor) -> None:
    _require_features(x)
    if x.numel() == x.shape[1]:
        raise ValueError(
            "x must hold two values or more of each channel in training mode, or the variance is "
            f"zero and every output is beta, got the shape {tuple(x.shape)}"
        )


def _require_affine(gamma: Tensor, beta: Tensor, x: Tensor) -> None:
    require_same_shape("gamma", gamma, "the channels of x", x.new_empty(x.shape[1]))
    require_same_shape("beta", beta, "gamma", gamma)
    require_tensor("gamma", gamma.detach(), "channel")
    require_tensor("beta", beta.detach(), "channel")


def _require_epsilon(epsilon: float) -> None:
    if not 0 < epsilon < math.inf:
        raise ValueError(f"epsilon must be positive and finite, got {epsilon}")
