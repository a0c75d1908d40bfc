"""Early stopping: stop when the validation loss no longer falls, and go back to its best weights.

Source: Prechelt, "Early Stopping - But When?", in "Neural Networks: Tricks of the Trade", LNCS
1524, 1998, for patience; Goodfellow, Bengio and Courville, "Deep Learning", 2016, section 7.8,
for the shrinkage along the directions of a quadratic loss.
"""

import math

import torch
from jaxtyping import Float
from torch import Tensor, nn

from dlbasic.checks import require_tensor


# --8<-- [start:early_stopping]
class EarlyStopping:
    """Keeps a copy of a model's best weights, and tells when to give up waiting for better ones.

    A loss that only equals the best is no improvement, so of equal ones the first is kept.

    Args:
        model: Its parameters and buffers are copied whenever a loss is the lowest so far.
        patience: How many losses in a row may fail to improve before the training should stop,
            beside the one that stops it: 0 stops at the first.

    Raises:
        ValueError: If `patience` is not an integer of 0 or more.
    """

    def __init__(self, model: nn.Module, *, patience: int) -> None:
        if not isinstance(patience, int) or isinstance(patience, bool) or patience < 0:
            raise ValueError(f"patience must be an integer of 0 or more, got {patience}")
        self.model, self.patience = model, patience
        self.best_loss, self.waited = math.inf, 0
        self.best_weights: dict[str, Tensor] | None = None

    def should_stop(self, validation_loss: float) -> bool:
        """Take note of the loss that the model has as it is now; `True` if patience has run out.

        Raises:
            ValueError: If the loss is NaN or infinite. Nothing has been noted then.
        """
        if not math.isfinite(validation_loss):
            raise ValueError(f"validation_loss must be finite, got {validation_loss}")
        if validation_loss < self.best_loss:
            self.best_loss, self.waited = float(validation_loss), 0
            state = self.model.state_dict()  # refers to the weights that training goes on to change
            self.best_weights = {name: weight.clone() for name, weight in state.items()}
        else:
            self.waited += 1
        return self.waited > self.patience

    def restore(self) -> None:
        """Put the best weights back into the model. The optimizer's state stays as it is.

        Raises:
            ValueError: If no loss has been noted yet.
        """
        if self.best_weights is None:
            raise ValueError("should_stop must have noted a loss before restore, got none")
        self.model.load_state_dict(self.best_weights)


# --8<-- [end:early_stopping]


# --8<-- [start:quadratic]
def kept_by_stopping(
    curvatures: Float[Tensor, " direction"], *, learning_rate: float, steps: int
) -> Float[Tensor, " direction"]:
    """Part of the way to the minimum that gradient descent from zero has gone in each direction.

    Args:
        curvatures: Eigenvalues of the Hessian of a quadratic loss.
        learning_rate: Of plain gradient descent, without momentum.
        steps: How many updates were made before stopping.

    Raises:
        ValueError: If a curvature is negative, `learning_rate` is not positive and finite, or
            `steps` is not an integer of 0 or more.
    """
    _require_curvatures(curvatures)
    _require_descent(learning_rate, steps, fewest=0)
    return 1 - (1 - learning_rate * curvatures) ** steps


def kept_by_decay(
    curvatures: Float[Tensor, " direction"], *, decay: float
) -> Float[Tensor, " direction"]:
    """Part of the way to the minimum at which the loss plus `decay / 2` times |w|² is smallest.

    Raises:
        ValueError: If a curvature is negative, or `decay` is not positive and finite.
    """
    _require_curvatures(curvatures)
    if not 0 < decay < math.inf:
        raise ValueError(f"decay must be positive and finite, got {decay}")
    return curvatures / (curvatures + decay)


def equal_decay(
    curvatures: Float[Tensor, " direction"], *, learning_rate: float, steps: int
) -> Float[Tensor, " direction"]:
    """The decay that keeps as much of each direction as stopping does: one for each curvature.

    Raises:
        ValueError: As `kept_by_stopping`; if `steps` is 0; or if a curvature is 0 or a step passes
            the minimum, for which no positive decay does the same.
    """
    _require_curvatures(curvatures)
    _require_descent(learning_rate, steps, fewest=1)
    strides = learning_rate * curvatures
    if not ((strides > 0) & (strides <= 1)).all():
        ends = f"{strides.min().item():.4g} to {strides.max().item():.4g}"
        raise ValueError(f"learning_rate times curvatures must be in (0, 1], got {ends}")
    kept = -torch.expm1(steps * torch.log1p(-strides))  # 1 - (1 - stride)^steps, to all digits
    return curvatures * (1 - strides) ** steps / kept


# --8<-- [end:quadratic]


def _require_curvatures(curvatures: Tensor) -> None:
    require_tensor("curvatures", curvatures, "direction")
    if (curvatures < 0).any():
        raise ValueError(f"curvatures must not be negative, got {curvatures.min().item():.4g}")


def _require_descent(learning_rate: float, steps: int, fewest: int) -> None:
    if not 0 < learning_rate < math.inf:
        raise ValueError(f"learning_rate must be positive and finite, got {learning_rate}")
    if not isinstance(steps, int) or steps < fewest:
        raise ValueError(f"steps must be an integer of {fewest} or more, got {steps}")
