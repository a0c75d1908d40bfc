from jaxtyping import Bool, Float
from torch import Tensor


def n_step_targets(
    rewards: Float[Tensor, " time"],
    terminated: Bool[Tensor, " time"],
    next_values: Float[Tensor, " time"],
    n: int,
    discount: float,
) -> Float[Tensor, " start"]:
    """Return the targets of the steps 0, 1, ... that have n - 1 steps after them.

    `next_values` are the target network's best values of the states after each step. A step that
    is terminated ends its episode; the next one begins another, and must not count.
    """
    raise NotImplementedError
