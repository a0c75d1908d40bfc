from torch import Tensor


def paired_gain(ours: Tensor, baseline: Tensor) -> tuple[float, float]:
    """Mean gain over the baseline, and half the width of its 95% interval.

    Entry k of both, shape (seed,), comes from the same split of the data. The half width is
    Student's: `scipy.special.stdtrit(degrees_of_freedom, 0.975)` times the standard error.
    """
    raise NotImplementedError
