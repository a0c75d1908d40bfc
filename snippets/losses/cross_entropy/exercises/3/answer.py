import torch
from jaxtyping import Float, Int
from torch import Tensor


def padded_cross_entropy(
    logits: Float[Tensor, "batch time class"],
    targets: Int[Tensor, "batch time"],
) -> Float[Tensor, ""]:
    """Surprise at the targets, in nats, averaged over all places that hold a token."""
    log_probabilities = logits.log_softmax(dim=2)
    classes = targets.clamp(min=0)[:, :, None]  # -1 is no index
    surprise = -log_probabilities.gather(2, classes)[:, :, 0]
    return surprise[targets >= 0].mean()


generator = torch.Generator().manual_seed(0)
logits = torch.randn(2, 4, 5, generator=generator)
targets = torch.tensor([[2, 0, 4, 1], [3, -1, -1, -1]])
short = padded_cross_entropy(logits, targets)

more = torch.randn(2, 3, 5, generator=generator)  # the same two texts in a longer batch
wider = padded_cross_entropy(
    torch.cat([logits, more], dim=1),
    torch.cat([targets, torch.full((2, 3), -1)], dim=1),
)
print(f"padded to 4 places  {short:.4f} nats")
print(f"padded to 7 places  {wider:.4f} nats")
torch.testing.assert_close(short, wider)
