"""`mean` divides by all steps, and those that the mask hides count as zeros.
Divide each sum by the number of steps that went into it."""

from torch import Tensor


def masked_mean(values: Tensor, mask: Tensor) -> Tensor:
    return (values * mask[:, :, None]).mean(dim=1)
