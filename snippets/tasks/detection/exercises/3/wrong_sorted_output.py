"""The scores come back best first. They must stand where their boxes stand in the input."""

import torch

from dlbasic.tasks.detection import iou


def soft_nms(boxes, scores, *, threshold=0.5):
    overlaps, scores, chosen = iou(boxes[:, None], boxes), scores.clone(), []
    left = torch.ones(len(boxes), dtype=torch.bool)
    for _ in range(len(boxes)):
        best = scores.masked_fill(~left, -1).argmax()
        left[best] = False
        chosen.append(scores[best])
        weaker = left & (overlaps[best] > threshold)
        scores[weaker] *= 1 - overlaps[best, weaker]
    return torch.stack(chosen)
