import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn.functional import logsigmoid


def discriminator_loss(
    real_logits: Float[Tensor, " real"], fake_logits: Float[Tensor, " fake"]
) -> Float[Tensor, ""]:
    """What D lowers: minus the value V of the game, in nats, with a mean over each set."""
    return -logsigmoid(real_logits).mean() - logsigmoid(-fake_logits).mean()


def generator_loss(fake_logits: Float[Tensor, " fake"]) -> Float[Tensor, ""]:
    """What G lowers: the loss that does not saturate, in nats. D(x) is the sigmoid of a logit."""
    return -logsigmoid(fake_logits).mean()


print("D that                 loss of D   loss of G")
for name, real, fake in [("cannot tell", 0, 0), ("is sure and right", 200, -200)]:
    logits = torch.tensor([[real], [fake]]).float()
    losses = discriminator_loss(*logits), generator_loss(logits[1])
    print(f"{name:22} {losses[0]:9.4f} {losses[1]:11.4f}")
    assert all(loss.isfinite() for loss in losses)
