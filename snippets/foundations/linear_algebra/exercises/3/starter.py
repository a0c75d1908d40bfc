from torch import Tensor


def smallest_rank(matrix: Tensor, share: float) -> int:
    """Return the smallest rank whose best approximation keeps this share of the squared norm.

    The squared norm is the sum of all squared entries; a share of exactly `share` is enough.
    """
    raise NotImplementedError
