"""SimCLR: features from pictures without labels, by telling which two views show the same (2020).

Source: Chen, Kornblith, Norouzi and Hinton, "A Simple Framework for Contrastive Learning of Visual
Representations", ICML 2020, arXiv:2002.05709.

Departs: 5,000 painted digits of 28×28 pixels for ImageNet, views of 14×14; crops of at least 60%
of a picture, no flip and no blur; hue turns about the grey axis of the colour cube; a network of
three convolutions for ResNet-50; batches of 64; Adam for LARS, with a rate that rises and falls.
"""

import math
from collections.abc import Callable, Iterator
from typing import NamedTuple

import torch
from jaxtyping import Float, Int
from sklearn.linear_model import LogisticRegression
from torch import Tensor, nn
from torch.nn import functional

from dlbasic.checks import require, require_indices, require_pair, require_tensor
from dlbasic.data.mnist import load_mnist
from dlbasic.losses.cross_entropy import cross_entropy

SIZE = 14  # of a view, in pixels
Images = Float[Tensor, "batch channel height width"]  # red, green, blue in [0, 1]
Views = Float[Tensor, "batch channel size size"]
Labels = Int[Tensor, " batch"]
View = Callable[..., Tensor]  # called with images and generator=; returns one view of each


# --8<-- [start:data] Data: painted digits, and two random views of each (sec. 2.1, appendix A)
def pictures(*, seed: int) -> tuple[tuple[Tensor, Tensor], tuple[Tensor, Tensor]]:
    """Return 4,500 painted digits and what they show, to train on; and 500 more, to test on.

    Every drawing gets a bright pen and dark paper, two random colours of its own.
    """
    generator = torch.Generator().manual_seed(seed)
    ink, digits = load_mnist()
    order = torch.randperm(len(ink), generator=generator)
    paper, pen = 0.5 * torch.rand(2, len(ink), 3, 1, 1, generator=generator)
    images = torch.lerp(paper, 0.5 + pen, ink[order, None])
    return (images[:4500], digits[order[:4500]]), (images[4500:], digits[order[4500:]])


def few(labels: Labels, *, each: int, seed: int) -> Int[Tensor, " few"]:
    """Return where `each` random examples of every class stand, one class after another.

    Raises:
        ValueError: If `labels` is not made of indices, or a class has fewer than `each` examples.
    """
    require_indices("labels", labels, 10, "batch")
    rarest = int(labels.bincount().min())
    require(1 <= each <= rarest, "each", f"from 1 to {rarest}, as the rarest class has", each)
    order = torch.randperm(len(labels), generator=torch.Generator().manual_seed(seed))
    return torch.cat([order[labels[order] == k][:each] for k in labels.unique()])


def crop(images: Images, *, generator: torch.Generator, size: int = SIZE) -> Views:
    """Cut a box out of each image, and bring it to `size`×`size` pixels.

    The box has 60% of the area or more, and is up to a third longer than wide or wider than long,
    but no longer than the image.

    Raises:
        ValueError: If `images` is not three channels in [0, 1], or `size` not positive.
    """
    _require_images(images)
    require(size >= 1, "size", "positive", size)
    area, ratio, x, y = torch.rand(4, len(images), 1, generator=generator)
    area, ratio = 0.6 + 0.4 * area, (4 / 3) ** (2 * ratio - 1)
    width, height = (area * ratio).sqrt().clamp(max=1), (area / ratio).sqrt().clamp(max=1)
    line = (2 * torch.arange(size) + 1) / size - 1  # places of pixels; the image is from -1 to 1
    x, y = width * line + (1 - width) * (2 * x - 1), height * line + (1 - height) * (2 * y - 1)
    grid = torch.stack(torch.broadcast_tensors(x[:, None], y[:, :, None]), dim=-1)
    return functional.grid_sample(images, grid, padding_mode="border", align_corners=False)


def distort_colour(images: Images, *, generator: torch.Generator) -> Images:
    """Change brightness, contrast, saturation and hue of four in five; make one in five grey.

    Raises:
        ValueError: If `images` is not three channels in [0, 1].
    """
    _require_images(images)
    chances = torch.rand(6, len(images), 1, 1, 1, generator=generator)
    brightness, contrast, saturation, turn = 2 * chances[:4] - 1
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


def random_view(images: Images, *, generator: torch.Generator) -> Views:
    """Crop, then distort the colours: the composition that the paper ends with.

    Raises:
        ValueError: If `images` is not three channels in [0, 1].
    """
    return distort_colour(crop(images, generator=generator), generator=generator)


def whole(images: Images, *, generator: torch.Generator | None = None) -> Views:
    """Return the whole image in SIZE×SIZE pixels: the view in which nothing is random.

    Raises:
        ValueError: If `images` is not three channels in [0, 1].
    """
    _require_images(images)
    return functional.adaptive_avg_pool2d(images, SIZE)


