"""Rows and columns are swapped. The first axis of an image is its height: `image[row, column]`."""

import torch


def paste(image, other, target, other_target, *, top, left, size):
    inside = torch.zeros_like(image)
    inside[left : left + size, top : top + size] = 1
    weight = inside.mean()
    return torch.where(inside == 1, other, image), (1 - weight) * target + weight * other_target
