import torch
from jaxtyping import Float
from torch import Tensor

from dlbasic.data.digits import load_digits


def paste(
    image: Float[Tensor, "height width"],
    other: Float[Tensor, "height width"],
    target: Float[Tensor, " class"],
    other_target: Float[Tensor, " class"],
    *,
    top: int,
    left: int,
    size: int,
) -> tuple[Float[Tensor, "height width"], Float[Tensor, " class"]]:
    """`image` with a square of `other` in it, and the targets mixed by the areas that are seen.

    The square starts at the row `top` and the column `left`; what exceeds the image is cut off.
    """
    inside = torch.zeros_like(image)
    inside[top : top + size, left : left + size] = 1
    weight = inside.mean()
    return torch.where(inside == 1, other, image), (1 - weight) * target + weight * other_target


images, digits = load_digits()
one_hot = torch.eye(10)[digits]
for top, left in ((0, 0), (6, 6)):
    image, target = paste(images[3], images[4], one_hot[3], one_hot[4], top=top, left=left, size=4)
    print(f"a square of a 4 in a 3, from row {top}: target", target[3:5].tolist())
    assert target.sum() == 1
assert torch.equal(image[:6], images[3, :6])
