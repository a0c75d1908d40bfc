import torch
from jaxtyping import Float, Int
from torch import Tensor


def masked_loss(
    logits: Float[Tensor, "batch time vocab"], targets: Int[Tensor, "batch time"]
) -> Float[Tensor, ""]:
    """Return the cross-entropy in nats, averaged over all places whose target is not -1."""
    asked = targets != -1
    log_probabilities = logits[asked].log_softmax(dim=-1)
    return -log_probabilities.gather(1, targets[asked][:, None]).mean()


logits = torch.zeros(2, 5, 7)
targets = torch.tensor([[-1, 3, -1, -1, -1], [-1, -1, 0, 6, -1]])
loss = masked_loss(logits, targets)
print(f"a guess among seven: {loss:.4f} nats, log 7 = {torch.tensor(7.0).log():.4f}")
assert abs(loss - torch.tensor(7.0).log()) < 1e-6
