import torch
from jaxtyping import Float
from torch import Tensor

from dlbasic.tasks.detection import iou


def to_photo(
    boxes: Float[Tensor, "box side"], *, width: float, height: float
) -> Float[Tensor, "box side"]:
    """Boxes in the pixels of the photo, none beyond its edges."""
    edges = torch.tensor([width, height, width, height], dtype=boxes.dtype)
    return (boxes / 48 * edges).clamp(min=torch.zeros(4, dtype=boxes.dtype), max=edges)


small = torch.tensor([[6.0, 12.0, 18.0, 30.0], [9.0, 12.0, 21.0, 30.0]])
large = to_photo(small, width=640.0, height=480.0)
print("in 48×48 pixels      ", small[0].tolist())
print("in 640×480 pixels    ", large[0].tolist())
before, after = (iou(some[:1], some[1:]).item() for some in (small, large))
print(f"IoU of the two boxes  {before:.3f} before, {after:.3f} after")
assert abs(before - after) < 1e-6
