"""AlexNet: a deep convolutional network that learns its features from the pixels (2012).

Source: Krizhevsky, Sutskever and Hinton, "ImageNet Classification with Deep Convolutional Neural
Networks", NIPS 2012.

Departs: one processor, on which two groups of kernels stand for two GPUs. In the miniature, digits
on real textures for ImageNet; weights scaled to their layer, and biases at zero; a learning rate
that falls in a line.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise, starmap
from typing import NamedTuple

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn import functional

from dlbasic.checks import require, require_indices, require_tensor
from dlbasic.losses.cross_entropy import cross_entropy

Images = Float[Tensor, "image channel height width"]
Views = Float[Tensor, "view channel size size"]
Units = Float[Tensor, "image unit"]
Scores = Float[Tensor, "image class"]


# --8<-- [start:data] Data: a random view of each image (sec. 4.1)
def random_views(images: Images, *, size: int, mirror: bool, generator: torch.Generator) -> Views:
    """A random square of each image; with `mirror`, half of them from left to right.

    Raises:
        ValueError: If `images` is not finite, or smaller than `size`, or `size` not positive.
    """
    _require_images(images, size)
    number, _, height, width = images.shape
    top = torch.randint(height - size + 1, (number, 1, 1), generator=generator)
    left = torch.randint(width - size + 1, (number, 1, 1), generator=generator)
    columns = torch.arange(size).expand(number, 1, size)
    if mirror:
        flipped = torch.rand(number, 1, 1, generator=generator) < 0.5
        columns = torch.where(flipped, columns.flip(2), columns)
    rows, image = top + torch.arange(size)[:, None], torch.arange(number)[:, None, None]
    return images.movedim(1, 3)[image, rows, left + columns].movedim(3, 1)


# --8<-- [end:data]
# --8<-- [start:normalization]
def local_response_normalization(
    a: Images, *, k: float = 2.0, n: int = 5, alpha: float = 1e-4, beta: float = 0.75
) -> Images:
    """Each value, made smaller by the squares in the n channels around it (sec. 3.3).

    The paper sums over the window; `torch.nn.LocalResponseNorm` averages, so its alpha is n times
    ours.

    Raises:
        ValueError: If `a` or a setting is not finite, n not odd, k not positive, or alpha or beta
            negative.
    """
    if not a.is_meta:  # which holds a shape and no values
        require_tensor("a", a, "image channel height width")
    require(n >= 1 and n % 2 == 1, "n", "odd and positive", n)
    require(0 < k < math.inf, "k", "positive, finite", k)
    for name, value in {"alpha": alpha, "beta": beta}.items():
        require(0 <= value < math.inf, name, "0 or more, finite", value)
    channel = torch.arange(a.shape[1], device=a.device)
    near = (channel[:, None] - channel).abs() <= n // 2  # at the ends the window is cut off
    squares = (a.square().movedim(1, 3) @ near.to(a.dtype)).movedim(3, 1)
    return a * torch.exp(-beta * torch.log(k + alpha * squares))


# --8<-- [end:normalization]
# --8<-- [start:dropout]
def dropout(units: Units, *, rate: float, generator: torch.Generator | None) -> Units:
    """Zero the part `rate` of the units; without a generator, scale all by the rest (sec. 4.2).

    Raises:
        ValueError: If `rate` is not in [0, 1).
    """
    require(0 <= rate < 1, "rate", "in [0, 1)", rate)
    if generator is None:
        return (1 - rate) * units
    return units * (torch.rand(units.shape, generator=generator, dtype=units.dtype) >= rate)


# --8<-- [end:dropout]
# --8<-- [start:model] Model: five convolutions and three full layers (sec. 3)
class AlexNet(nn.Module):
    """Images, the mean image taken off, become logits. The defaults are those of the paper.

    Args:
        size: Pixels of an image's side.
        channels: Of an image.
        first: Side and stride of the kernels of the first layer.
        kernels: How many kernels each convolution has.
        hidden: Units of each of the two hidden full layers.
        num_classes: How many logits.
        activation: What every layer but the last ends with.
        rate: The part of the hidden units that dropout zeroes.
        gain: None starts as the paper does: weights of deviation 0.01, and ones as biases of the
            layers 2, 4, 5, 6 and 7 (sec. 5). A number g is for small networks: deviations of g
            over the root of a unit's number of inputs, and biases of zero.
        seed: Of the weights.

    Raises:
        ValueError: If a size is not positive, `kernels` are not five even numbers, the image is
            too small for three poolings, `rate` is not in [0, 1), or `gain` not positive.
    """

    def __init__(
        self,
        *,
        size: int = 224,
        channels: int = 3,
        first: tuple[int, int] = (11, 4),
        kernels: Sequence[int] = (96, 256, 384, 384, 256),
        hidden: int = 4096,
        num_classes: int = 1000,
        activation: Callable[[Tensor], Tensor] = torch.relu,
        rate: float = 0.5,
        gain: float | None = None,
        seed: int = 0,
    ) -> None:
        super().__init__()
        even = all(count > 0 and count % 2 == 0 for count in kernels)
        require(even and len(kernels) == 5, "kernels", "five even numbers", tuple(kernels))
        least = min(channels, *first, hidden, num_classes)
        require(least > 0, "channels, first, hidden and num_classes", "positive", least)
        require(gain is None or 0 < gain < math.inf, "gain", "None or positive, finite", gain)
        require(0 <= rate < 1, "rate", "in [0, 1)", rate)
        (side, stride), (one, two, three, four, five) = first, kernels
        self.size, self.activation, self.rate = size, activation, rate
        self.missing = -(size - side) % stride  # what the last place of a kernel lacks, in pixels
        places = [(size + self.missing - side) // stride + 1]
        for _ in range(3):
            places.append(math.ceil((places[-1] - 3) / 2) + 1)
        enough = min(size - side + 1, *places) > 0
        require(enough, "size", "enough for three poolings", size)
        widths = (five * places[-1] ** 2, hidden, hidden, num_classes)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            layers: list[nn.Conv2d | nn.Linear] = [
                nn.Conv2d(channels, one, side, stride),
                nn.Conv2d(one, two, 5, padding=2, groups=2),
                nn.Conv2d(two, three, 3, padding=1),  # sees the kernels of both groups
                nn.Conv2d(three, four, 3, padding=1, groups=2),
                nn.Conv2d(four, five, 3, padding=1, groups=2),
                *starmap(nn.Linear, pairwise(widths)),
            ]
            for number, layer in enumerate(layers, start=1):
                deviation = 0.01 if gain is None else gain / layer.weight[0].numel() ** 0.5
                nn.init.normal_(layer.weight, std=deviation)
                bias = float(gain is None and number in (2, 4, 5, 6, 7))
                nn.init.constant_(layer.get_parameter("bias"), bias)
        self.layers = nn.ModuleList(layers)
        nn.utils.convert_conv2d_weight_memory_format(self, torch.channels_last)  # faster

    def forward(self, images: Images, *, generator: torch.Generator | None = None) -> Scores:
        """Logits; with a generator, hidden units are dropped, as in training."""
        x = functional.pad(images, (0, self.missing, 0, self.missing))
        for number, layer in enumerate(self.layers, start=1):
            x = layer(x if number < 6 else x.flatten(1))
            if number < 8:
                x = self.activation(x)
            if number in (1, 2):
                x = local_response_normalization(x)
            if number in (1, 2, 5):  # windows of 3, every 2 pixels: they overlap (sec. 3.4)
                x = functional.max_pool2d(x, kernel_size=3, stride=2, ceil_mode=True)
            if number in (6, 7):
                x = dropout(x, rate=self.rate, generator=generator)
        return x


# --8<-- [end:model]
# --8<-- [start:loss] Loss: cross-entropy to train by (sec. 3.5), top-k error to report (sec. 2)
@torch.no_grad()
def predict(model: AlexNet, images: Images) -> Scores:
    """Logits of the middle of each image, with all hidden units.

    Raises:
        ValueError: If `images` is not finite, or smaller than what the model reads.
    """
    _require_images(images, model.size)
    return model(_middle(images, model.size))


def top_error(scores: Scores, classes: Int[Tensor, " image"], *, k: int = 1) -> float:
    """Part of the images whose class is not among the k with the highest scores.

    Raises:
        ValueError: If `scores` is not finite, `classes` does not fit it, or k is not one of 1 to
            the number of classes.
    """
    require_tensor("scores", scores, "image class")
    _require_classes(classes, scores.shape[1], len(scores))
    require(1 <= k <= scores.shape[1], "k", f"from 1 to {scores.shape[1]}", k)
    return 1 - (scores.topk(k).indices == classes[:, None]).any(dim=1).double().mean().item()


# --8<-- [end:loss]
# --8<-- [start:algorithm] Algorithm: gradient descent with momentum and weight decay (sec. 5)
class SGD:
    """Change the weights w in place: v ← 0.9 v - 0.0005 ε w - ε g, and then w ← w + v.

    Raises:
        ValueError: If a setting is out of its range.
    """

    def __init__(
        self,
        weights: Iterable[Tensor],
        *,
        learning_rate: float = 0.01,
        momentum: float = 0.9,
        weight_decay: float = 0.0005,
    ) -> None:
        require(0 < learning_rate < math.inf, "learning_rate", "positive, finite", learning_rate)
        require(0 <= momentum < 1, "momentum", "in [0, 1)", momentum)
        require(0 <= weight_decay < math.inf, "weight_decay", "0 or more, finite", weight_decay)
        self.weights, self.learning_rate = list(weights), learning_rate  # ε may change any time
        self.momentum, self.weight_decay = momentum, weight_decay
        self.v = [torch.zeros_like(w) for w in self.weights]

    @torch.no_grad()
    def step(self, gradients: Iterable[Tensor]) -> None:
        """Take one step along the gradients g, one for each tensor of weights."""
        for w, v, g in zip(self.weights, self.v, gradients, strict=True):
            v.mul_(self.momentum).sub_(w, alpha=self.weight_decay * self.learning_rate)
            w.add_(v.sub_(g, alpha=self.learning_rate))


class Step(NamedTuple):
    """One update: its number, and the loss of its batch before it, in nats."""

    step: int
    loss: float


def train(
    model: AlexNet,
    images: Images,
    classes: Int[Tensor, " image"],
    *,
    steps: int,
    batch_size: int = 32,
    learning_rate: float = 0.03,
    crops: bool = False,
    seed: int = 0,
) -> Iterator[Step]:
    """Update `model` in place; the learning rate grows for 20 steps and falls in a line to zero.

    It reads the middle of each image, or with `crops` a random square of it.

    Raises:
        ValueError: If `images` is not finite or too small, `classes` does not fit, or `steps`,
            `batch_size` or `learning_rate` is not positive.
    """
    require(min(steps, batch_size) > 0, "steps and batch_size", "positive", (steps, batch_size))
    _require_images(images, model.size)
    targets = torch.eye(len(model.layers[-1].get_parameter("bias")), dtype=images.dtype)
    _require_classes(classes, len(targets), len(images))
    squares = images if crops else _middle(images, model.size)
    generator = torch.Generator().manual_seed(seed)
    optimizer = SGD(model.parameters(), learning_rate=learning_rate)
    for step in range(steps):
        views = squares[batch := torch.randint(len(images), (batch_size,), generator=generator)]
        if crops:
            views = random_views(views, size=model.size, mirror=False, generator=generator)
        loss = cross_entropy(model(views, generator=generator), targets[classes[batch]])
        optimizer.learning_rate = learning_rate * min((step + 1) / 20, 1 - step / steps)
        optimizer.step(torch.autograd.grad(loss, optimizer.weights))
        yield Step(step, loss.item())


# --8<-- [end:algorithm]


def _middle(images: Tensor, size: int) -> Tensor:
    top, left = ((side - size) // 2 for side in images.shape[2:])
    return images[..., top : top + size, left : left + size]


def _require_images(images: Tensor, size: int) -> None:
    require_tensor("images", images, "image channel height width")
    least = min(images.shape[2:])
    require(size >= 1, "size", "positive", size)
    require(least >= size, "the smaller side of images", f"{size} or more", least)


def _require_classes(classes: Tensor, count: int, number: int) -> None:
    require_indices("classes", classes, count, "image")
    require(len(classes) == number, "classes", f"{number}, one an image", len(classes))
