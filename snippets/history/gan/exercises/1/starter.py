from jaxtyping import Float
from torch import Tensor


def discriminator_loss(
    real_logits: Float[Tensor, " real"], fake_logits: Float[Tensor, " fake"]
) -> Float[Tensor, ""]:
    """What D lowers: minus the value V of the game, in nats, with a mean over each set."""
    raise NotImplementedError


def generator_loss(fake_logits: Float[Tensor, " fake"]) -> Float[Tensor, ""]:
    """What G lowers: the loss that does not saturate, in nats. D(x) is the sigmoid of a logit."""
    raise NotImplementedError
