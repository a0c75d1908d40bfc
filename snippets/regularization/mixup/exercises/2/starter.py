from jaxtyping import Float, Int
from torch import Tensor


def mixup_loss(
    logits: Float[Tensor, "example class"],
    first: Int[Tensor, " example"],
    second: Int[Tensor, " example"],
    weights: Float[Tensor, " example"],
) -> Float[Tensor, ""]:
    """Cross-entropy in nats, averaged over the examples, without making the mixed targets.

    Example i is `weights[i]` of class `first[i]`, and the rest of class `second[i]`.
    """
    raise NotImplementedError
