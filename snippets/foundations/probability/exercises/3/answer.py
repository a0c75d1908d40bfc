import torch
from torch import Tensor

from dlbasic.losses.cross_entropy import softmax


def gumbel_max(logits: Tensor, points: Tensor) -> Tensor:
    noise = -(-points.log()).log()
    return (logits + noise).argmax(dim=1)


logits = torch.tensor([3.0, 2.0, 0.0, -4.0])
points = torch.rand(100_000, 4, generator=torch.Generator().manual_seed(0))
shares = gumbel_max(logits, points).bincount(minlength=4) / len(points)
print("softmax ", *(f"{x:7.3f}" for x in softmax(logits[None])[0]))
print("drawn   ", *(f"{x:7.3f}" for x in shares))
assert (shares - softmax(logits[None])[0]).abs().max() < 0.01
