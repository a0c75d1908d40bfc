"""Of two methods that tie, the one further up in the table gets the better rank. They share the
mean of the ranks that they take together."""

from torch import Tensor


def average_rank(accuracies: Tensor) -> Tensor:
    order = accuracies.argsort(dim=0, descending=True, stable=True)
    return 1 + order.argsort(dim=0).float().mean(dim=1)
