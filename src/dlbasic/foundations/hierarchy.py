"""One task solved three ways: by rules written by hand, by learned rules, by learned features.

The task is to say which digit an image shows. An image is (height, width), ink 1 and paper 0.

Source: the rules are this course's own, written while looking at the second set of `deal` and at
no other image.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

import torch
from jaxtyping import Float, Int
from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from dlbasic.checks import require_same_shape, require_tensor
from dlbasic.data.digits import Split, load_digits
from dlbasic.losses.loss_and_goal import Step

_all_digits = cache(load_digits)  # reading them takes longer than dealing them out
Images = Float[Tensor, "example height width"]
Stacks = Float[Tensor, "example network height width"]  # an image for each of several networks


def deal(*, seed: int) -> Split:
    """1,000 images to learn from, 377 to look at and to choose with, and 420 to measure with.

    The 377 are the same for every seed: the first 200, and every ninth of the others.
    """
    images, digits = _all_digits()
    number = torch.arange(len(images))
    looked_at = (number < 200) | (number % 9 == 0)
    others = number[~looked_at]
    order = torch.randperm(len(others), generator=torch.Generator().manual_seed(seed))
    learn, test = others[order[:1000]], others[order[1000:]]
    return Split(*((images[part], digits[part]) for part in (learn, looked_at, test)))


# --8<-- [start:look]
class Look(NamedTuple):
    """What the rules look at, each in pixels and one per image.

    Paper in an eye has ink on all four sides, paper in a bay has it on all but the left or right.
    """

    eye_top: Tensor
    eye_low: Tensor
    left_top: Tensor
    left_low: Tensor
    right_top: Tensor
    right_low: Tensor
    top_ink: Tensor
    mid_ink: Tensor
    low_ink: Tensor
    top_width: Tensor
    mid_width: Tensor
    low_width: Tensor


def look(images: Images) -> Look:
    """Eyes, bays, ink per row and width, in the halves or thirds of the rows that hold ink.

    Raises:
        ValueError: If `images` is not finite, or one of them is blank or has negative ink.
    """
    ink = _require_ink(images)
    thirds, halves = _bands(ink, 3), _bands(ink, 2)
    amounts = [(ink * band).sum((1, 2)) / band.sum((1, 2)).clamp(min=1) for band in thirds]
    widths = [(ink * band).amax(1).sum(1) for band in thirds]
    paper = [(kind * half).sum((1, 2)) for kind in eyes_and_bays(ink) for half in halves]
    return Look(*paper, *amounts, *widths)


def features(images: Images) -> Float[Tensor, "example feature"]:
    """What the rules look at, as one row of numbers per image.

    Raises:
        ValueError: As `look`.
    """
    return torch.stack(look(images), dim=1)


def eyes_and_bays(images: Images) -> tuple[Images, Images, Images]:
    """Of each pixel, how much paper of an eye it is, of a bay open to the left, and to the right.

    That is by how much the lightest of the walls around it is darker than what is not a wall.

    Raises:
        ValueError: As `look`.
    """
    ink = _require_ink(images)
    left, above = ink.cummax(2).values, ink.cummax(1).values  # the darkest pixel on that side
    right, below = ink.flip(2).cummax(2).values.flip(2), ink.flip(1).cummax(1).values.flip(1)
    roof_and_floor = torch.minimum(above, below)
    eye = torch.minimum(roof_and_floor, torch.minimum(left, right)) - ink
    bay_left = (torch.minimum(roof_and_floor, right) - left).clamp(min=0)
    return eye, bay_left, (torch.minimum(roof_and_floor, left) - right).clamp(min=0)


# --8<-- [end:look]
# --8<-- [start:rules]
def signs(a: Look) -> dict[int, list[Tensor]]:
    """For each digit, five signs of it, true or false for each image."""
    eye, left, right = a.eye_top + a.eye_low, a.left_top + a.left_low, a.right_top + a.right_low
    return {
        0: [eye > 3.5, a.eye_top > 1.2, a.eye_low > 1.2, left < 1, a.mid_ink < 3],
        6: [a.eye_top < 0.2, a.eye_low > 0.2, a.right_top > 0.8, left < 0.4, a.low_ink > 2.6],
        4: [a.eye_top > 0.2, left < 0.4, a.mid_ink > 2.9, a.mid_width > 4.2, a.low_ink < 2],
        9: [a.eye_top > 0.1, a.left_top < 1, a.left_low > 1, right < 0.4, a.low_ink < 3.3],
        5: [eye < 0.8, a.right_top > 1.3, a.left_low > 1, a.left_top < 0.5, a.right_low < 0.5],
        7: [a.left_top > 1.2, a.left_low < 2, a.mid_ink > 2.3, a.low_ink < 1.7, a.low_width < 2.2],
        3: [a.left_top > 1.2, a.left_low > 3, a.right_low < 0.7, a.mid_ink < 2, a.low_ink > 2],
        2: [a.left_top > 0.8, a.right_low > 0.4, a.left_low < 3, a.mid_ink < 2.2, a.low_ink > 2.4],
        8: [a.eye_top > 0.1, a.eye_low > 0.1, a.eye_low < 1.8, a.right_low > 0.3, left < 2],
        1: [eye < 0.2, left < 0.8, a.right_top < 0.7, a.top_width < 4, a.mid_width < 4.3],
    }


def read_by_rules(images: Images) -> Int[Tensor, " example"]:
    """The digit that shows most of its signs; of equals, the one that `signs` lists first.

    Raises:
        ValueError: As `look`.
    """
    of_each = signs(look(images))
    votes = torch.stack([torch.stack(found).sum(dim=0) for found in of_each.values()])
    return torch.tensor(list(of_each))[votes.argmax(dim=0)]


# --8<-- [end:rules]
# --8<-- [start:network]
def network(number: int = 1, *, seed: int = 0) -> nn.Sequential:
    """`number` small convolutional networks side by side, each with a channel of its own.

    Images (example, network, height, width) become ten logits each, (example, network, class).

    Raises:
        ValueError: If `number` is not positive.
    """
    _require_size("number", number, 1)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = nn.Sequential(
            nn.Conv2d(number, 16 * number, kernel_size=4, stride=2, padding=1, groups=number),
            nn.ReLU(),  # 16 features, each of 4×4 pixels
            nn.Conv2d(16 * number, 64 * number, kernel_size=3, groups=number),
            nn.ReLU(),  # 64 features, each made of 3×3 places of those 16
            nn.AdaptiveMaxPool2d(1),  # how strong a feature is where it is strongest
            nn.Conv2d(64 * number, 10 * number, kernel_size=1, groups=number),
            nn.Flatten(),
            nn.Unflatten(1, (number, 10)),
        )
    return nn.utils.convert_conv2d_weight_memory_format(model, torch.channels_last)  # faster


def train(
    model: nn.Module,
    images: Stacks,
    digits: Int[Tensor, "example network"],
    *,
    steps: int = 250,
    learning_rate: float = 0.02,
    seed: int = 0,
) -> Iterator[Step]:
    """Update `model` in place with Adam, its learning rate up and down in one cycle.

    A `Step` holds the loss of 32 images, in nats, averaged over the networks. The networks do not
    influence each other.

    Raises:
        ValueError: If `images` is not finite, there are not as many `digits`, or a setting is not
            positive.
    """
    require_tensor("images", images, "example network height width")
    require_same_shape("digits", digits, "images without pixels", images[:, :, 0, 0])
    if not min(steps, learning_rate) > 0:
        raise ValueError(f"steps and learning_rate must be positive, got {steps}, {learning_rate}")
    generator = torch.Generator().manual_seed(seed)
    optimizer = torch.optim.Adam(model.parameters(), lr=learning_rate, fused=True)
    cycle = torch.optim.lr_scheduler.OneCycleLR(optimizer, learning_rate, total_steps=steps)
    for step in range(steps):
        batch = torch.randperm(len(images), generator=generator)[:32]
        loss = cross_entropy(model(images[batch]).flatten(0, 1), digits[batch].flatten())
        yield Step(step, loss.item())
        optimizer.zero_grad()
        (loss * images.shape[1]).backward()  # a network's gradient is that of its own mean
        optimizer.step()
        cycle.step()


def learn_and_read(
    images: Stacks,
    digits: Int[Tensor, "example network"],
    tests: Float[Tensor, "test network height width"],
    *,
    steps: int = 250,
) -> Int[Tensor, "test network"]:
    """What new networks read in `tests`, after each has learned from its own images.

    Raises:
        ValueError: As `train`, and if `tests` is not finite or not for as many networks.
    """
    require_tensor("tests", tests, "test network height width")
    if tests.shape[1] != images.shape[1]:
        raise ValueError(f"tests must be for {images.shape[1]} networks, got {tests.shape[1]}")
    model = network(images.shape[1])
    list(train(model, images, digits, steps=steps))
    with torch.no_grad():
        return model(tests).argmax(dim=2)


# --8<-- [end:network]
def alter(images: Images, *, seed: int) -> Float[Tensor, "image height width"]:
    """The images four times: as they are, one pixel to the right, 3×3 pixels covered, with noise.

    Raises:
        ValueError: If `images` is not finite or smaller than 3×3.
    """
    require_tensor("images", images, "example height width")
    number, height, width = images.shape
    _require_size("the smaller side of images", min(height, width), 3)
    generator = torch.Generator().manual_seed(seed)
    moved = nn.functional.pad(images, (1, -1))  # what leaves the image is lost
    row = torch.randint(height - 2, (number, 1, 1), generator=generator)
    column = torch.randint(width - 2, (number, 1, 1), generator=generator)
    covered, square = images.clone(), torch.arange(3)
    covered[torch.arange(number)[:, None, None], row + square[:, None], column + square] = 0
    noise = torch.randn(images.shape, generator=generator, dtype=images.dtype)
    return torch.cat([images, moved, covered, (images + 0.3 * noise).clamp(0, 1)])


def place(
    images: Images, *, size: int, specks: int, generator: torch.Generator
) -> Float[Tensor, "example size size"]:
    """Each image somewhere on a larger square of paper with `specks` single pixels of ink.

    Two specks may fall on one pixel, and a speck on the digit.

    Raises:
        ValueError: If `images` is not finite or larger than `size`, or `specks` is negative.
    """
    require_tensor("images", images, "example height width")
    number, height, width = images.shape
    _require_size("size", size, max(height, width))
    _require_size("specks", specks, 0)
    canvas = torch.zeros(number, size, size, dtype=images.dtype)
    each = torch.arange(number)[:, None, None]
    row = torch.randint(size - height + 1, (number, 1, 1), generator=generator)
    column = torch.randint(size - width + 1, (number, 1, 1), generator=generator)
    canvas[each, row + torch.arange(height)[:, None], column + torch.arange(width)] = images
    dots = torch.randint(size, (2, number, specks), generator=generator)
    canvas[each[:, 0], dots[0], dots[1]] = 1
    return canvas


def draw_nested(axes: Axes, texts: Sequence[str]) -> None:
    """Draw one rounded box inside the other, each with its text in its upper part."""
    number = len(texts)
    for k, text in enumerate(texts):
        size = (10 - 0.6 * k, number - 1.15 * k)
        box = FancyBboxPatch((0.3 * k, 0.15 * k), *size, boxstyle="round,pad=0.1")
        axes.add_patch(box).set(facecolor="none", edgecolor=f"C{k}", linewidth=2)
        axes.text(5, number - k - 0.45, text, ha="center", va="center")
    axes.set(xlim=(-0.2, 10.2), ylim=(-0.2, number + 0.2))
    axes.axis("off")


def _require_size(name: str, size: int, least: int) -> None:
    if size < least:
        raise ValueError(f"{name} must be at least {least}, got {size}")


def _bands(ink: Tensor, number: int) -> list[Tensor]:
    """Masks (example, height, 1) that cut the rows with ink into `number` bands, top first."""
    dark = (ink.amax(2) > 0.25).int()
    first = dark.argmax(1, keepdim=True)
    height = ink.shape[1] - dark.flip(1).argmax(1, keepdim=True) - first
    band = (number * (torch.arange(ink.shape[1]) - first)).div(height, rounding_mode="floor")
    return [(band == k).to(ink.dtype)[:, :, None] for k in range(number)]


def _require_ink(images: Tensor) -> Tensor:
    require_tensor("images", images, "example height width")
    if images.min() < 0:
        raise ValueError(f"images must hold no negative ink, got {images.min():.3g}")
    darkest = images.amax((1, 2), keepdim=True)
    if darkest.min() == 0:
        raise ValueError(f"images must each hold ink, got {int((darkest == 0).sum())} blank ones")
    return images / darkest
