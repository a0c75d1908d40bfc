"""SimCLR: features from pictures without labels, by telling which two views show the same (2020).

Source: Chen, Kornblith, Norouzi and Hinton, "A Simple Framework for Contrastive Learning of Visual
Representations", ICML 2020, arXiv:2002.05709.

Departs: 5,000 painted digits of 28×28 pixels for ImageNet, views of 14×14; crops of at least 60%
of a picture, no flip and no blur; hue turns about the grey axis of the colour cube; a network of
three convolutions for ResNet-50; batches of 128; Adam with a rate that falls in a line, for LARS.
"""

import math
from collections.abc import Callable, Iterator
from typing import NamedTuple

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn import functional

from dlbasic.checks import require, require_indices, require_pair, require_tensor
from dlbasic.data.mnist import load_mnist
from dlbasic.losses.cross_entropy import cross_entropy

SIZE = 14  # of a view, in pixels
Images = Float[Tensor, "batch channel height width"]  # red, green, blue in [0, 1]
View = Callable[..., Tensor]  # called with images and generator=; returns one view of each


# --8<-- [start:data] Data: painted digits, and two random views of each (sec. 2.1, appendix A)
def paint(ink: Float[Tensor, "batch height width"], *, generator: torch.Generator) -> Images:
    """Give each drawing a bright pen and a dark ground, two random colours of its own.

    Raises:
        ValueError: If `ink` is not (batch, height, width) in [0, 1].
    """
    require_tensor("ink", ink, "batch height width")
    require(ink.min() >= 0 and ink.max() <= 1, "ink", "in [0, 1]", f"up to {ink.abs().max():.4g}")
    ground, pen = 0.5 * torch.rand(2, len(ink), 3, 1, 1, generator=generator)
    return torch.lerp(ground, 0.5 + pen, ink[:, None])


def crop(images: Images, *, generator: torch.Generator, smallest: float = 0.6) -> Images:
    """Cut a box out of each image, and bring it to SIZE×SIZE pixels.

    The box has at least the part `smallest` of the area, and is up to a third longer than wide or
    wider than long, but no longer than the image.

    Raises:
        ValueError: If `images` is not three channels in [0, 1], or `smallest` not in (0, 1].
    """
    _require_images(images)
    require(0 < smallest <= 1, "smallest", "in (0, 1]", smallest)
    area, ratio, x, y = torch.rand(4, len(images), generator=generator)
    area, ratio = smallest + (1 - smallest) * area, (4 / 3) ** (2 * ratio - 1)
    width, height = (area * ratio).sqrt().clamp(max=1), (area / ratio).sqrt().clamp(max=1)
    boxes = torch.zeros(len(images), 2, 3)  # scale and centre by axis; the image is from -1 to 1
    boxes[:, 0, 0], boxes[:, 0, 2] = width, (1 - width) * (2 * x - 1)
    boxes[:, 1, 1], boxes[:, 1, 2] = height, (1 - height) * (2 * y - 1)
    grid = functional.affine_grid(boxes, [len(images), 3, SIZE, SIZE], align_corners=False)
    return functional.grid_sample(images, grid, padding_mode="border", align_corners=False)


def distort_colour(images: Images, *, generator: torch.Generator, strength: float = 1.0) -> Images:
    """Change brightness, contrast, saturation and hue of four in five; make one in five grey.

    Raises:
        ValueError: If `images` is not three channels in [0, 1], or `strength` not in [0, 1].
    """
    _require_images(images)
    require(0 <= strength <= 1, "strength", "in [0, 1]", strength)
    chances = torch.rand(6, len(images), 1, 1, 1, generator=generator)
    brightness, contrast, saturation, turn = strength * (2 * chances[:4] - 1)
    grey = images.mean(dim=1, keepdim=True)
    level = grey.mean(dim=(2, 3), keepdim=True)
    colour = turn_hue(images - grey, turns=0.2 * turn) * (1 + 0.8 * saturation)
    changed = level + 0.4 * brightness + (1 + 0.8 * contrast) * (grey - level + colour)
    distorted = torch.where(chances[4] < 0.8, changed.clamp(0, 1), images)
    return torch.where(chances[5] < 0.2, distorted.mean(dim=1, keepdim=True), distorted)


