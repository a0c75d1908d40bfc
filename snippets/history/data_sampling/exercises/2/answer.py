import torch
from jaxtyping import Float
from torch import Tensor


def count(
    bitmaps: Float[Tensor, "example height width"], *, block: int
) -> Float[Tensor, "example row column"]:
    """The share of ink in each block of `block` × `block` pixels; the sides are multiples of it."""
    return bitmaps.unflatten(2, (-1, block)).unflatten(1, (-1, block)).mean(dim=(2, 4))


x = torch.arange(32) + 0.5
ring = (x - 16).square() + (x[:, None] - 16).square()
bitmap = ((ring > 64) & (ring < 196)).float()
image = count(bitmap[None], block=4)[0]
print("\n".join(" ".join(f"{round(16 * share.item()):2}" for share in row) for row in image))
assert abs(image.mean() - bitmap.mean()) < 1e-6  # no ink is lost
assert ((image > 0) & (image < 1)).any()  # the edges are grey
