"""You divide by the True values of the whole batch, though each sequence has its own count.
Along which axis must the mask be summed?"""

from torch import Tensor


def masked_mean(values: Tensor, mask: Tensor) -> Tensor:
    return (values * mask[:, :, None]).sum(dim=1) / mask.sum().clamp(min=1)
