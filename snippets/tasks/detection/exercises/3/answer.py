import torch
from jaxtyping import Float
from torch import Tensor

from dlbasic.tasks.detection import iou


def soft_nms(
    boxes: Float[Tensor, "box side"], scores: Float[Tensor, " box"], *, threshold: float = 0.5
) -> Float[Tensor, " box"]:
    """Scores after each box has taken from those that it overlaps, in the order of the input."""
    overlaps, scores = iou(boxes[:, None], boxes), scores.clone()
    left = torch.ones(len(boxes), dtype=torch.bool)
    for _ in range(len(boxes)):
        best = scores.masked_fill(~left, -1).argmax()
        left[best] = False
        weaker = left & (overlaps[best] > threshold)
        scores[weaker] *= 1 - overlaps[best, weaker]
    return scores


boxes = torch.tensor([[0.0, 0, 20, 20], [1.0, 0, 21, 20], [5.0, 0, 25, 20], [30.0, 0, 40, 10]])
scores = torch.tensor([0.9, 0.85, 0.8, 0.3])
names = ("an object", "again the object", "another behind it", "one far away")
after = soft_nms(boxes, scores)
print("guess               before   after")
for name, old, new in zip(names, scores, after, strict=True):
    print(f"{name:18} {old:7.2f} {new:7.2f}")
assert after[[0, 3]].tolist() == scores[[0, 3]].tolist()
assert after[2] > 2 * after[1] > 0  # the nearer repetition loses most
