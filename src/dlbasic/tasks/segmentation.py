"""Segmentation: what is seen at each pixel of a picture.

Source: Ronneberger, Fischer and Brox, "U-Net: Convolutional Networks for Biomedical Image
Segmentation", MICCAI 2015, arXiv:1505.04597, for the shape of the network; Milletari, Navab and
Ahmadi, "V-Net: Fully Convolutional Neural Networks for Volumetric Medical Image Segmentation",
3DV 2016, arXiv:1606.04797, for the soft Dice loss; Everingham et al., "The Pascal Visual Object
Classes (VOC) Challenge", IJCV 88(2), 2010, for intersection over union by class.

Departs: three levels for five; the pixels of a 2×2 block enter as channels and leave so, in place
of a level at full size; skips are added, not concatenated; batch norm; padded edges; Dice with
p + y in the denominator in place of squares.
"""

import math
from collections.abc import Callable, Iterator
from typing import NamedTuple

import torch
from jaxtyping import Float, Int, Integer
from torch import Tensor, nn
from torch.nn import functional

from dlbasic.checks import require_same_shape, require_tensor
from dlbasic.data.scenes import KINDS, draw

# --8<-- [start:data] Data: a picture, and the class that is seen at each of its pixels
CLASSES = ("background", *KINDS)
Images = Float[Tensor, "batch 3 height width"]  # red, green, blue in [0, 1]
Labels = Integer[Tensor, "batch height width"]  # indices into CLASSES
Logits = Float[Tensor, "batch class height width"]


def class_shares(labels: Labels) -> Float[Tensor, " class"]:
    """Part of all pixels at which each of CLASSES is seen.

    Raises:
        ValueError: If `labels` is empty, or holds anything but the numbers of the classes.
    """
    _require_labels("labels", labels, len(CLASSES))
    return torch.bincount(labels.flatten().long(), minlength=len(CLASSES)) / labels.numel()


# --8<-- [end:data]


# --8<-- [start:model] Model: down to see far, up to say where, and skips across
def block(inputs: int, outputs: int, *, stride: int = 1) -> nn.Sequential:
    """A 3×3 convolution, batch norm and ReLU; every `stride`-th pixel is kept."""
    convolution = nn.Conv2d(inputs, outputs, 3, stride=stride, padding=1, bias=False)
    return nn.Sequential(convolution, nn.BatchNorm2d(outputs), nn.ReLU(inplace=True))


class Encoder(nn.Module):
    """Features of a picture on three grids: fine, middle and coarse.

    Their height and width are 1/2, 1/4 and 1/8 of the picture's.
    """

    channels = (16, 32, 64)

    def __init__(self) -> None:
        super().__init__()
        fine, middle, coarse = self.channels
        self.fine = nn.Sequential(block(12, fine), block(fine, fine))
        self.middle = nn.Sequential(block(fine, middle, stride=2), block(middle, middle))
        self.coarse = nn.Sequential(block(middle, coarse, stride=2), block(coarse, coarse))

    def forward(self, images: Images) -> tuple[Tensor, Tensor, Tensor]:
        """Feature maps (batch, channel, height, width), from the finest grid to the coarsest.

        Raises:
            ValueError: If `images` is empty, not finite or not (batch, channel, height, width), or
                if it has not 3 channels, or a side that is no multiple of 8.
        """
        require_tensor("images", images, "batch channel height width")
        if images.shape[1] != 3 or images.shape[2] % 8 or images.shape[3] % 8:
            sizes = f"3 channels and sides that are multiples of 8, got {tuple(images.shape)}"
            raise ValueError(f"images must have {sizes}")
        cells = functional.pixel_unshuffle(images - 0.4, 2)  # 3 colours of 2×2 pixels: 12 channels
        fine = self.fine(cells.contiguous(memory_format=torch.channels_last))  # the faster layout
        middle = self.middle(fine)
        return fine, middle, self.coarse(middle)


