from jaxtyping import Float
from torch import Tensor

State = tuple[Float[Tensor, "..."], Float[Tensor, "..."], Float[Tensor, "..."]]


def adamw_step(
    state: State, gradient: Float[Tensor, "..."], t: int, *, learning_rate: float, decay: float
) -> State:
    """Return theta, m and v after step t of AdamW, counted from 1; the state is as before it.

    With beta1 = 0.9, beta2 = 0.999 and epsilon = 1e-8.
    """
    raise NotImplementedError
