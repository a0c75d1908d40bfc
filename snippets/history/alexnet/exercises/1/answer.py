import torch
from jaxtyping import Float
from torch import Tensor


def ten_views(
    images: Float[Tensor, "image channel height width"], *, size: int
) -> Float[Tensor, "view image channel size size"]:
    """The four corners and the middle of each image, and these five mirrored, left to right."""
    down, right = images.shape[2] - size, images.shape[3] - size
    corners = [(0, 0), (0, right), (down, 0), (down, right), (down // 2, right // 2)]
    five = torch.stack([images[..., y : y + size, x : x + size] for y, x in corners])
    return torch.cat([five, five.flip(-1)])


pixels = torch.arange(64.0).view(1, 1, 8, 8)
views = ten_views(pixels, size=6)
print("top left pixel of each view:", views[:, 0, 0, 0, 0].int().tolist())
assert views.shape == (10, 1, 1, 6, 6)
assert torch.equal(views[5:].flip(-1), views[:5])
