"""The weight is that of the whole square, also where a part of it was cut off at the border.
Count the pixels that are really seen.
"""

import torch


def paste(image, other, target, other_target, *, top, left, size):
    mixed = image.clone()
    mixed[top : top + size, left : left + size] = other[top : top + size, left : left + size]
    weight = torch.tensor(size * size / image.numel())
    return mixed, (1 - weight) * target + weight * other_target
