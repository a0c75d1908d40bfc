"""Weight decay: every step makes every weight a little smaller, so that only what pays stays large.

Source: Krogh and Hertz, "A Simple Weight Decay Can Improve Generalization", NIPS 1991; Loshchilov
and Hutter, "Decoupled Weight Decay Regularization", ICLR 2019, algorithms 1 and 2, whose decay is
times the learning rate here, as in torch.
"""

import math
from collections.abc import Iterable

import torch
from jaxtyping import Float
from torch import Tensor

from dlbasic.checks import require, require_same_shape, require_tensor


# --8<-- [start:penalty]
def penalty(parameters: Iterable[Tensor], *, strength: float) -> Float[Tensor, ""]:
    """Half of `strength` times the sum of all squared parameters, to be added to the loss.

    Raises:
        ValueError: If there is no parameter, or `strength` is negative or not finite.
    """
    require(0 <= strength < math.inf, "strength", "0 or more, finite", strength)
    squares = [theta.square().sum() for theta in _require_parameters(parameters)]
    return strength / 2 * torch.stack(squares).sum()


# --8<-- [end:penalty]


class _Optimizer:
    def __init__(
        self, parameters: Iterable[Tensor], learning_rate: float, l2: float, decay: float
    ) -> None:
        require(0 < learning_rate < math.inf, "learning_rate", "positive, finite", learning_rate)
        require(0 <= l2 < math.inf, "l2", "0 or more, finite", l2)
        require(0 <= decay < math.inf, "decay", "0 or more, finite", decay)
        self.parameters = _require_parameters(parameters)
        self.learning_rate, self.l2, self.decay = learning_rate, l2, decay

    def zero_grad(self) -> None:
        """Forget the gradients of the last step."""
        for theta in self.parameters:
            theta.grad = None


# --8<-- [start:sgd]
class SGD(_Optimizer):
    """Stochastic gradient descent with either kind of weight decay.

    Args:
        parameters: Tensors theta that require gradients.
        learning_rate: May be changed between steps.
        l2: Strength of a penalty, whose gradient is added to that of the loss.
        decay: Part of each weight, times the learning rate, that each step takes off.

    Raises:
        ValueError: If a setting is out of its range, or there is no parameter.
    """

    def __init__(
        self,
        parameters: Iterable[Tensor],
        *,
        learning_rate: float,
        l2: float = 0.0,
        decay: float = 0.0,
    ) -> None:
        super().__init__(parameters, learning_rate, l2, decay)

    @torch.no_grad()
    def step(self) -> None:
        """Take one step along the gradients that `backward` has left.

        Raises:
            ValueError: If a parameter has no gradient.
        """
        for theta in self.parameters:
            g = _gradient(theta) + self.l2 * theta
            theta.mul_(1 - self.learning_rate * self.decay).sub_(self.learning_rate * g)


# --8<-- [end:sgd]


# --8<-- [start:adamw]
class AdamW(_Optimizer):
    """Adam with either kind of weight decay: with `decay` it is AdamW.

    Args:
        parameters: Tensors theta that require gradients.
        learning_rate: May be changed between steps.
        l2: Strength of a penalty, whose gradient is added to that of the loss.
        decay: Part of each weight, times the learning rate, that each step takes off.
        beta1: Part of the average gradient m that is kept each step.
        beta2: Part of the average squared gradient v that is kept each step.
        epsilon: Added to the root of v, in the gradient's unit.

    Raises:
        ValueError: If a setting is out of its range, or there is no parameter.
    """

    def __init__(
        self,
        parameters: Iterable[Tensor],
        *,
        learning_rate: float = 1e-3,
        l2: float = 0.0,
        decay: float = 0.0,
        beta1: float = 0.9,
        beta2: float = 0.999,
        epsilon: float = 1e-8,
    ) -> None:
        super().__init__(parameters, learning_rate, l2, decay)
        require(0 <= beta1 < 1, "beta1", "in [0, 1)", beta1)
        require(0 <= beta2 < 1, "beta2", "in [0, 1)", beta2)
        require(0 < epsilon < math.inf, "epsilon", "positive, finite", epsilon)
        self.beta1, self.beta2, self.epsilon, self.t = beta1, beta2, epsilon, 0
        self.m = [torch.zeros_like(theta) for theta in self.parameters]
        self.v = [torch.zeros_like(theta) for theta in self.parameters]

    @torch.no_grad()
    def step(self) -> None:
        """Take one step along the gradients that `backward` has left.

        Raises:
            ValueError: If a parameter has no gradient.
        """
        self.t += 1
        for theta, m, v in zip(self.parameters, self.m, self.v, strict=True):
            g = _gradient(theta) + self.l2 * theta  # enters m and v, and is divided by the root
            m.mul_(self.beta1).add_(g, alpha=1 - self.beta1)
            v.mul_(self.beta2).addcmul_(g, g, value=1 - self.beta2)
            m_hat = m / (1 - self.beta1**self.t)
            v_hat = v / (1 - self.beta2**self.t)
            theta.mul_(1 - self.learning_rate * self.decay)  # enters nothing, and is not divided
            theta.sub_(self.learning_rate * m_hat / (v_hat.sqrt() + self.epsilon))


# --8<-- [end:adamw]


# --8<-- [start:shrunken]
def shrunken(
    curvature: Float[Tensor, "dim dim"], minimum: Float[Tensor, " dim"], *, strength: float
) -> Float[Tensor, " dim"]:
    """Where a quadratic loss with this curvature and minimum has its minimum under a penalty.

    Along an eigenvector with the eigenvalue a, the minimum shrinks by a / (a + `strength`).

    Raises:
        ValueError: If `curvature` is not symmetric and positive semi-definite, the shapes do not
            fit, or `strength` is not positive.
    """
    require(0 < strength < math.inf, "strength", "positive, finite", strength)
    require_tensor("curvature", curvature, "dim dim")
    require_tensor("minimum", minimum, "dim")
    require_same_shape("minimum", minimum, "a row of curvature", curvature[0])
    eigenvalues, directions = _require_semidefinite(curvature)
    along = directions.T @ minimum
    return directions @ (eigenvalues / (eigenvalues + strength) * along)


# --8<-- [end:shrunken]


def _require_semidefinite(curvature: Tensor) -> tuple[Tensor, Tensor]:
    scale = curvature.abs().max().item()
    tolerance = scale * 100 * torch.finfo(curvature.dtype).eps
    if (
        curvature.shape[0] != curvature.shape[1]
        or (curvature - curvature.T).abs().max() > tolerance
    ):
        raise ValueError(f"curvature must be symmetric, got a matrix {tuple(curvature.shape)}")
    eigenvalues, directions = torch.linalg.eigh(curvature)
    if eigenvalues[0] < -tolerance:
        raise ValueError(f"curvature must have no negative eigenvalue, got {eigenvalues[0]:.4g}")
    return eigenvalues.clamp(min=0), directions


def _require_parameters(parameters: Iterable[Tensor]) -> list[Tensor]:
    tensors = list(parameters)
    if not tensors:
        raise ValueError("parameters must be one or more, got none")
    for k, theta in enumerate(tensors):
        require_tensor(f"parameter {k}", theta.detach().flatten(), "element")
    return tensors


def _gradient(theta: Tensor) -> Tensor:
    if theta.grad is None:
        raise ValueError("every parameter must have a gradient: call backward() before step()")
    return theta.grad
