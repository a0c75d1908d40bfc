from jaxtyping import Bool, Float
from torch import Tensor

Rows = Float[Tensor, "word dim"]


def lazy_adam_step(
    state: tuple[Rows, Rows, Rows], gradient: Rows, present: Bool[Tensor, " word"], t: int
) -> tuple[Rows, Rows, Rows]:
    """Return theta, m and v after step t of Adam, in which absent words are left as they were.

    The state is as before the step. With the learning rate 0.1, beta1 = 0.9, beta2 = 0.999 and
    epsilon = 1e-8. The steps t are counted from 1, for all words alike.
    """
    raise NotImplementedError
