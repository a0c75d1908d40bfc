from jaxtyping import Float
from torch import Tensor


def paired_difference(
    first: Float[Tensor, " seed"], second: Float[Tensor, " seed"]
) -> tuple[float, float]:
    """Return the mean of `first` less `second`, and half the width of its 95% interval.

    Entry k of both was measured with seed k. Student's t for n seeds: `scipy.stats.t.ppf`.
    """
    raise NotImplementedError
