from torch import Tensor


def average_rank(accuracies: Tensor) -> Tensor:
    """Mean rank of each method over the data sets, from accuracies of shape (method, dataset).

    On each data set the most accurate method has rank 1. Methods that tie share the mean of the
    ranks that they take together: two firsts have rank 1.5 each.
    """
    raise NotImplementedError
