from jaxtyping import Float
from torch import Tensor


def step(
    weights: Float[Tensor, "..."],
    update: Float[Tensor, "..."],
    *,
    learning_rate: float,
    decay: float,
    is_bias: bool,
) -> Float[Tensor, "..."]:
    """Return the weights after one step with decoupled decay; biases do not decay.

    The optimizer has worked out `update` from the gradients. The learning rate times it, and times
    the decay of the weights as they were before the step, is taken off.
    """
    raise NotImplementedError
