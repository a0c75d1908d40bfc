import torch

from dlbasic.data.scenes import KINDS
from dlbasic.tasks.detection import Detections, nms

guesses = {
    "the circle": ([10.0, 10, 24, 24], 0.9, "circle"),
    "the circle, from the next cell": ([11.0, 10, 25, 23], 0.8, "circle"),
    "the circle, called a square": ([10.0, 11, 24, 24], 0.3, "square"),
    "a circle beside it": ([21.0, 12, 33, 24], 0.7, "circle"),
    "a circle that hides behind it": ([12.0, 12, 26, 26], 0.6, "circle"),
}
boxes, scores, kinds = zip(*guesses.values(), strict=True)
numbers = torch.tensor([1 + KINDS.index(kind) for kind in kinds])
found = Detections(torch.tensor(boxes), torch.tensor(scores), numbers)

kept = {threshold: nms(found, threshold=threshold).scores for threshold in (0.3, 0.5, 0.7)}
print("guess                            score   kept at a threshold of   0.3   0.5   0.7")
for name, (_, score, _) in guesses.items():
    marks = ["yes" if (some - score).abs().min() < 1e-6 else "-" for some in kept.values()]
    print(f"{name:32} {score:5} {'':24} {marks[0]:>5} {marks[1]:>5} {marks[2]:>5}")

assert [len(some) for some in kept.values()] == [3, 3, 4]
