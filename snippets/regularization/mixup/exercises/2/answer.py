import torch
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
    log_p = logits.log_softmax(dim=1)
    of_first, of_second = (log_p.gather(1, part[:, None])[:, 0] for part in (first, second))
    return -(weights * of_first + (1 - weights) * of_second).mean()


logits = torch.tensor([[2.0, 0.0, 0.0], [0.0, 3.0, 1.0]])
first, second = torch.tensor([0, 1]), torch.tensor([1, 2])
for weight in (1.0, 0.5, 0.0):
    loss = mixup_loss(logits, first, second, torch.full((2,), weight))
    print(f"weight {weight}: {loss:.3f} nats")
assert torch.isclose(loss, torch.nn.functional.cross_entropy(logits, second))