def turn_hue(colour: Images, *, turns: Tensor) -> Images:
    """Turn red, green, blue about the axis of grey: a third of a turn makes green of red."""
    angle, across = 2 * math.pi * turns, (colour.roll(1, dims=1) - colour.roll(-1, dims=1)) / 3**0.5
    return angle.cos() * colour + angle.sin() * across


def random_view(images: Images, *, generator: torch.Generator) -> Images:
    """Crop, then distort the colours: the composition that the paper ends with.

    Raises:
        ValueError: If `images` is not three channels in [0, 1].
    """
    return distort_colour(crop(images, generator=generator), generator=generator)


def whole(images: Images, *, generator: torch.Generator | None = None) -> Images:
    """Return the whole image in SIZE×SIZE pixels: the view in which nothing is random.

    Raises:
        ValueError: If `images` is not three channels in [0, 1].
    """
    _require_images(images)
    return functional.adaptive_avg_pool2d(images, SIZE)


# --8<-- [end:data]
# --8<-- [start:pictures]
class Pictures(NamedTuple):
    """Painted digits to train on and to test on, and what each shows."""

    images: Images
    digits: Int[Tensor, " example"]
    test_images: Images
    test_digits: Int[Tensor, " test"]


def pictures(*, seed: int) -> Pictures:
    """Return 4,000 painted digits to train on and 1,000 to test on; the seed deals and paints."""
    generator = torch.Generator().manual_seed(seed)
    ink, digits = load_mnist()
    order = torch.randperm(len(ink), generator=generator)
    images, digits = paint(ink[order], generator=generator), digits[order]
    return Pictures(images[:4000], digits[:4000], images[4000:], digits[4000:])


def few(digits: Int[Tensor, " example"], *, each: int, seed: int) -> Int[Tensor, " few"]:
    """Return where `each` random examples of every class stand, one class after another.

    Raises:
        ValueError: If `digits` is not made of indices, or a class has fewer than `each` examples.
    """
    require_indices("digits", digits, 10, "example")
    rarest = int(digits.bincount().min())
    require(1 <= each <= rarest, "each", f"from 1 to {rarest}, as the rarest class has", each)
    order = torch.randperm(len(digits), generator=torch.Generator().manual_seed(seed))
    return torch.cat([order[digits[order] == k][:each] for k in digits.unique()])


