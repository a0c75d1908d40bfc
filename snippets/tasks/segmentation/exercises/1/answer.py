import torch
from jaxtyping import Float, Int
from torch import Tensor

from dlbasic.data.scenes import draw
from dlbasic.tasks.segmentation import CLASSES, confusion, intersection_over_union


def dice(counts: Int[Tensor, "truth prediction"]) -> Float[Tensor, " class"]:
    """Dice score of each class: twice its intersection, divided by the sum of its two sizes."""
    return 2 * counts.diag() / (counts.sum(dim=0) + counts.sum(dim=1))


labels = draw(64, seed=1).labels
counts = confusion(labels, labels.roll(1, dims=2))  # a guess that is one pixel off
iou, overlap = intersection_over_union(counts), dice(counts)
print("class        IoU   Dice")
for name, j, d in zip(CLASSES, iou, overlap, strict=True):
    print(f"{name:10} {j:5.3f}  {d:5.3f}")
torch.testing.assert_close(overlap.double(), 2 * iou / (1 + iou), rtol=1e-6, atol=0)
assert torch.equal(overlap.argsort(), iou.argsort())