# --8<-- [end:data]
# --8<-- [start:model] Model: h = f(x) is kept, z = g(h) serves the loss alone (sec. 2.1)
class Encoder(nn.Sequential):
    """f: three convolutions that halve the grid, and the average over all places."""

    def __init__(self) -> None:
        layers = []
        for inputs, outputs, side in ((3, 16, 5), (16, 32, 3), (32, 64, 3)):
            convolution = nn.Conv2d(inputs, outputs, side, 2, padding=side // 2, bias=False)
            layers += [convolution, nn.BatchNorm2d(outputs), nn.ReLU()]
        super().__init__(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten())

    def forward(self, input: Images) -> Float[Tensor, "batch dim"]:  # named as by torch
        """Return h, 64 features."""
        return super().forward((input - 0.5).contiguous(memory_format=torch.channels_last))


class SimCLR(nn.Module):
    """An encoder f and a projection head g(h) = W2 ReLU(W1 h), which is thrown away in the end."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = Encoder()
        self.head = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 32))

    def forward(self, images: Images) -> Float[Tensor, "batch dim"]:
        """Return z, 32 numbers."""
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
    require(0 < temperature < math.inf, "temperature", "positive and finite", temperature)
    z = torch.cat([z1, z2])
    z = z / z.norm(dim=1, keepdim=True).clamp(min=1e-12)
    s = z @ z.T / temperature  # s[i, k]: how similar are views i and k?
    other = torch.arange(len(z)).roll(len(z1))  # where the other view of the same example stands
    among = s.masked_fill(torch.eye(len(z), dtype=torch.bool), -torch.inf).logsumexp(dim=1)
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
    batch_size: int = 64,
    temperature: float = 0.2,
    seed: int = 0,
) -> Iterator[Step]:
    """Update `model` in place without any label, yielding one `Step` per update.

    Raises:
        ValueError: If `steps` is not positive, or `batch_size` not from 2 to the number of images.
    """
    require(2 <= batch_size <= len(images), "batch_size", f"from 2 to {len(images)}", batch_size)
    generator = torch.Generator().manual_seed(seed)
    for step, optimizer in _descent(model, steps, rate=0.01):
        rows = torch.randperm(len(images), generator=generator)[:batch_size]
        views = view(images[rows.repeat(2)], generator=generator)
        loss = nt_xent(*model(views).chunk(2), temperature=temperature)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        yield Step(step, loss.item())


# --8<-- [end:algorithm]
# --8<-- [start:supervised]
def train_supervised(
    classifier: nn.Module, images: Images, labels: Labels, *, view: View, steps: int, seed: int
) -> Iterator[Step]:
    """Update a classifier of ten classes in place, on one view of each of 32 images a step.

    Raises:
        ValueError: If images and labels do not pair up, or `steps` is not positive.
    """
    _require_labels(images, labels)
    generator, targets = torch.Generator().manual_seed(seed), torch.eye(10)[labels]
    for step, optimizer in _descent(classifier, steps, rate=0.02):
        batch = torch.randint(len(images), (32,), generator=generator)
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
    encoder: nn.Module, images: Images, labels: Labels, *, view: View = random_view, seed: int = 0
) -> nn.Sequential:
    """Return a classifier: the encoder as it is, and a linear layer fitted to what it says.

    The layer sees 200 views of the images, and each feature in units of its deviation. It
    has the least cross-entropy plus 0.005 times its squared weights.

    Raises:
        ValueError: If images and labels do not pair up, exceed 200, or the classes are not
            0, 1, 2 and so on, three or more.
    """
    _require_labels(images, labels)
    require(len(images) <= 200, "images", "at most 200", len(images))
    count, some = int(labels.max()) + 1, labels.unique().tolist()
    require(count == len(some) > 2, "labels", "0, 1, 2 and so on, three classes or more", some)
    rows = torch.arange(200) % len(images)
    with torch.no_grad():
        h = encoder.eval()(view(images[rows], generator=torch.Generator().manual_seed(seed)))
    deviation, mean = torch.std_mean(h, dim=0)
    deviation = deviation.clamp(min=1e-6)
    regression = LogisticRegression(C=0.5, tol=1e-3, max_iter=1000)
    regression.fit(((h - mean) / deviation).numpy(), labels[rows].numpy())
    layer = nn.Linear(h.shape[1], count).requires_grad_(requires_grad=False)
    layer.weight.copy_(torch.tensor(regression.coef_) / deviation)
    layer.bias.copy_(torch.tensor(regression.intercept_) - layer.weight @ mean)
    return nn.Sequential(encoder, layer)


@torch.no_grad()
def encode(encoder: nn.Module, images: Images) -> Float[Tensor, "batch dim"]:
    """Return what the encoder says of whole images. It is left in evaluation mode.

    Raises:
        ValueError: If `images` is not three channels in [0, 1].
    """
    return encoder.eval()(whole(images))


def accuracy(classifier: nn.Module, images: Images, labels: Labels) -> float:
    """Return the share of whole images whose label has the largest logit.

    Raises:
        ValueError: If images and labels do not pair up.
    """
    _require_labels(images, labels)
    return (encode(classifier, images).argmax(dim=1) == labels).double().mean().item()


# --8<-- [end:probe]


def _require_images(images: Tensor) -> None:
    require_tensor("images", images[:1], "batch 3 height width")  # for speed: see the ends below
    require(images.shape[1] == 3, "images", "of three channels", images.shape[1])
    low, high = (end.item() for end in images.aminmax())  # NaN if any pixel is
    require(low >= 0 and high <= 1, "images", "in [0, 1]", f"{low:.4g} to {high:.4g}")


def _require_labels(images: Tensor, labels: Tensor) -> None:
    require_indices("labels", labels, 10, "batch")
    require(len(images) == len(labels), "labels", f"{len(images)}, one an image", len(labels))
