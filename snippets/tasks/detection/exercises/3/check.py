import numpy as np
import torch

BOXES = {
    "two apart": [[0, 0, 10, 10], [20, 0, 30, 10]],
    "one repetition": [[0, 0, 10, 10], [0, 0, 10, 8]],
    "the better one last": [[0, 0, 10, 8], [0, 0, 10, 10]],
    "a chain": [[0, 0, 10, 10], [0, 2, 10, 12], [0, 4, 10, 14]],
    "three, and the order changes": [[0, 0, 10, 10], [0, 0, 10, 9], [0, 3, 10, 12]],
}
SCORES = {
    "two apart": [0.5, 0.9],
    "one repetition": [0.8, 0.7],
    "the better one last": [0.6, 0.8],
    "a chain": [0.9, 0.8, 0.7],
    "three, and the order changes": [0.9, 0.8, 0.7],
}


def overlap(a, b):
    """Count the pixels of two boxes."""
    masks = np.zeros((2, 40, 40), dtype=bool)
    for mask, (left, top, right, bottom) in zip(masks, (a, b), strict=True):
        mask[top:bottom, left:right] = True
    return (masks[0] & masks[1]).sum() / (masks[0] | masks[1]).sum()


def by_hand(boxes, scores, threshold):
    todo, scores = set(range(len(boxes))), list(scores)
    while todo:
        best = max(todo, key=lambda k: scores[k])
        todo.remove(best)
        for k in todo:
            if overlap(boxes[best], boxes[k]) > threshold:
                scores[k] *= 1 - overlap(boxes[best], boxes[k])
    return torch.tensor(scores)


def check(soft_nms):
    for name, boxes in BOXES.items():
        scores = SCORES[name]
        for threshold in (0.5,) if name != "a chain" else (0.3, 0.5):
            got = soft_nms(torch.tensor(boxes).float(), torch.tensor(scores), threshold=threshold)
            yield f"{name}, threshold {threshold}", got, by_hand(boxes, scores, threshold)
