"""Your ranks rise with the accuracy, so the worst method is first. Sort from the best downwards."""

import torch
from torch import Tensor


def average_rank(accuracies: Tensor) -> Tensor:
    worse = (accuracies[:, None] > accuracies[None, :]).sum(dim=1)
    as_good = (accuracies[:, None] == accuracies[None, :]).sum(dim=1)
    return torch.as_tensor(worse + (as_good + 1) / 2).mean(dim=1)
