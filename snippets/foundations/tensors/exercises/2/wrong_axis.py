"""You search along the queries: the result names a query for each stored picture.
The axis given to `argmin` is the one that is searched, and it vanishes."""

from torch import Tensor


def nearest(queries: Tensor, stored: Tensor) -> Tensor:
    difference = queries[:, None, :].float() - stored[None, :, :].float()
    return difference.square().sum(dim=2).argmin(dim=0)
