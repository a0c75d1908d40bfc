"""Here weaker boxes lower the scores of better ones, too. A box takes only from those that have
not been chosen yet.
"""

import torch

from dlbasic.tasks.detection import iou


def soft_nms(boxes, scores, *, threshold=0.5):
    overlaps = iou(boxes[:, None], boxes).fill_diagonal_(0)
    return scores * torch.where(overlaps > threshold, 1 - overlaps, 1.0).prod(dim=1)
