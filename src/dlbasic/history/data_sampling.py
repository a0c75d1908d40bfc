"""Self-supervised data sampling: who knows how the data come about can make them (2020~).

Source: Jaderberg, Simonyan, Vedaldi and Zisserman, "Synthetic Data and Artificial Neural Networks
for Natural Scene Text Recognition", NIPS Deep Learning Workshop 2014, arXiv:1406.2227, for networks
that read, trained solely on what a renderer made.

Departs: one handwritten digit for a printed word in a photograph; strokes of a pen for fonts;
ten classes for a dictionary of 90,000 words; two convolutions on 8×8 pixels; Adam with one cycle.
"""

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from dlbasic.checks import require, require_indices, require_same_shape, require_tensor
from dlbasic.data.digits import Split, load_digits
from dlbasic.data.handwriting import (
    SIDE,
    Images,
    Segments,
    bend,
    distance,
    fit,
    hold,
    pen,
    scan,
    write,
)
from dlbasic.losses.cross_entropy import log_softmax

# --8<-- [start:data] Data: digits that a program writes
PIECES = ("shapes", "wobble", "posture", "size", "ink", "grey")


def render(
    segments: Segments, *, without: Collection[str] = (), generator: torch.Generator
) -> Images:
    """What the scanner makes of strokes, with all that is known of posture and scanner.

    Raises:
        ValueError: If `segments` is not finite, or `without` names an unknown piece.
    """
    require_tensor("segments", segments, "example segment end axis")
    _require_pieces(without)
    if "wobble" not in without:
        segments = bend(segments, generator=generator)
    if "posture" not in without:
        segments = hold(segments, generator=generator)
    if "size" in without:
        middle = (segments.amin(dim=(1, 2)) + segments.amax(dim=(1, 2))) / 2
        segments = 20 * (segments - middle[:, None, None]) + SIDE / 2  # 20 pixels high or so
    else:
        segments = fit(segments, generator=generator)
    distances = distance(segments)
    radius = torch.full_like(distances[:, 0, 0], 2.0)
    if "ink" not in without:
        share = 0.31 + 0.05 * torch.randn(len(segments), generator=generator)
        radius = pen(distances, share.clamp(0.1, 0.6))
    return scan(distances, radius, grey="grey" not in without)


def sample(digits: Int[Tensor, " example"], *, without: Collection[str] = (), seed: int) -> Images:
    """Images of handwritten digits that nobody has written.

    Raises:
        ValueError: If `digits` is not made of digits, or `without` names an unknown piece.
    """
    _require_pieces(without)
    generator = torch.Generator().manual_seed(seed)
    strokes = write(digits, first_form="shapes" in without, generator=generator)
    return render(strokes, without=without, generator=generator)


# --8<-- [end:data]


# --8<-- [start:model] Model: two convolutions and one linear layer, for several readers at once
def readers(number: int, *, seed: int = 0) -> nn.Sequential:
    """`number` networks side by side; images (example, reader, 8, 8) become ten logits each.

    Raises:
        ValueError: If `number` is not positive.
    """
    require(number >= 1, "number", "1 or more", number)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        layers = nn.Sequential(
            nn.Conv2d(number, 16 * number, 4, stride=2, padding=1, groups=number),  # 4×4 places
            nn.ReLU(),
            nn.Conv2d(16 * number, 48 * number, 3, groups=number),  # 2×2 places
            nn.ReLU(),
            nn.Conv2d(48 * number, 10 * number, 2, groups=number),  # one place: all of the image
            nn.Flatten(),
            nn.Unflatten(1, (number, 10)),
        )
    return nn.utils.convert_conv2d_weight_memory_format(layers, torch.channels_last)  # faster


# --8<-- [end:model]


# --8<-- [start:loss] Loss: the surprise at the digit that was written
def surprise(
    logits: Float[Tensor, "example reader class"], digits: Int[Tensor, "example reader"]
) -> Float[Tensor, " reader"]:
    """Negative log-likelihood of the digits in nats, averaged over the examples.

    Raises:
        ValueError: If the shapes do not fit, `logits` is not finite, or a class is not there.
    """
    require_tensor("logits", logits, "example reader class")
    require_indices("digits", digits, logits.shape[2], "example reader")
    require_same_shape("digits", digits, "the logits of a class", logits[..., 0])
    log_probabilities = log_softmax(logits.flatten(0, 1)).view_as(logits)
    return -log_probabilities.gather(2, digits[..., None])[..., 0].mean(dim=0)


