"""You count the methods that are strictly better, so all that tie get the best of their ranks.
Two firsts take the ranks 1 and 2: each gets 1.5."""

from torch import Tensor


def average_rank(accuracies: Tensor) -> Tensor:
    better = (accuracies[:, None] < accuracies[None, :]).sum(dim=1)
    return 1 + better.float().mean(dim=1)
