import torch
from jaxtyping import Float
from torch import Tensor


def choose(
    probabilities: Float[Tensor, "member example class"],
    targets: Float[Tensor, "example class"],
    *,
    count: int,
) -> list[int]:
    """Indices of `count` members, chosen one by one; a member may be chosen several times.

    Each choice is the one after which the mean probabilities of those chosen so far have the lowest
    cross-entropy; of equal ones, the first.
    """
    chosen, total = [], torch.zeros_like(probabilities[0])
    for size in range(1, count + 1):
        means = (total + probabilities) / size
        losses = -(targets * means.log()).sum(dim=2).mean(dim=1)
        chosen.append(int(losses.argmin()))
        total = total + probabilities[chosen[-1]]
    return chosen


p = torch.tensor([[[0.9, 0.1], [0.6, 0.4]], [[0.85, 0.15], [0.6, 0.4]], [[0.4, 0.6], [0.1, 0.9]]])
chosen = choose(p, torch.eye(2), count=3)
alone = [-(torch.eye(2) * member.log()).sum(dim=1).mean() for member in p]
together = -(torch.eye(2) * p[chosen].mean(dim=0).log()).sum(dim=1).mean()
print("alone", *(f"{loss:.2f}" for loss in alone), f"  chosen {chosen}: {together:.2f} nats")
assert together < min(alone)
