"""A sequence without a single True has the sum 0 and the count 0, and 0 / 0 is NaN.
One NaN makes the loss of the whole batch NaN. Keep the count from being 0."""

from torch import Tensor


def masked_mean(values: Tensor, mask: Tensor) -> Tensor:
    return (values * mask[:, :, None]).sum(dim=1) / mask.sum(dim=1, keepdim=True)
