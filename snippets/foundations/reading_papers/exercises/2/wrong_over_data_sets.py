"""You rank the data sets of a method against each other. Which of two data sets is easier is not
asked: compare the methods on each data set."""

from torch import Tensor


def average_rank(accuracies: Tensor) -> Tensor:
    better = (accuracies[:, :, None] < accuracies[:, None, :]).sum(dim=2)
    as_good = (accuracies[:, :, None] == accuracies[:, None, :]).sum(dim=2)
    return (better + (as_good + 1) / 2).mean(dim=1)
