"""Real photographs and textures that ship with scikit-image; colours that vary; digits on textures.

Source: the credits of the pictures stand in `skimage/data/README.txt`; the shift of colours is that
of Krizhevsky, Sutskever and Hinton, NIPS 2012, section 4.1; the digits are those of `mnist`.
"""

import math

import torch
from jaxtyping import Float, Int
from skimage import data
from torch import Tensor
from torch.nn import functional

from dlbasic.checks import require, require_tensor
from dlbasic.data.mnist import load_mnist

PHOTOGRAPHS = ("astronaut", "chelsea", "coffee", "rocket")  # in colour
TEXTURES = ("grass", "gravel", "brick")  # in grey, 512×512 pixels

Images = Float[Tensor, "image channel height width"]


# --8<-- [start:photograph]
def photograph(name: str, *, size: int = 256) -> Float[Tensor, "1 channel size size"]:
    """The middle of a real photograph whose shorter side was scaled to `size`; pixels in [0, 1].

    Raises:
        ValueError: If there is no such photograph, or `size` is not positive.
    """
    require(name in PHOTOGRAPHS, "name", f"one of {', '.join(PHOTOGRAPHS)}", name)
    require(size > 0, "size", "positive", size)
    pixels = torch.tensor(getattr(data, name)()).permute(2, 0, 1)[None] / 255
    sides = [round(side * size / min(pixels.shape[2:])) for side in pixels.shape[2:]]
    scaled = functional.interpolate(pixels, sides, mode="bilinear", antialias=True).clamp(0, 1)
    top, left = ((side - size) // 2 for side in sides)
    return scaled[:, :, top : top + size, left : left + size]


# --8<-- [end:photograph]


# --8<-- [start:colours]
def colour_components(images: Images) -> tuple[Float[Tensor, " 3"], Float[Tensor, "3 3"]]:
    """Eigenvalues λ, and eigenvectors p as columns, of the covariance of all pixels' colours.

    Raises:
        ValueError: If `images` is not finite, or has not three channels.
    """
    _require_colours(images)
    return torch.linalg.eigh(torch.cov(images.transpose(0, 1).flatten(1)))


def shift_colours(
    images: Images,
    components: tuple[Float[Tensor, " 3"], Float[Tensor, "3 3"]],
    *,
    generator: torch.Generator,
) -> Images:
    """Each image with one colour added to all its pixels: the sum of α λ p, where α ~ N(0, 0.1²).

    Raises:
        ValueError: As `colour_components`.
    """
    _require_colours(images)
    eigenvalues, p = components
    alpha = 0.1 * torch.randn(len(images), 3, generator=generator, dtype=images.dtype)
    return images + ((alpha * eigenvalues) @ p.T)[:, :, None, None]


# --8<-- [end:colours]


# --8<-- [start:digits_on_textures]
def digits_on_textures(
    *, contrast: float = 0.3, seed: int = 0
) -> tuple[Float[Tensor, "example channel height width"], Int[Tensor, " example"]]:
    """5,000 digits, each moved by up to 2 pixels, on a piece of a real texture; 28×28 pixels.

    Over all images the pixels have the mean 0 and the deviation 1. The order is random.

    Args:
        contrast: Deviation of the texture, if ink is 1.
        seed: Of the order, the moves and the pieces.

    Raises:
        ValueError: If `contrast` is negative or not finite.
    """
    require(0 <= contrast < math.inf, "contrast", "0 or more, finite", contrast)
    generator = torch.Generator().manual_seed(seed)
    ink, digits = load_mnist()
    order = torch.randperm(len(ink), generator=generator)
    textures = torch.stack([torch.tensor(getattr(data, name)()).float() for name in TEXTURES])
    textures -= textures.mean((1, 2), keepdim=True)
    textures /= textures.std((1, 2), keepdim=True)
    which = torch.randint(len(TEXTURES), (len(ink),), generator=generator)
    moved = _pieces(functional.pad(ink, (2, 2, 2, 2)), order, generator)
    images = moved + contrast * _pieces(textures, which, generator)
    return ((images - images.mean()) / images.std())[:, None], digits[order]


# --8<-- [end:digits_on_textures]


def _pieces(images: Tensor, which: Tensor, generator: torch.Generator) -> Tensor:
    """Return 28×28 pixels from anywhere in the images with these numbers."""
    top, left = (
        torch.randint(side - 27, (len(which), 1, 1), generator=generator)
        for side in images.shape[1:]
    )
    pixel = torch.arange(28)
    return images[which[:, None, None], top + pixel[:, None], left + pixel]


def _require_colours(images: Tensor) -> None:
    require_tensor("images", images, "image channel height width")
    require(images.shape[1] == 3, "the channels of images", "three", images.shape[1])
