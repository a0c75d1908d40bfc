"""One picture of which five questions can be asked: coloured shapes, a person, and every truth.

A scene is drawn from numbers that are known, so each answer is exact, and there are as many scenes
as one likes. Shapes and person hide parts of each other, grey strokes clutter what lies behind
them, and sizes, colours and light vary. Of each object a third or more can be seen.
"""

import math
from typing import NamedTuple

import torch
from jaxtyping import Bool, Float, Int, UInt8
from torch import Tensor
from torch.nn import functional

SIZE = 48  # pixels, of both sides
KINDS = ("circle", "square", "triangle", "person")
COLOURS = ("red", "green", "blue", "yellow")
ACTIVITIES = ("standing", "waving", "running", "jumping", "sitting")
JOINTS = (
    *("head", "neck", "hip", "left elbow", "left hand", "right elbow", "right hand"),
    *("left knee", "left foot", "right knee", "right foot"),
)
NUM_SHAPES, PERSON = 4, 4  # a scene has slots for four shapes; the person is the object after them

# --8<-- [start:body] A body: bones from joint to joint, and how each activity holds them
PARENTS = (1, 2, None, 1, 3, 1, 5, 2, 7, 2, 9)  # the joint from which each joint hangs
LENGTHS = (0.13, 0.3, 0, 0.17, 0.17, 0.17, 0.17, 0.22, 0.22, 0.22, 0.22)  # in body heights
ANGLES = (  # in degrees from straight down to the right, for each of JOINTS
    (180, 180, 0, -18, -10, 18, 10, -9, -4, 9, 4),
    (180, 180, 0, -18, -10, 130, 170, -9, -4, 9, 4),
    (170, 170, 0, -50, 30, 50, 120, -40, -85, 50, 5),
    (180, 180, 0, -130, -150, 130, 150, -38, -25, 38, 25),
    (180, 180, 0, 35, 60, 45, 75, 75, 0, 90, 5),
)
# --8<-- [end:body]

RGB = ((0.9, 0.15, 0.15), (0.15, 0.75, 0.2), (0.2, 0.35, 0.95), (0.95, 0.85, 0.15))
LEFT_LIMBS = (1.0, 0.65, 0.4)  # their colour, as a share of the skin's: so left is not right
PIXELS = torch.arange(SIZE) + 0.5  # where the middles of the pixels are
CHUNK = 64  # scenes drawn at once, few enough for the processor's cache


class Scenes(NamedTuple):
    """Pictures and what is true of them. Positions are x, y in pixels from the top left corner.

    A box is left, top, right, bottom of the pixels that can be seen; its right and bottom are the
    first column and row beyond them. The box of an object that is not there is all zeros.
    """

    images: Float[Tensor, "scene channel height width"]  # red, green, blue in [0, 1]
    activities: Int[Tensor, " scene"]  # index into ACTIVITIES
    labels: UInt8[Tensor, "scene height width"]  # 0: background, k: KINDS[k - 1]
    objects: UInt8[Tensor, "scene height width"]  # 0: background, k: object k - 1 of this scene
    kinds: Int[Tensor, "scene object"]  # 0: not there, k: KINDS[k - 1]
    colours: Int[Tensor, "scene object"]  # index into COLOURS; -1: not there, or the person
    boxes: Float[Tensor, "scene object side"]
    joints: Float[Tensor, "scene joint axis"]
    visible: Bool[Tensor, "scene joint"]


# --8<-- [start:draw]
def draw(num_scenes: int, *, seed: int = 0) -> Scenes:
    """Scenes and all their truths. Fewer scenes of the same seed are the first of more.

    Raises:
        ValueError: If `num_scenes` is not a positive integer.
    """
    if not isinstance(num_scenes, int) or num_scenes < 1:
        raise ValueError(f"num_scenes must be a positive integer, got {num_scenes}")
    generator = torch.Generator().manual_seed(seed)
    parts, count = [], 0
    while count < num_scenes:
        parts.append(_draw_some(generator))
        count += len(parts[-1].images)
    return Scenes(*(torch.cat(truths)[:num_scenes] for truths in zip(*parts, strict=True)))


