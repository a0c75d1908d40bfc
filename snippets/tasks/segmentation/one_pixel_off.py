import torch
from sklearn.metrics import jaccard_score

from dlbasic.data.scenes import draw
from dlbasic.tasks.segmentation import CLASSES, confusion, intersection_over_union, mean_iou

labels = draw(256, seed=1).labels
guesses = {
    "all background": torch.zeros_like(labels),
    "one pixel off": labels.roll(1, dims=2),
    "the truth": labels,
}
print(" " * 14, "accuracy  mean IoU ", *(f"{name:>10}" for name in CLASSES))
for name, guess in guesses.items():
    counts = confusion(labels, guess)
    accuracy = counts.trace() / counts.sum()
    iou = intersection_over_union(counts)
    row = " ".join(f"{value:10.2f}" for value in iou)
    print(f"{name:14} {accuracy:8.2f} {mean_iou(counts):9.2f}  {row}")

    reference = jaccard_score(labels.flatten(), guess.flatten(), average=None)
    torch.testing.assert_close(iou, torch.tensor(reference), rtol=0, atol=1e-12)
    if name == "all background":
        assert accuracy > 0.75
        assert mean_iou(counts) < 0.2
    if name == "one pixel off":
        assert accuracy > 0.9
        assert iou.argmin() == CLASSES.index("person")
