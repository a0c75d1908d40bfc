"""The boxes were sorted once, by the scores of the start. A score that was lowered may have lost
its turn: look for the best one anew each time.
"""

from dlbasic.tasks.detection import iou


def soft_nms(boxes, scores, *, threshold=0.5):
    overlaps, order = iou(boxes[:, None], boxes), scores.argsort(descending=True)
    scores = scores.clone()
    for place, best in enumerate(order):
        for k in order[place + 1 :]:
            if overlaps[best, k] > threshold:
                scores[k] *= 1 - overlaps[best, k]
    return scores