def _draw_some(generator: torch.Generator) -> Scenes:
    """Draw a chunk of scenes, and keep those in which no object is nearly hidden."""
    activities = torch.randint(len(ACTIVITIES), (CHUNK,), generator=generator)
    joints = _pose(activities, generator)
    kinds = torch.randint(1, 4, (CHUNK, 5), generator=generator)
    kinds *= torch.rand(kinds.shape, generator=generator) < 0.65
    kinds[:, PERSON] = 1 + KINDS.index("person")
    inside = torch.zeros(CHUNK, 5, SIZE, SIZE, dtype=torch.bool)
    inside[:, :NUM_SHAPES] = _shapes(kinds[:, :NUM_SHAPES], generator)
    inside[:, PERSON], left_limbs = _person(joints)
    objects = _topmost(inside, generator)
    colours = torch.randint(len(COLOURS), kinds.shape, generator=generator)
    images = _paint(objects, left_limbs, colours, generator)

    seen = objects[:, None] == torch.arange(1, 6, dtype=torch.uint8)[:, None, None]
    areas, seen_areas = inside.sum((2, 3)), seen.sum((2, 3))
    keep = ((3 * seen_areas >= areas) & (seen_areas >= 12) | (kinds == 0)).all(dim=1)
    labels = functional.pad(kinds, (1, 0)).gather(1, objects.flatten(1).long())
    column, row = joints.long().unbind(dim=-1)
    visible = objects[torch.arange(CHUNK)[:, None], row, column] == PERSON + 1
    colours = colours.masked_fill((kinds == 0) | (kinds == 4), -1)
    truths = (labels.view_as(objects).to(torch.uint8), objects, kinds, colours, boxes_of(seen))
    scenes = Scenes(images, activities, *truths, joints, visible)
    return Scenes(*(truth[keep] for truth in scenes))


# --8<-- [end:draw]


def boxes_of(masks: Bool[Tensor, "*batch height width"]) -> Float[Tensor, "*batch side"]:
    """Left, top, right and bottom of the pixels of each mask, in pixels; zeros for an empty mask.

    Raises:
        ValueError: If the masks are not boolean, or have no pixels.
    """
    if masks.dtype != torch.bool or masks.ndim < 2 or 0 in masks.shape[-2:]:
        raise ValueError(f"masks must be bool (…, height, width), got {masks.dtype} {masks.shape}")
    columns, rows = masks.any(dim=-2).byte(), masks.any(dim=-1).byte()
    left, top = columns.argmax(dim=-1), rows.argmax(dim=-1)
    right = masks.shape[-1] - columns.flip(-1).argmax(dim=-1)
    bottom = masks.shape[-2] - rows.flip(-1).argmax(dim=-1)
    boxes = torch.stack([left, top, right, bottom], dim=-1).float()
    return boxes * columns.any(dim=-1, keepdim=True)


def _uniform(low: float, high: float, *shape: int, generator: torch.Generator) -> Tensor:
    return low + (high - low) * torch.rand(CHUNK, *shape, generator=generator)


def _pose(activities: Tensor, generator: torch.Generator) -> Tensor:
    """Return joints (scene, joint, axis) of bodies that stand anywhere in the picture."""
    heights = _uniform(28.0, 38.0, 1, 1, generator=generator)
    angles = torch.tensor(ANGLES).float()[activities]
    angles += 10 * torch.randn(angles.shape, generator=generator)
    mirror = 2 * torch.randint(2, (CHUNK, 1), generator=generator) - 1
    ways = torch.stack([mirror * angles.deg2rad().sin(), angles.deg2rad().cos()], dim=-1)
    bones = ways * torch.tensor(LENGTHS)[:, None] * heights
    joints = torch.zeros(CHUNK, len(JOINTS), 2)
    for joint in (1, 0, 3, 4, 5, 6, 7, 8, 9, 10):  # each after the one from which it hangs
        joints[:, joint] = joints[:, PARENTS[joint]] + bones[:, joint]
    low, high = joints.amin(dim=1, keepdim=True) - 3, joints.amax(dim=1, keepdim=True) + 3
    room = (SIZE - (high - low)).clamp(min=0)
    return joints - low + room * _uniform(0.0, 1.0, 1, 2, generator=generator)


def _person(joints: Tensor) -> tuple[Tensor, Tensor]:
    """Return the pixels (scene, height, width) of the whole body, and of its left limbs."""
    torso = (joints[:, 1] - joints[:, 2]).norm(dim=1)
    body, left = _inside("circle", joints[:, 0], 0.3 * torso, torso), torch.tensor(False)
    for joint, parent in enumerate(PARENTS):
        if parent is not None and joint != 0:
            limb = _stroke(joints[:, parent], joints[:, joint], torch.full((CHUNK,), 1.3))
            body = body | limb
            left = left | limb if JOINTS[joint].startswith("left") else left
    return body, left


def _shapes(kinds: Tensor, generator: torch.Generator) -> Tensor:
    """Return the pixels (scene, shape, height, width) of the shapes that are there."""
    centres = _uniform(8.0, SIZE - 8.0, NUM_SHAPES, 2, generator=generator)
    radii = _uniform(4.5, 9.0, NUM_SHAPES, generator=generator)
    turns = _uniform(0.0, 2 * math.pi, NUM_SHAPES, generator=generator)
    inside = torch.zeros(CHUNK, NUM_SHAPES, SIZE, SIZE, dtype=torch.bool)
    for number, kind in enumerate(KINDS[:3], start=1):
        where = (kinds == number).nonzero(as_tuple=True)
        inside[where] = _inside(kind, centres[where], radii[where], turns[where])
    return inside


