from collections.abc import Callable

from jaxtyping import Float, Int
from torch import Tensor


def score(
    logits_of: Callable[[Int[Tensor, "batch time"]], Float[Tensor, "batch time vocab"]],
    tokens: Int[Tensor, " time"],
    *,
    mask: int,
) -> Float[Tensor, ""]:
    """Return how likely a masked model finds a sentence: the sum of the log-probabilities, in nats,
    of each token when it alone is hidden. The first and last tokens are CLS and SEP: they stay,
    and do not count.
    """
    raise NotImplementedError
