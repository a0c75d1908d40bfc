"""ResNet: a block adds to what it is given, so a hundred of them can be trained (2015).

Source: He, Zhang, Ren and Sun, "Deep Residual Learning for Image Recognition", CVPR 2016,
arXiv:1512.03385; He, Zhang, Ren and Sun, "Delving Deep into Rectifiers", ICCV 2015,
arXiv:1502.01852, for the initialisation.

Departs: 8x8 digits for 32x32 photographs, without augmentation; a quarter of the filters and 70
updates for 64,000 in the experiments; batches drawn with replacement;
several independent networks side by side, for speed.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple, TypeAlias

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn import functional

from dlbasic.checks import require, require_indices, require_tensor
from dlbasic.data.digits import load_digits
from dlbasic.losses.cross_entropy import log_softmax

SHORTCUTS = ("none", "A", "B", "C")
Images: TypeAlias = Float[Tensor, "network example channel height width"]
Labels: TypeAlias = Int[Tensor, "network example"]
Sizes: TypeAlias = Sequence[int]


# --8<-- [start:data] Data: small images, the mean of each pixel subtracted (sec. 4.2)
def deal(seeds: Sequence[int], *, train: int = 1152) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Images and digits to train on, and those to test with, dealt out once for each seed.

    Images are (network, example, channel, height, width), digits (network, example). The grey is
    in three equal channels. The mean image of what is trained on is subtracted.

    Raises:
        ValueError: If there is no seed, or if a set would be empty.
    """
    pixels, truth = load_digits()
    require(len(seeds) > 0, "seeds", "one or more", seeds)
    require(0 < train < len(truth), "train", f"from 1 to {len(truth) - 1}", train)
    generators = [torch.Generator().manual_seed(seed) for seed in seeds]
    order = torch.stack([torch.randperm(len(truth), generator=g) for g in generators])
    images, digits = pixels[order].unsqueeze(2).expand(-1, -1, 3, -1, -1), truth[order]
    images = images - images[:, :train].mean(dim=1, keepdim=True)
    return images[:, :train], digits[:, :train], images[:, train:], digits[:, train:]


# --8<-- [end:data]


# --8<-- [start:model] Model: y = relu(F(x) + x) (eq. 1, fig. 2)
class ZeroPadding(nn.Module):
    """Option A: take every `stride`-th pixel, and fill up the missing channels with zeros."""

    def __init__(self, missing: int, stride: int, networks: int) -> None:
        super().__init__()
        self.missing, self.stride, self.networks = missing, stride, networks

    def forward(self, x: Float[Tensor, "batch c h w"]) -> Float[Tensor, "batch c2 h2 w2"]:
        """Return x as it is, if shapes do not change. Nothing is learned."""
        x = x[:, :, :: self.stride, :: self.stride].unflatten(1, (self.networks, -1))
        return functional.pad(x, (0, 0, 0, 0, 0, self.missing)).flatten(1, 2)


