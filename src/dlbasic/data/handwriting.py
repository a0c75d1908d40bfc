"""Handwritten digits that nobody wrote: strokes of a pen, a hand, and the scanner that reads them.

A digit is made of *segments*, straight pieces of strokes. Positions are x to the right and y down.
The scanner is that of `dlbasic.data.digits`: bitmaps of 32×32 pixels, whose ink is counted in
blocks of 4×4. The numbers in here were chosen while looking at every ninth of those digits.

Source: Catmull and Rom, "A Class of Local Interpolating Splines", in Computer Aided Geometric
Design, Academic Press 1974, for the curves.
"""

import math
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import matplotlib
import numpy as np
import torch
from jaxtyping import Float, Int
from PIL import Image, ImageDraw, ImageFont
from skimage.morphology import skeletonize
from torch import Tensor

from dlbasic.checks import require, require_indices, require_same_shape, require_tensor

Images = Float[Tensor, "example 8 8"]  # ink 1, paper 0
Segments = Float[Tensor, "example segment 2 2"]  # start and end, x and y
SIDE, CELL = 32, 2  # the scanner's bitmap in pixels, and the cells in which it is drawn
BOX = (0.62, 1.0)  # width and height of a digit before the scanner sees it

# --8<-- [start:forms] Forms: how digits are written
FORMS = {  # in hundredths of the box; a curve goes through its points, and "|" is a corner
    0: "50,0 20,15 8,50 20,85 50,100 80,85 92,50 80,15 50,0;"
    "62,4 30,8 8,45 22,88 50,100 82,85 92,45 75,8 48,2 35,12;"
    "45,0 15,20 8,60 30,98 70,95 92,50 78,10 45,0 30,8",
    1: "50,0 50,50 50,100;25,22 50,0|50,0 50,100;28,20 50,0|50,0 48,100|28,100 85,100;"
    "30,35 50,0|50,0 50,100|50,100 90,100;12,50 60,4|60,4 55,100;"
    "40,12 52,0|52,0 50,100|50,100 40,92",
    2: "12,25 35,3 70,5 80,30 50,65 8,100|8,100 92,100;25,20 50,3 65,25 48,62 18,98|18,98 98,96;"
    "12,22 40,0 78,18 60,60 25,95 8,88 25,78 55,92 92,96;"
    "15,10 50,0 75,20 60,55 15,95|15,95 50,92 98,100;"
    "15,20 50,0 82,18 75,45 40,75 10,100|10,100 60,95 95,88;"
    "10,8 60,0 80,20 65,50 30,80 12,98|12,98 90,98|90,98 92,88",
    3: "12,12 50,0 82,20 70,40 40,47|40,47 85,65 75,92 45,100 8,90;"
    "10,2 85,2|85,2 42,42|42,42 85,60 80,90 45,100 8,90;"
    "12,10 45,0 75,15 65,38 35,45 65,50 88,72 60,98 10,95;"
    "20,8 55,0 78,15 70,35 45,45|45,45 80,55 88,78 60,100 20,95 10,82;"
    "12,5 80,0|80,0 50,35|50,35 85,55 82,85 50,100 12,92;"
    "15,18 35,2 65,5 72,25 50,44 30,46|50,46 82,58 80,90 45,100 15,88",
    4: "48,0 8,60|8,60 92,58|78,28 55,100;62,100 62,0|62,0 8,62|8,62 95,62;"
    "40,0 10,55|10,55 90,55|65,5 60,100;28,0 12,40 25,58 88,45|82,15 60,100;"
    "55,0 10,60 20,75 50,72 82,32|82,32 55,100;30,0 22,45|22,45 90,50|75,5 70,100;"
    "58,0 12,58|12,58 85,62|60,35 55,100",
    5: "88,2 25,2|25,2 18,45|18,45 55,35 88,62 70,95 10,95;"
    "90,3 40,3 20,32 55,45 85,70 55,100 8,90;22,2 16,45|16,45 55,38 88,65 65,98 10,92|22,2 90,2;"
    "80,0 30,5|30,5 25,40|25,40 65,38 85,60 70,92 35,100 12,88;"
    "70,2 28,2|28,2 22,48|22,48 60,48 78,72 55,98 15,95;"
    "92,0 45,2 22,18 35,40 70,55 80,78 50,100 12,92",
    6: "70,0 30,25 10,65 30,98 75,95 88,70 60,52 18,68;"
    "45,0 20,40 12,75 40,100 80,90 78,62 45,55 15,78;"
    "60,0 25,40 15,75 35,98 70,92 75,68 50,60 20,80;"
    "80,5 45,10 18,45 12,80 45,100 85,85 80,60 45,52 16,70;"
    "50,0 18,55 20,90 55,100 80,80 65,58 30,62 18,80",
    7: "8,4 85,2|85,2 55,50 35,100;8,10 85,0|85,0 55,50 35,100|15,50 92,50;"
    "10,20 14,2|14,2 88,4|88,4 62,45 45,100|18,52 95,48;10,35 18,8 55,3 88,8|88,8 58,50 42,100;"
    "10,25 20,5 80,5|80,5 50,100|8,60 92,52;10,0 90,5|90,5 65,40 55,70 52,100;"
    "15,15 18,3|18,3 85,3|85,3 60,45 48,100|30,48 80,45",
    8: "80,15 50,0 20,18 45,45 85,75 50,100 15,78 55,45 82,20 72,6;"
    "50,0 20,22 50,45 80,22 50,0|50,45 12,72 50,100 88,72 50,45;"
    "85,5 45,2 20,22 55,48 80,80 50,100 20,80 50,48 88,8;"
    "70,8 40,0 22,18 40,40 75,62 78,88 50,100 22,85 28,60 65,38 80,18 65,4;"
    "50,0 25,12 30,38 50,48 70,38 75,12 50,0|50,48 20,65 22,92 50,100 78,92 80,65 50,48;"
    "30,10 60,0 80,18 50,45 18,75 40,100 78,88 75,62 45,42 22,22 35,5",
    9: "82,18 50,0 12,25 40,50 80,28 85,8|85,8 75,55 50,100;"
    "82,15 50,0 12,25 35,48 78,32 84,10|84,10 84,65 60,98 15,92;"
    "80,10 40,0 10,25 40,45 80,25|80,25 85,70 50,100 8,88;"
    "78,15 50,0 22,20 42,42 75,30 80,12|80,12 90,60 82,92 45,100 10,95 14,80;"
    "88,4 45,8 10,42 40,50 86,6|86,6 60,100;"
    "75,30 50,42 22,30 25,8 55,0 78,15 76,30|78,20 76,60 72,100;"
    "80,22 55,2 25,10 20,32 45,45 75,35|80,15 72,60 40,98;"
    "72,5 35,2 15,25 35,42 65,35 78,12|78,12 75,100",
}


