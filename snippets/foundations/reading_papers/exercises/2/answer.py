import torch
from torch import Tensor


def average_rank(accuracies: Tensor) -> Tensor:
    """Mean rank of each method over the data sets, from accuracies of shape (method, dataset)."""
    better = (accuracies[:, None] < accuracies[None, :]).sum(dim=1)
    as_good = (accuracies[:, None] == accuracies[None, :]).sum(dim=1)  # itself among them
    return (better + (as_good + 1) / 2).mean(dim=1)


names = ["new", "old", "oldest"]
accuracies = torch.tensor(
    [[0.95, 0.70, 0.80, 0.81], [0.60, 0.73, 0.82, 0.81], [0.5, 0.7, 0.7, 0.7]]
)
ranks = average_rank(accuracies)
for name, row, rank in zip(names, accuracies, ranks, strict=True):
    print(f"{name:8} mean accuracy {row.mean():.3f}   average rank {rank:.2f}")
assert accuracies.mean(dim=1).argmax() == names.index("new")
assert ranks.argmin() == names.index("old")
