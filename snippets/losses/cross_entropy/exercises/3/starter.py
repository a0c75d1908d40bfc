from jaxtyping import Float, Int
from torch import Tensor


def padded_cross_entropy(
    logits: Float[Tensor, "batch time class"],
    targets: Int[Tensor, "batch time"],
) -> Float[Tensor, ""]:
    """Surprise at the targets, in nats, averaged over all places that hold a token.

    Args:
        logits: One row of logits for every place.
        targets: The right class of every place, or -1 where the text has ended.
    """
    raise NotImplementedError