class UNet(nn.Module):
    """Logits of the classes at every pixel. Without `skips`, the coarse grid has to say all."""

    def __init__(self, *, skips: bool = True) -> None:
        super().__init__()
        self.skips, self.encoder = skips, Encoder()
        fine, middle, coarse = self.encoder.channels
        self.to_middle, self.at_middle = nn.Conv2d(coarse, middle, 1), block(middle, middle)
        self.to_fine, self.at_fine = nn.Conv2d(middle, fine, 1), block(fine, fine)
        self.head = nn.Conv2d(fine, 4 * len(CLASSES), 1)  # the logits of a cell's 2×2 pixels

    def forward(self, images: Images) -> Logits:
        """Logits (batch, class, height, width) of CLASSES.

        Raises:
            ValueError: As `Encoder.forward`.
        """
        fine, middle, coarse = self.encoder(images)
        up = functional.interpolate(self.to_middle(coarse), scale_factor=2)
        up = self.at_middle(up + middle if self.skips else up)
        up = functional.interpolate(self.to_fine(up), scale_factor=2)
        up = self.at_fine(up + fine if self.skips else up)
        return functional.pixel_shuffle(self.head(up), 2)


# --8<-- [end:model]


# --8<-- [start:loss] Loss: a surprise at every pixel
def pixel_cross_entropy(logits: Logits, labels: Labels) -> Float[Tensor, ""]:
    """Surprise at the right class of a pixel, in nats, averaged over all pixels of all pictures.

    Raises:
        ValueError: If the shapes do not fit, a tensor is empty, the logits are not finite, or the
            labels are not the numbers of the classes.
    """
    _require_pair(logits, labels)
    return -logits.log_softmax(dim=1).gather(1, labels[:, None].long()).mean()


# --8<-- [end:loss]


# --8<-- [start:dice] Soft Dice: an overlap for every class
def soft_dice(logits: Logits, labels: Labels, *, smooth: float = 1.0) -> Float[Tensor, ""]:
    """1 minus the overlap of predicted and true pixels, averaged over the classes.

    The pixels of all pictures of the batch are taken together.

    Args:
        logits: Of the classes, at each pixel.
        labels: The number of the class, at each pixel.
        smooth: Pixels that are added to both sides of the quotient, so that a class which is
            neither in the labels nor predicted overlaps fully.

    Raises:
        ValueError: As `pixel_cross_entropy`, and if `smooth` is not positive and finite.
    """
    _require_pair(logits, labels)
    if not 0 < smooth < math.inf:
        raise ValueError(f"smooth must be positive and finite, got {smooth}")
    p = logits.softmax(dim=1)
    y = functional.one_hot(labels.long(), p.shape[1]).movedim(-1, 1)
    intersections = (p * y).sum(dim=(0, 2, 3))
    sizes = (p + y).sum(dim=(0, 2, 3))
    return 1 - ((2 * intersections + smooth) / (sizes + smooth)).mean()


# --8<-- [end:dice]


# --8<-- [start:algorithm] Algorithm: small batches, and a rate that rises and falls
class Step(NamedTuple):
    """One update: its number, and the loss of the batch before it, in nats for cross-entropy."""

    step: int
    loss: float


def train(
    model: nn.Module,
    images: Images,
    labels: Labels,
    *,
    loss: Callable[[Logits, Labels], Float[Tensor, ""]] = pixel_cross_entropy,
    epochs: int = 3,
    batch_size: int = 16,
    learning_rate: float = 1e-2,
    seed: int = 0,
) -> Iterator[Step]:
    """Update `model` in place, yielding one `Step` per update.

    The rate of AdamW rises from near zero to `learning_rate`, and falls to zero (one cycle).
    Every epoch takes each picture once; the last few that fill no batch are left out.

    Raises:
        ValueError: If pictures and labels do not pair up, if `epochs` or `batch_size` is not
            positive or the pictures fill no batch, or if `learning_rate` is not positive.
    """
    _require_examples(images, labels)
    per_epoch = len(images) // batch_size if batch_size > 0 else 0
    if epochs < 1 or per_epoch < 1:
        raise ValueError(f"epochs and full batches must be 1 or more, got {epochs} and {per_epoch}")
    if not 0 < learning_rate < math.inf:
        raise ValueError(f"learning_rate must be positive and finite, got {learning_rate}")
    generator = torch.Generator().manual_seed(seed)
    optimizer = torch.optim.AdamW(model.parameters(), lr=learning_rate, fused=True)
    steps = epochs * per_epoch
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, learning_rate, total_steps=steps)
    model.train()
    for epoch in range(epochs):
        order = torch.randperm(len(images), generator=generator)
        for number, batch in enumerate(order[: per_epoch * batch_size].split(batch_size)):
            value = loss(model(images[batch]), labels[batch])
            optimizer.zero_grad()
            value.backward()
            optimizer.step()
            schedule.step()
            yield Step(epoch * per_epoch + number, value.item())


