from jaxtyping import Float, Int
from torch import Tensor


def masked_loss(
    logits: Float[Tensor, "batch time vocab"], targets: Int[Tensor, "batch time"]
) -> Float[Tensor, ""]:
    """Return the cross-entropy in nats, averaged over all places whose target is not -1."""
    raise NotImplementedError