# --8<-- [end:forms]


# --8<-- [start:hand] Hand: forms, waves, posture
def write(
    digits: Int[Tensor, " example"], *, first_form: bool = False, generator: torch.Generator
) -> Segments:
    """The strokes of handwritten digits as straight pieces, in a box of height and width 1.

    Args:
        digits: What to write.
        first_form: Write each digit in its first form only.
        generator: Chooses among the forms.

    Raises:
        ValueError: If `digits` is not made of digits, or is empty.
    """
    _require_digits(digits)
    forms = _forms()
    fits = forms.digits == digits[:, None]
    if first_form:
        fits &= forms.digits.diff(prepend=torch.tensor([-1])) == 1
    form = torch.multinomial(fits.float(), 1, generator=generator)[:, 0]
    return forms.segments[form]


def bend(segments: Segments, *, generator: torch.Generator) -> Segments:
    """The same on paper that four slow waves run through: no hand draws the same line twice.

    Raises:
        ValueError: If `segments` is not finite or not (example, segment, end, axis).
    """
    _require_segments(segments)
    noise = torch.randn(5, len(segments), 4, generator=generator, dtype=segments.dtype)
    waves, heights = noise[:2].movedim(0, -1), 0.05 * noise[2:4].movedim(0, -1)
    phases = segments.flatten(1, 2) @ waves.mT + noise[4][:, None]
    return segments + ((2 * math.pi * phases).sin() @ heights).view_as(segments)


def hold(segments: Segments, *, generator: torch.Generator) -> Segments:
    """The same, wider or narrower, slanted and turned: how somebody holds pen and paper.

    Raises:
        ValueError: If `segments` is not finite or not (example, segment, end, axis).
    """
    _require_segments(segments)
    noise = torch.randn(3, len(segments), 1, 1, generator=generator, dtype=segments.dtype)
    width, slant, turn = (0.25 * noise[0]).exp(), 0.15 * noise[1], 0.12 * noise[2]
    x, y = (segments - torch.tensor(BOX) / 2).unbind(dim=-1)
    x = width * x - slant * y
    return torch.stack([turn.cos() * x - turn.sin() * y, turn.sin() * x + turn.cos() * y], dim=-1)