def trained(*, num_scenes: int = 7168, seed: int = 0) -> UNet:
    """Return a network trained on scenes that are drawn with the seed 1000 + `seed`.

    Raises:
        ValueError: As `train`, and if `num_scenes` is not a positive integer.
    """
    scenes = draw(num_scenes, seed=1000 + seed)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)  # of the first weights
        model = UNet()
    list(train(model, scenes.images, scenes.labels, seed=seed))
    return model.eval()


# --8<-- [end:algorithm]


# --8<-- [start:predict] Prediction: the class with the largest logit
@torch.no_grad()
def predict(model: nn.Module, images: Images) -> Labels:
    """Class of each pixel. The model is left in evaluation mode.

    Raises:
        ValueError: As `Encoder.forward`.
    """
    require_tensor("images", images, "batch channel height width")
    model.eval()  # batch norm takes the averages of the training, not those of these pictures
    return torch.cat([model(some).argmax(dim=1) for some in images.split(128)])


# --8<-- [end:predict]


# --8<-- [start:metrics] Metrics: overlap by class, from one table of counts
def confusion(
    labels: Labels, predictions: Labels, *, num_classes: int = len(CLASSES)
) -> Int[Tensor, "truth prediction"]:
    """Number of pixels of each true class (row) that were predicted as each class (column).

    Tables of several batches may be added.

    Raises:
        ValueError: If the shapes differ, or a tensor is empty or not made of class numbers.
    """
    require_same_shape("predictions", predictions, "labels", labels)
    _require_labels("labels", labels, num_classes)
    _require_labels("predictions", predictions, num_classes)
    pairs = num_classes * labels.flatten().long() + predictions.flatten()
    return torch.bincount(pairs, minlength=num_classes**2).view(num_classes, num_classes)


def intersection_over_union(counts: Int[Tensor, "truth prediction"]) -> Float[Tensor, " class"]:
    """Pixels that are truly and predictedly of a class, divided by those that are either.

    NaN for a class that is neither in the truth nor in the prediction.

    Raises:
        ValueError: If `counts` is no square table of counts, or all of them are 0.
    """
    _require_counts(counts)
    intersections = counts.diag().double()
    return intersections / (counts.sum(dim=0) + counts.sum(dim=1) - intersections)


def mean_iou(counts: Int[Tensor, "truth prediction"]) -> float:
    """Mean of `intersection_over_union` over the classes for which it is defined.

    Raises:
        ValueError: As `intersection_over_union`.
    """
    return intersection_over_union(counts).nanmean().item()


# --8<-- [end:metrics]


def _require_labels(name: str, labels: Tensor, num_classes: int) -> None:
    kinds = (torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64)
    if not isinstance(labels, Tensor) or labels.dtype not in kinds:
        kind = labels.dtype if isinstance(labels, Tensor) else type(labels).__name__
        raise ValueError(f"{name} must be a tensor of integers, got {kind}")
    if labels.ndim != 3 or labels.numel() == 0:
        shape = tuple(labels.shape)
        raise ValueError(f"{name} must be (batch, height, width) and not empty, got {shape}")
    low, high = (end.item() for end in labels.aminmax())
    if low < 0 or high >= num_classes:
        raise ValueError(f"{name} must be from 0 to {num_classes - 1}, got {low} to {high}")


def _require_pair(logits: Tensor, labels: Tensor) -> None:
    require_tensor("logits", logits, "batch class height width")
    _require_labels("labels", labels, logits.shape[1])
    require_same_shape("labels", labels, "the logits of a class", logits[:, 0])


def _require_examples(images: Tensor, labels: Tensor) -> None:
    require_tensor("images", images, "batch channel height width")
    _require_labels("labels", labels, len(CLASSES))
    require_same_shape("labels", labels, "a channel of the images", images[:, 0])


def _require_counts(counts: Tensor) -> None:
    if not isinstance(counts, Tensor) or counts.dtype != torch.int64 or counts.ndim != 2:
        got = f"{counts.dtype} {tuple(counts.shape)}" if isinstance(counts, Tensor) else counts
        raise ValueError(f"counts must be an int64 table (truth, prediction), got {got}")
    if counts.shape[0] != counts.shape[1] or not counts.any() or (counts < 0).any():
        raise ValueError(f"counts must be square, 0 or more and not all 0, got {counts.tolist()}")
