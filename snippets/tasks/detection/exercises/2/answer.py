import torch
from jaxtyping import Float
from torch import Tensor


def generalised_iou(
    boxes: Float[Tensor, "box side"], others: Float[Tensor, "box side"]
) -> Float[Tensor, " box"]:
    """IoU of each box with the other in its row, minus the empty part of their common hull."""
    inner, outer = torch.maximum(boxes, others), torch.minimum(boxes, others)
    shared = (outer[:, 2:] - inner[:, :2]).clamp(min=0).prod(dim=1)
    areas = [(some[:, 2:] - some[:, :2]).prod(dim=1) for some in (boxes, others)]
    union = areas[0] + areas[1] - shared
    hull = (inner[:, 2:] - outer[:, :2]).prod(dim=1)
    return shared / union - (hull - union) / hull


target = torch.tensor([[0.0, 0.0, 10.0, 10.0]])
print("shift   IoU   generalised IoU   its slope by the shift")
for shift in (0.0, 5.0, 15.0, 30.0):
    moved = torch.tensor(shift, requires_grad=True)
    box = target + torch.stack([moved, torch.zeros(()), moved, torch.zeros(())])
    value = generalised_iou(box, target)
    (slope,) = torch.autograd.grad(value.sum(), moved)
    iou = max(10 - shift, 0) / min(10 + shift, 20)
    print(f"{shift:5.0f} {iou:5.2f} {value.item():15.2f} {slope.item():20.3f}")
    assert (slope < 0) or shift == 0  # also where the two do not touch