# --8<-- [end:hand]


# --8<-- [start:fit] Scanner: a digit of standard size
def fit(segments: Segments, *, generator: torch.Generator) -> Segments:
    """The same, stretched to about 19 × 28 pixels around the middle of the bitmap.

    The width grows at most 1.8 times as much as the height, lest a 1 become a blot.

    Raises:
        ValueError: If `segments` is not finite or not (example, segment, end, axis).
    """
    _require_segments(segments)
    low, high = segments.amin(dim=(1, 2)), segments.amax(dim=(1, 2))
    size, shift = torch.randn(2, len(segments), 2, generator=generator, dtype=segments.dtype)
    box = torch.tensor([19.0, 28.0]) + torch.tensor([2.0, 1.0]) * size
    scale = box / (high - low).clamp(min=1e-3)
    scale[:, 0] = torch.minimum(scale[:, 0], 1.8 * scale[:, 1])
    offset = SIDE / 2 + 0.6 * shift - scale * (low + high) / 2
    return segments * scale[:, None, None] + offset[:, None, None]


# --8<-- [end:fit]


# --8<-- [start:distance] How far is each cell of the bitmap from the nearest stroke?
def distance(segments: Segments) -> Float[Tensor, "example row column"]:
    """Pixels from the middle of each cell of the bitmap to the nearest point of any segment.

    Raises:
        ValueError: If `segments` is not finite or not (example, segment, end, axis).
    """
    _require_segments(segments)
    return torch.cat([_nearest(some) for some in segments.split(64)])  # the cache holds so many


def _nearest(segments: Segments) -> Float[Tensor, "example row column"]:
    start, end = segments.unbind(dim=2)
    length = (end - start).norm(dim=-1, keepdim=True)
    way = (end - start) / length.clamp(min=1e-9)
    way[..., 0] += length[..., 0] == 0  # a dot is a segment of length 0, whose way may be any
    middles = torch.arange(CELL / 2, SIDE, CELL, dtype=segments.dtype)
    x, y = (middles - start[..., None]).unbind(dim=2)  # of the columns, and of the rows
    way_x, way_y = way[..., :1], way[..., 1:]
    along = (x * way_x)[..., None, :] + (y * way_y)[..., :, None]
    across = (x * way_y)[..., None, :] - (y * way_x)[..., :, None]
    beyond = along - torch.minimum(along.clamp(min=0), length[..., None])
    return across.square_().addcmul_(beyond, beyond).amin(dim=1).sqrt()


# --8<-- [end:distance]


# --8<-- [start:scan] Scanner: ink, counted in blocks
def scan(
    distances: Float[Tensor, "example row column"],
    radius: Float[Tensor, " example"],
    *,
    grey: bool = True,
) -> Images:
    """The share of each block of the bitmap that is within the pen's radius; without grey 0 or 1.

    Raises:
        ValueError: If `distances` is not a finite bitmap, or not as many as there are radii.
    """
    require_tensor("distances", distances, "example row column")
    require_same_shape("radius", radius, "distances of one cell", distances[:, 0, 0])
    side = SIDE // CELL
    cells = tuple(distances.shape[1:])
    require(cells == (side, side), "distances", f"of {side}×{side} cells", cells)
    ink = ((radius[:, None, None] - distances) / CELL + 0.5).clamp(0, 1)  # the edge may cut a cell
    blocks = ink.unflatten(1, (8, -1)).unflatten(3, (8, -1)).mean(dim=(2, 4))
    return blocks if grey else (blocks >= 0.5).to(blocks.dtype)


def pen(
    distances: Float[Tensor, "example row column"], share: Float[Tensor, " example"]
) -> Float[Tensor, " example"]:
    """The radius with which this share of the cells is nearer to a stroke than the radius.

    Raises:
        ValueError: If `share` is not in [0, 1), or not as many as `distances`.
    """
    require_tensor("distances", distances, "example row column")
    require_same_shape("share", share, "distances of one cell", distances[:, 0, 0])
    require(bool(((share >= 0) & (share < 1)).all()), "share", "in [0, 1)", share)
    cells = distances.flatten(1).sort(dim=1).values
    return cells.gather(1, (share * cells.shape[1]).long()[:, None])[:, 0]


# --8<-- [end:scan]