class Block(nn.Module):
    """A few layers F, and a shortcut round them (sec. 3.3).

    Args:
        inputs: Channels of x.
        outputs: Channels of y.
        stride: Of the first layer, and of the shortcut.
        shortcut: "none" for a plain block. Where shapes change, A fills up with zeros, and
            B and C project by a 1×1 convolution; C projects everywhere (sec. 4.1).
        sizes: Of the convolutions; three are a bottleneck, narrow in the middle (fig. 5).
        networks: How many networks lie side by side.

    Raises:
        ValueError: If there is no such shortcut.
    """

    def __init__(
        self, inputs: int, outputs: int, *, stride: int, shortcut: str, sizes: Sizes, networks: int
    ) -> None:
        require(shortcut in SHORTCUTS, "shortcut", f"one of {SHORTCUTS}", repr(shortcut))
        super().__init__()
        inner = [outputs] if len(sizes) == 2 else [outputs // 4, outputs // 4]
        widths = [inputs, *inner, outputs]
        layers: list[nn.Module] = []
        for k, size in enumerate(sizes):
            layers += _layer(widths[k], widths[k + 1], size, 1 if k else stride, networks)
        self.residual = nn.Sequential(*layers[:-1])  # F: no activation before the addition
        self.shortcut: nn.Module = ZeroPadding(outputs - inputs, stride, networks)
        if shortcut == "C" or (shortcut == "B" and (stride, inputs) != (1, outputs)):
            self.shortcut = nn.Sequential(*_layer(inputs, outputs, 1, stride, networks)[:-1])
        self.plain = shortcut == "none"

    def forward(self, x: Float[Tensor, "batch c h w"]) -> Float[Tensor, "batch c2 h2 w2"]:
        """Return relu(F(x) + shortcut(x)), or relu(F(x)) if the block is plain."""
        return functional.relu(self.residual(x) + (0 if self.plain else self.shortcut(x)))


def _layer(inputs: int, outputs: int, size: int, stride: int, networks: int) -> list[nn.Module]:
    """Convolution, batch normalization and activation (sec. 3.4), a group for each network."""
    width, channels = inputs * networks, outputs * networks
    setting = {"stride": stride, "padding": size // 2, "groups": networks, "bias": False}
    return [nn.Conv2d(width, channels, size, **setting), nn.BatchNorm2d(channels), nn.ReLU()]


# --8<-- [end:model]
# --8<-- [start:network] A network, and the paper's two families (sec. 4.2 and table 1)
class ResNet(nn.Module):
    """A stem, blocks, the average of each channel, and a linear classifier.

    Of several networks side by side, each has its own group of channels, and none sees another.
    Weights are normal with variance 2 / fan-in, biases zero.
    """

    def __init__(self, stem: nn.Module, blocks: Iterable[nn.Module], classifier: nn.Conv2d) -> None:
        super().__init__()
        self.stem, self.blocks, self.classifier = stem, nn.Sequential(*blocks), classifier

    def forward(self, images: Float[Tensor, "batch c h w"]) -> Float[Tensor, "batch class"]:
        """Logits; of networks side by side, those of the first network come first.

        Raises:
            ValueError: If the images are not finite, or not (batch, channel, height, width).
        """
        require_tensor("images", images, "batch channel height width")
        features = self.blocks(self.stem(images)).mean(dim=(2, 3), keepdim=True)
        return self.classifier(features).flatten(1)

    def without(self, k: int) -> "ResNet":
        """The same network, its weights shared, in which only the shortcut of block k is left.

        Raises:
            ValueError: If there is no block k.
        """
        require(0 <= k < len(self.blocks), "k", f"from 0 to {len(self.blocks) - 1}", k)
        blocks = list(self.blocks)
        blocks[k] = nn.Sequential(blocks[k].get_submodule("shortcut"), nn.ReLU())
        return ResNet(self.stem, blocks, self.classifier)


def cifar_resnet(
    n: int, *, shortcut: str = "A", filters: int = 16, networks: int = 1, seed: int = 0
) -> ResNet:
    """The network of 6n + 2 layers: n blocks at each of three sizes, each half the last and wider.

    Raises:
        ValueError: If a number is not positive, or if there is no such shortcut.
    """
    sizes = (n, filters, networks)
    require(min(sizes) > 0, "n, filters and networks", "positive", sizes)
    stem = nn.Sequential(*_layer(3, filters, 3, 1, networks))
    widths = [filters, filters, 2 * filters, 4 * filters]
    blocks = _stages(widths, [n] * 3, shortcut=shortcut, sizes=(3, 3), networks=networks)
    classifier = nn.Conv2d(widths[-1] * networks, 10 * networks, 1, groups=networks)  # of one pixel
    return _initialised(ResNet(stem, blocks, classifier), seed)


def imagenet_resnet(depth: int, *, shortcut: str = "B", seed: int = 0) -> ResNet:
    """The network of 18, 34, 50, 101 or 152 layers for images of 224×224 and 1,000 classes.

    Raises:
        ValueError: If the paper has no such depth, or no such shortcut.
    """
    plans = {18: [2, 2, 2, 2], 34: [3, 4, 6, 3], 101: [3, 4, 23, 3], 152: [3, 8, 36, 3]}
    plans[50] = plans[34]
    require(depth in plans, "depth", f"one of {sorted(plans)}", depth)
    stem = nn.Sequential(*_layer(3, 64, 7, 2, 1), nn.MaxPool2d(3, 2, padding=1))
    widths = [64, *(width * (4 if depth >= 50 else 1) for width in (64, 128, 256, 512))]
    sizes = (1, 3, 1) if depth >= 50 else (3, 3)
    blocks = _stages(widths, plans[depth], shortcut=shortcut, sizes=sizes, networks=1)
    return _initialised(ResNet(stem, blocks, nn.Conv2d(widths[-1], 1000, 1)), seed)


# --8<-- [end:network]


# --8<-- [start:loss] Loss: cross-entropy, and the error rate that it stands for
def losses(
    logits: Float[Tensor, "batch class"], digits: Int[Tensor, "batch network"]
) -> Float[Tensor, " network"]:
    """Cross-entropy of each network, in nats, averaged over the batch.

    Raises:
        ValueError: If the digits are not one of ten for each image and network.
    """
    require_tensor("logits", logits, "batch class")
    require_indices("digits", digits, 10, "batch network")
    expected = (len(digits), 10 * digits.shape[1])
    require(logits.shape == expected, "logits", f"of shape {expected}", tuple(logits.shape))
    log_probabilities = log_softmax(logits.reshape(-1, 10)).view(*digits.shape, 10)
    return -log_probabilities.gather(2, digits.unsqueeze(2)).squeeze(2).mean(dim=0)


@torch.no_grad()
def error_rates(model: ResNet, images: Images, digits: Labels) -> Float[Tensor, " network"]:
    """Part of its examples that each network gets wrong, normalized as learned in training.

    Raises:
        ValueError: If shapes do not fit.
    """
    _require_examples(images, digits)
    return _mistakes(model.eval()(_side_by_side(images)), digits.T)


# --8<-- [end:loss]


# --8<-- [start:algorithm] Algorithm: SGD with momentum, slower at the half and at three quarters
class Step(NamedTuple):
    """One update: its number, and each network's loss and error rate on the batch before it."""

    step: int
    losses: Float[Tensor, " network"]
    errors: Float[Tensor, " network"]


def train(
    model: ResNet,
    images: Images,
    digits: Labels,
    *,
    steps: int = 90,
    learning_rate: float | Sequence[float] = 0.02,
    batch_size: int = 64,
    seed: int = 0,
) -> Iterator[Step]:
    """Update `model` in place; each of its networks sees its own examples, drawn with replacement.

    Args:
        model: One network, or several side by side.
        images: The examples of each network.
        digits: Likewise.
        steps: How many updates.
        learning_rate: At the start, of all networks or of each.
        batch_size: How many examples of each network are in a batch.
        seed: Of the batches.

    Raises:
        ValueError: If a setting is not positive, or if shapes do not fit.
    """
    _require_examples(images, digits)
    rates = torch.as_tensor(learning_rate, dtype=images.dtype).expand(len(images)).clone()
    require(min(steps, batch_size) > 0, "steps and batch_size", "positive", (steps, batch_size))
    allowed = bool(((rates > 0) & rates.isfinite()).all())
    require(allowed, "learning_rate", "positive, finite", learning_rate)
    parameters = list(model.train().parameters())
    velocities = [torch.zeros_like(theta) for theta in parameters]
    network, generator = torch.arange(len(images))[:, None], torch.Generator().manual_seed(seed)
    for step in range(steps):
        if step in (steps // 2, steps * 3 // 4):
            rates /= 10
        batch = torch.randint(digits.shape[1], (len(images), batch_size), generator=generator)
        truth = digits[network, batch].T
        logits = model(_side_by_side(images[network, batch]))
        loss = losses(logits, truth)
        gradients = torch.autograd.grad(loss.sum(), parameters)  # each network has its own loss
        with torch.no_grad():
            for theta, velocity, gradient in zip(parameters, velocities, gradients, strict=True):
                velocity.mul_(0.9).add_(gradient).add_(theta, alpha=1e-4)  # the weight decay
                rows = rates.repeat_interleave(len(theta) // len(rates))  # each network's own rate
                theta -= rows.view(-1, *[1] * (theta.ndim - 1)) * velocity
        yield Step(step, loss.detach(), _mistakes(logits.detach(), truth))


# --8<-- [end:algorithm]


def _stages(widths: Sequence[int], counts: Sequence[int], **setting: Any) -> list[Block]:
    blocks = []
    for stage, count in enumerate(counts):
        for k in range(count):
            shape = {"inputs": widths[stage + (k > 0)], "stride": 1 if k or not stage else 2}
            blocks.append(Block(outputs=widths[stage + 1], **shape, **setting))
    return blocks


def _initialised(model: ResNet, seed: int) -> ResNet:
    generator = torch.Generator().manual_seed(seed)
    for module in model.modules():
        if isinstance(module, nn.Conv2d):
            nn.init.kaiming_normal_(module.weight, generator=generator)
    nn.init.zeros_(model.classifier.get_parameter("bias"))
    return nn.utils.convert_conv2d_weight_memory_format(model, torch.channels_last)  # faster


def _side_by_side(images: Images) -> Float[Tensor, "example c h w"]:
    return images.transpose(0, 1).flatten(1, 2).contiguous(memory_format=torch.channels_last)


def _mistakes(logits: Tensor, truth: Tensor) -> Tensor:
    return (logits.unflatten(1, (truth.shape[1], 10)).argmax(2) != truth).float().mean(0)


def _require_examples(images: Tensor, digits: Tensor) -> None:
    require_tensor("images", images, "network example channel height width")
    require_indices("digits", digits, 10, "network example")
    expected = tuple(images.shape[:2])
    require(digits.shape == expected, "digits", f"of shape {expected}", tuple(digits.shape))