def _inside(kind: str, centres: Tensor, radii: Tensor, turns: Tensor) -> Tensor:
    x, y = (PIXELS - centres[:, :1])[:, None, :], (PIXELS - centres[:, 1:])[:, :, None]
    radius, cos, sin = radii[:, None, None], turns.cos()[:, None, None], turns.sin()[:, None, None]
    if kind == "circle":
        return x.square() + y.square() < radius.square()
    across, down = x * cos + y * sin, y * cos - x * sin
    if kind == "square":
        return (across.abs_() < 0.85 * radius) & (down.abs_() < 0.85 * radius)
    return (down < 0.6 * radius) & (across.abs_().mul_(3**0.5).sub_(down) < 1.2 * radius)


def _stroke(start: Tensor, end: Tensor, half_width: Tensor) -> Tensor:
    """Return the pixels (scene, height, width) that are near a straight line."""
    way = end - start
    way_x, way_y = way[:, 0, None, None], way[:, 1, None, None]
    squared = way.square().sum(dim=1)[:, None, None].clamp(min=1e-6)
    x, y = (PIXELS - start[:, :1])[:, None, :], (PIXELS - start[:, 1:])[:, :, None]
    along = (x * (way_x / squared) + y * (way_y / squared)).clamp_(0, 1)
    off_x, off_y = torch.addcmul(x, along, way_x, value=-1), along.mul_(-way_y).add_(y)
    return off_x.square_().addcmul_(off_y, off_y) < half_width.square()[:, None, None]


def _topmost(inside: Tensor, generator: torch.Generator) -> Tensor:
    """Return for each pixel 1 + the object that is seen there, 0 for none, in random depths."""
    depth = 1 + torch.rand(CHUNK, 5, generator=generator).argsort(dim=1)
    nearest = (inside * depth.byte()[:, :, None, None]).amax(dim=1)
    object_at = torch.zeros(CHUNK, 6, dtype=torch.uint8)
    object_at.scatter_(1, depth, torch.arange(1, 6, dtype=torch.uint8).expand(CHUNK, 5))
    return object_at.gather(1, nearest.flatten(1).long()).view(CHUNK, SIZE, SIZE)


def _paint(
    objects: Tensor, left_limbs: Tensor, colours: Tensor, generator: torch.Generator
) -> Tensor:
    """Return what a camera sees (scene, channel, height, width): tints, clutter, light, noise."""
    noise = torch.randn(CHUNK, 10, 3, generator=generator)
    grey = _uniform(0.1, 0.5, 1, 1, generator=generator)
    skin = 0.85 + 0.08 * noise[:, 5:6]
    clutter = _uniform(0.35, 0.7, 3, 1, generator=generator) + 0.03 * noise[:, 7:]
    shapes = torch.tensor(RGB)[colours[:, :NUM_SHAPES]] + 0.1 * noise[:, 1:5]
    left = skin * torch.tensor(LEFT_LIMBS)
    palette = torch.cat([grey + 0.06 * noise[:, :1], shapes, skin, left, clutter], dim=1)
    index = objects.masked_fill((objects == PERSON + 1) & left_limbs, 6)
    ends = _uniform(0.0, float(SIZE), 3, 2, 2, generator=generator)
    widths = _uniform(0.8, 1.6, 3, generator=generator)
    for k in range(3):
        stroke = _stroke(ends[:, k, 0], ends[:, k, 1], widths[:, k])
        index.masked_fill_((objects == 0) & stroke, 7 + k)
    pixels = index.view(CHUNK, 1, -1).long().expand(-1, 3, -1)
    images = palette.mT.gather(2, pixels).view(CHUNK, 3, SIZE, SIZE)
    coarse = 0.08 * torch.randn(CHUNK, 3, 5, 5, generator=generator)
    images = images + functional.interpolate(coarse, SIZE, mode="bilinear")
    for axis in (2, 3):  # a lens: a pixel gets a quarter of the light of either neighbour
        before, pixel, after = (images.narrow(axis, start, SIZE - 2) for start in range(3))
        pixel.copy_((before + after).mul_(0.25).add_(pixel, alpha=0.5))
    images *= _uniform(0.75, 1.15, 1, 1, 1, generator=generator)
    return torch.randn(images.shape, generator=generator).mul_(0.05).add_(images).clamp_(0, 1)