# --8<-- [end:pictures]
# --8<-- [start:model] Model: h = f(x) is kept, z = g(h) serves the loss alone (sec. 2.1)
class Encoder(nn.Sequential):
    """f: three convolutions that halve the grid, and the average over all places."""

    def __init__(self, *, channels: int = 16) -> None:
        layers, sizes = [], (3, channels, 2 * channels, 4 * channels)
        for inputs, outputs, side in zip(sizes, sizes[1:], (5, 3, 3), strict=False):
            layers += [
                nn.Conv2d(inputs, outputs, side, stride=2, padding=side // 2, bias=False),
                *(nn.BatchNorm2d(outputs), nn.ReLU()),
            ]
        super().__init__(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten())
        self.dim = 4 * channels

    def forward(self, images: Images) -> Float[Tensor, "batch dim"]:
        """Return h."""
        return super().forward((images - 0.5).contiguous(memory_format=torch.channels_last))


class SimCLR(nn.Module):
    """An encoder f and a projection head g(h) = W2 ReLU(W1 h), which is thrown away in the end."""

    def __init__(self, *, channels: int = 16, projection: int = 32) -> None:
        super().__init__()
        self.encoder = Encoder(channels=channels)
        dim = self.encoder.dim
        self.head = nn.Sequential(nn.Linear(dim, dim), nn.ReLU(), nn.Linear(dim, projection))

    def forward(self, images: Images) -> Float[Tensor, "batch projection"]:
        """Return z."""
        return self.head(self.encoder(images))


# --8<-- [end:model]
# --8<-- [start:loss] Loss: NT-Xent, the normalised temperature-scaled cross-entropy (eq. 1)
def nt_xent(
    z1: Float[Tensor, "batch dim"], z2: Float[Tensor, "batch dim"], *, temperature: float
) -> Float[Tensor, ""]:
    """Surprise, in nats, at which of the other 2N - 1 views belongs to a view, averaged over 2N.

    Args:
        z1: One view of each of N examples, two or more.
        z2: The other view of the same examples, in the same order.
        temperature: What divides the cosines. The smaller, the more the nearest ones count.

    Raises:
        ValueError: If the two differ in shape, are not finite or hold one example, or if
            `temperature` is not positive.
    """
    require_pair("z1", z1, "z2", z2, "batch dim")
    require(len(z1) > 1, "z1", "two examples or more, so that there is another", len(z1))
    _require_positive("temperature", temperature)
    z = torch.cat([z1, z2])
    z = z / z.norm(dim=1, keepdim=True).clamp(min=1e-12)
    s = z @ z.T / temperature  # s[i, k]: how similar are views i and k?
    itself = torch.eye(len(z), dtype=torch.bool)
    other = torch.arange(len(z)).roll(len(z1))  # where the other view of the same example stands
    among = s.masked_fill(itself, -torch.inf).logsumexp(dim=1)
    return (among - s[torch.arange(len(z)), other]).mean()


# --8<-- [end:loss]
# --8<-- [start:algorithm] Algorithm 1: two views of a batch, and one step against their loss
class Step(NamedTuple):
    """One update: its number, and the loss of the batch before it, in nats."""

    step: int
    loss: float


def train(
    model: SimCLR,
    images: Images,
    *,
    view: View = random_view,
    steps: int = 100,
    batch_size: int = 128,
    temperature: float = 0.2,
    rate: float = 0.01,
    seed: int = 0,
) -> Iterator[Step]:
    """Update `model` in place without any label, yielding one `Step` per update.

    Raises:
        ValueError: If `steps` is not positive, or `batch_size` not from 2 to the number of images.
    """
    require(2 <= batch_size <= len(images), "batch_size", f"from 2 to {len(images)}", batch_size)
    generator = torch.Generator().manual_seed(seed)
    for step, optimizer in _descent(model, steps, rate):
        batch = images[torch.randperm(len(images), generator=generator)[:batch_size]]
        views = view(torch.cat([batch, batch]), generator=generator)
        loss = nt_xent(*model(views).chunk(2), temperature=temperature)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        yield Step(step, loss.item())


# --8<-- [end:algorithm]
# --8<-- [start:supervised]
def train_supervised(
    classifier: nn.Module,
    images: Images,
    digits: Int[Tensor, " batch"],
    *,
    view: View = random_view,
    steps: int = 100,
    batch_size: int = 50,
    rate: float = 0.01,
    seed: int = 0,
) -> Iterator[Step]:
    """Update a classifier in place on labelled images, one view of each image of a batch.

    Raises:
        ValueError: If images and digits do not pair up, or `steps` is not positive.
    """
    _require_labels(images, digits)
    generator, targets = torch.Generator().manual_seed(seed), torch.eye(10)[digits]
    for step, optimizer in _descent(classifier, steps, rate):
        batch = torch.randint(len(images), (batch_size,), generator=generator)
        loss = cross_entropy(classifier(view(images[batch], generator=generator)), targets[batch])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        yield Step(step, loss.item())


def _descent(model: nn.Module, steps: int, rate: float) -> Iterator[tuple[int, torch.optim.Adam]]:
    """Yield steps and Adam, whose rate rises for half of the steps, then falls to zero."""
    require(steps >= 1, "steps", "positive", steps)
    optimizer = torch.optim.Adam(model.parameters(), lr=rate, fused=True)
    model.train()
    for step in range(steps):
        optimizer.param_groups[0]["lr"] = rate * min(1, 2 * min(step + 1, steps - step) / steps)
        yield step, optimizer


# --8<-- [end:supervised]
# --8<-- [start:probe]
def linear_probe(
    encoder: nn.Module,
    images: Images,
    digits: Int[Tensor, " batch"],
    *,
    view: View = random_view,
    num_views: int = 200,
    seed: int = 0,
) -> nn.Sequential:
    """Return a classifier: the encoder as it is, and a linear layer fitted to what it says.

    The layer sees `num_views` views of the images, and each feature in units of its deviation.

    Raises:
        ValueError: If images and digits do not pair up, or have no view each.
    """
    _require_labels(images, digits)
    require(num_views >= len(images), "num_views", f"{len(images)} or more, one each", num_views)
    rows = torch.arange(num_views) % len(images)
    views = view(images[rows], generator=torch.Generator().manual_seed(seed))
    with torch.no_grad():
        h = encoder.eval()(views)
        deviation, mean = torch.std_mean(h, dim=0)
        deviation = deviation.clamp(min=1e-6)
        layer = logistic_regression((h - mean) / deviation, digits[rows])
        layer.weight /= deviation
        layer.bias -= layer.weight @ mean
    return nn.Sequential(encoder, layer)


@torch.enable_grad()
def logistic_regression(
    features: Float[Tensor, "batch dim"], digits: Int[Tensor, " batch"], *, decay: float = 0.01
) -> nn.Linear:
    """Return the layer with the least cross-entropy plus `decay` / 2 times its squared weights.

    Raises:
        ValueError: If features and digits do not pair up, or `decay` is not positive.
    """
    require_tensor("features", features, "batch dim")
    _require_labels(features, digits)
    _require_positive("decay", decay)
    layer = nn.Linear(features.shape[1], 10, dtype=features.dtype)
    for parameter in layer.parameters():
        nn.init.zeros_(parameter)
    optimizer = torch.optim.LBFGS(layer.parameters(), max_iter=100, line_search_fn="strong_wolfe")

    def closure() -> Tensor:
        optimizer.zero_grad()
        loss = functional.cross_entropy(layer(features), digits)
        loss = loss + decay / 2 * layer.weight.square().sum()
        loss.backward()
        return loss

    optimizer.step(closure)
    return layer.requires_grad_(requires_grad=False)


@torch.no_grad()
def encode(encoder: nn.Module, images: Images) -> Float[Tensor, "batch dim"]:
    """Return what the encoder says of whole images. It is left in evaluation mode.

    Raises:
        ValueError: If `images` is not three channels in [0, 1].
    """
    encoder.eval()
    return torch.cat([encoder(some) for some in whole(images).split(500)])


def accuracy(classifier: nn.Module, images: Images, digits: Int[Tensor, " batch"]) -> float:
    """Return the share of whole images whose digit has the largest logit.

    Raises:
        ValueError: If images and digits do not pair up.
    """
    _require_labels(images, digits)
    return (encode(classifier, images).argmax(dim=1) == digits).double().mean().item()


# --8<-- [end:probe]


def _require_images(images: Tensor) -> None:
    right = isinstance(images, Tensor) and images.is_floating_point() and images.ndim == 4
    got = (images.dtype, tuple(images.shape)) if isinstance(images, Tensor) else type(images)
    right = right and images.numel() > 0 and images.shape[1] == 3
    require(right, "images", "floating point, (batch, 3, height, width) and not empty", got)
    low, high = (end.item() for end in images.aminmax())  # NaN if any pixel is
    require(low >= 0 and high <= 1, "images", "in [0, 1]", f"{low:.4g} to {high:.4g}")


def _require_labels(images: Tensor, digits: Tensor) -> None:
    require_indices("digits", digits, 10, "batch")
    require(len(images) == len(digits), "digits", f"{len(images)}, one an example", len(digits))


def _require_positive(name: str, value: float) -> None:
    require(0 < value < math.inf, name, "positive and finite", value)