# --8<-- [start:fonts] Fonts: digits of those who know of letters, not of handwriting
FONTS = (
    *(f"DejaVu{face}" for face in ("Sans", "Sans-Bold", "Sans-Oblique", "Sans-BoldOblique")),
    *(f"DejaVuSansMono{face}" for face in ("", "-Bold", "-Oblique", "-BoldOblique")),
    *(f"DejaVuSerif{face}" for face in ("", "-Bold", "-Italic", "-BoldItalic")),
    *(f"STIXGeneral{face}" for face in ("", "Bol", "Italic", "BolIta")),
    *("cmr10", "cmb10", "cmss10", "cmtt10"),
)


@cache
def glyph(font: str, digit: int) -> Float[Tensor, "32 32"]:
    """A printed digit in the middle of the bitmap, about 24 pixels high, ink 1.

    Raises:
        ValueError: If `font` is not the name of a file that matplotlib ships.
    """
    file = Path(matplotlib.get_data_path()) / "fonts" / "ttf" / f"{font}.ttf"
    require(file.is_file(), "font", "the name of a font of matplotlib", font)
    picture = Image.new("L", (SIDE, SIDE))
    face = ImageFont.truetype(str(file), SIDE)
    ImageDraw.Draw(picture).text((SIDE / 2, SIDE / 2), str(digit), 255, face, anchor="mm")
    return torch.tensor(np.asarray(picture), dtype=torch.float32) / 255


def typeset(digits: Int[Tensor, " example"], fonts: Sequence[str]) -> Images:
    """Printed digits, the fonts taking turns, each pixel the mean of its block of the bitmap.

    Raises:
        ValueError: If `digits` is not made of digits, or there is no such font.
    """
    printed = _printed(digits, fonts)
    return printed.unflatten(1, (8, -1)).unflatten(3, (8, -1)).mean(dim=(2, 4))


def trace(digits: Int[Tensor, " example"], fonts: Sequence[str]) -> Segments:
    """The middle lines of printed digits as dots, so that `render` can write them with a pen.

    Raises:
        ValueError: As `typeset`.
    """
    lines = [skeletonize(image.numpy() > 0.5).nonzero() for image in _printed(digits, fonts)]
    most = max(len(rows) for rows, _ in lines)
    dots = np.stack([np.resize(np.stack([x, y], axis=1), (most, 2)) for y, x in lines])
    return torch.tensor(dots / 24, dtype=torch.float32)[:, :, None].expand(-1, -1, 2, -1)


# --8<-- [end:fonts]


class _Forms(NamedTuple):
    digits: Tensor  # the digit of each form
    segments: Tensor  # (form, segment, end, axis)


@cache
def _forms() -> _Forms:
    """Read FORMS. The last segment of a form is repeated until all have as many."""
    digits, segments = [], []
    for digit, texts in FORMS.items():
        for strokes in texts.split(";"):
            digits.append(digit)
            segments.append(torch.cat([_curve(stroke) for stroke in strokes.split("|")]))
    most = max(map(len, segments))
    filled = [torch.cat([some, some[-1:].expand(most - len(some), 2, 2)]) for some in segments]
    return _Forms(torch.tensor(digits), torch.stack(filled) * torch.tensor(BOX))


def _curve(stroke: str) -> Float[Tensor, "segment 2 2"]:
    """Halves of the pieces of a Catmull-Rom curve through the points, or one straight line."""
    points = torch.tensor([[float(c) / 100 for c in p.split(",")] for p in stroke.split()])
    if len(points) == 2:
        return points[None]
    padded = torch.cat([points[:1], points, points[-1:]])
    before, start, end, after = (padded[k : len(points) + k - 1] for k in range(4))
    middle = (9 * (start + end) - before - after) / 16
    halves = torch.stack([torch.stack([start, middle]), torch.stack([middle, end])])
    return halves.permute(2, 0, 1, 3).flatten(0, 1)


def _require_digits(digits: Tensor) -> None:
    require_indices("digits", digits, 10, "example")


def _require_segments(segments: Tensor) -> None:
    require_tensor("segments", segments, "example segment end axis")
    ends = tuple(segments.shape[2:])
    require(ends == (2, 2), "segments", "(example, segment, 2, 2)", tuple(segments.shape))


def _printed(digits: Tensor, fonts: Sequence[str]) -> Tensor:
    _require_digits(digits)
    require(len(fonts) > 0, "fonts", "one or more", fonts)
    pairs = enumerate(digits.tolist())
    return torch.stack([glyph(fonts[k % len(fonts)], digit) for k, digit in pairs])
