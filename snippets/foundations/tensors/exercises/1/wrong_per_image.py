"""You average over the pixels of each image, so every image gets its own mean and deviation.
The axis that should vanish is the one that counts the images."""

from torch import Tensor


def standardize(images: Tensor) -> Tensor:
    mean = images.mean(dim=(1, 2), keepdim=True)
    return (images - mean) / images.std(dim=(1, 2), keepdim=True)