# --8<-- [end:loss]


# --8<-- [start:algorithm] Algorithm: small batches of what was sampled, and one cycle of the rate
class Step(NamedTuple):
    """One update: its number, and the loss of each reader in nats on the batch before it."""

    step: int
    losses: Float[Tensor, " reader"]


def train(
    model: nn.Module,
    images: Float[Tensor, "example reader 8 8"],
    digits: Int[Tensor, "example reader"],
    *,
    steps: int = 250,
    batch_size: int = 32,
    learning_rate: float = 0.02,
    seed: int = 0,
) -> Iterator[Step]:
    """Update `model` in place with Adam, yielding one `Step` per update.

    Raises:
        ValueError: As `surprise`, if `images` is not finite, or a setting is not positive.
    """
    require_tensor("images", images, "example reader height width")
    require_same_shape("digits", digits, "images of one pixel", images[:, :, 0, 0])
    settings = {"steps": steps, "batch_size": batch_size, "learning_rate": learning_rate}
    require(min(settings.values()) > 0, "settings", "positive", settings)
    generator = torch.Generator().manual_seed(seed)
    optimizer = torch.optim.Adam(model.parameters(), lr=learning_rate, fused=True)
    cycle = torch.optim.lr_scheduler.OneCycleLR(optimizer, learning_rate, total_steps=steps)
    for step in range(steps):
        batch = torch.randint(len(images), (batch_size,), generator=generator)
        losses = surprise(model(images[batch]), digits[batch])
        yield Step(step, losses.detach())
        optimizer.zero_grad()
        losses.sum().backward()  # a reader's weights are in its own loss only
        optimizer.step()
        cycle.step()


# --8<-- [end:algorithm]


# --8<-- [start:test] Test: real digits, of which the renderer's author saw the validation set only
def deal(*, seed: int) -> Split:
    """1,000 real digits to learn from, 200 that were looked at, and 597 to measure with.

    The 200 are every ninth image, whatever the seed.
    """
    images, digits = load_digits()
    number = torch.arange(len(images))
    others = number[number % 9 != 0]
    order = torch.randperm(len(others), generator=torch.Generator().manual_seed(seed))
    learn, test = others[order[:1000]], others[order[1000:]]
    return Split(*((images[part], digits[part]) for part in (learn, number[::9], test)))


def few(digits: Int[Tensor, " example"], per_class: int) -> Int[Tensor, " chosen"]:
    """The numbers of the first `per_class` examples of each digit.

    Raises:
        ValueError: If there are not as many of each.
    """
    require_indices("digits", digits, 10, "example")
    places = [(digits == digit).nonzero()[:per_class, 0] for digit in range(10)]
    least = min(len(place) for place in places)
    require(0 < per_class == least, "per_class", f"from 1 to {least}", per_class)
    return torch.cat(places)


Examples = tuple[Images, Int[Tensor, " example"]]


def exam(
    lessons: Sequence[Examples], tests: Sequence[Examples], *, steps: int = 250, seed: int = 0
) -> Float[Tensor, " reader"]:
    """Accuracy of new readers, each with a lesson to train on and a test of its own.

    Raises:
        ValueError: As `train`, or if there are not as many lessons as tests.
    """
    require(
        len(lessons) == len(tests) > 0, "lessons", f"{len(tests)}, as many as tests", len(lessons)
    )
    (images, digits), (new, truths) = (
        (torch.stack(part, dim=1) for part in zip(*sets, strict=True)) for sets in (lessons, tests)
    )
    model = readers(len(tests), seed=seed)
    list(train(model, images, digits, steps=steps, seed=seed))
    with torch.no_grad():
        return (model(new).argmax(dim=2) == truths).float().mean(dim=0)


# --8<-- [end:test]


def _require_pieces(without: Collection[str]) -> None:
    require(set(without) <= set(PIECES), "without", f"made of {', '.join(PIECES)}", without)
