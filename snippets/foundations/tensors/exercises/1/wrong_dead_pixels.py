"""A pixel that never changes has the deviation 0, and 0 / 0 is NaN.
Choose what such a pixel is divided by; `torch.where` can."""

from torch import Tensor


def standardize(images: Tensor) -> Tensor:
    return (images - images.mean(dim=0)) / images.std(dim=0)
