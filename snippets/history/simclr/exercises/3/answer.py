import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn.functional import normalize


def votes(
    known: Float[Tensor, "known dim"],
    labels: Int[Tensor, " known"],
    asked: Float[Tensor, "asked dim"],
    *,
    k: int,
    num_classes: int,
    temperature: float = 0.1,
) -> Float[Tensor, "asked class"]:
    """Return how many votes each class gets: exp(cosine / temperature) of each of the k nearest."""
    cosines, rows = (normalize(asked) @ normalize(known).T).topk(k)
    counts = cosines.new_zeros(len(asked), num_classes)
    return counts.scatter_add(1, labels[rows], (cosines / temperature).exp())


angles = torch.tensor([0.0, 0.4, 0.5, 3.0])
known = torch.stack([angles.cos(), angles.sin()], dim=1) * torch.tensor(
    [[1.0], [5.0], [1.0], [1.0]]
)
counts = votes(known, torch.tensor([0, 1, 1, 2]), torch.tensor([[1.0, 0.0]]), k=3, num_classes=3)
print("share of the votes of classes 0, 1, 2:", (counts / counts.sum())[0].numpy().round(2))
assert counts.argmax() == 0  # one that is close outvotes two that are farther
assert counts[0, 2] == 0  # not among the three nearest
