from torch import Tensor


def largest_rate(features: Tensor, decay: float) -> float:
    """Return the learning rate at which gradient descent on a linear model begins to diverge.

    The loss is the mean squared error over the rows of `features`, plus `decay` times the sum of
    the squared weights.
    """
    raise NotImplementedError
