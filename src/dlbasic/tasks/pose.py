"""Pose estimation: where each joint of a person is, from a heat map for each joint.

Source: Tompson et al., "Joint Training of a Convolutional Network and a Graphical Model for Human
Pose Estimation", NIPS 2014, for heat maps; Newell, Yang and Deng, "Stacked Hourglass Networks for
Human Pose Estimation", ECCV 2016, for the way down and up; He et al., "Mask R-CNN", ICCV 2017,
section 5, for cross-entropy over the cells; Sun et al., "Integral Human Pose Regression",
ECCV 2018, for a place as an average; Andriluka et al., "2D Human Pose Estimation: New Benchmark
and State of the Art Analysis", CVPR 2014, for PCKh.

Departs: a target of four cells whose average is the joint, for a Gaussian; the average of the
cells round the largest, for that of all; the length from head to neck, for that of the head.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import torch
from jaxtyping import Bool, Float
from torch import Tensor, nn

from dlbasic.checks import require_same_shape, require_tensor
from dlbasic.data.scenes import JOINTS, SIZE, draw
from dlbasic.losses.cross_entropy import cross_entropy

Images = Float[Tensor, "scene channel height width"]  # red, green, blue in [0, 1]
Places = Float[Tensor, "scene joint axis"]  # x, y in pixels from the top left corner
Counted = Bool[Tensor, "scene joint"]

# --8<-- [start:data] Data: a joint as a heat map
CELL, GRID = 4, SIZE // 4  # pixels along a cell, cells along the picture
CENTRES = CELL * (torch.arange(GRID) + 0.5)  # of the cells, in pixels


def heat_maps(joints: Float[Tensor, "*batch axis"]) -> Float[Tensor, "*batch row column"]:
    """Probability over the cells, on the four round a joint, whose average place is the joint.

    A joint beyond the outermost centres is moved to them.

    Args:
        joints: x, y in pixels from the top left corner.

    Raises:
        ValueError: If a joint is not in the picture, or the last axis is not x, y.
    """
    _require("joints", joints, 2)
    low, high = joints.aminmax()
    if low < 0 or high > SIZE:
        raise ValueError(f"joints must lie in 0 to {SIZE}, got {low:g} to {high:g}")
    joints = joints.clamp(CENTRES[0], CENTRES[-1])
    across, down = (1 - (CENTRES - joints[..., None]).abs() / CELL).clamp(min=0).unbind(-2)
    return down[..., :, None] * across[..., None, :]


# --8<-- [end:data]


# --8<-- [start:model] Model: down to see the whole body, and up again to say where
def block(channels_in: int, channels_out: int, *, stride: int = 1, size: int = 3) -> nn.Sequential:
    """Convolution, batch normalisation, ReLU."""
    convolution = nn.Conv2d(channels_in, channels_out, size, stride, size // 2, bias=False)
    return nn.Sequential(convolution, nn.BatchNorm2d(channels_out), nn.ReLU(inplace=True))


class PoseNet(nn.Module):
    """Logits of one heat map for each joint.

    Args:
        width: Channels at a half of the resolution; there are twice and four times as many below.
    """

    def __init__(self, *, width: int = 16) -> None:
        super().__init__()
        wide, wider = 2 * width, 4 * width
        stem = (block(3, width, stride=2, size=5), block(width, width))
        self.fine = nn.Sequential(*stem, block(width, wide, stride=2), block(wide, wide))
        self.middle = nn.Sequential(block(wide, wider, stride=2), block(wider, wider))
        self.coarse = nn.Sequential(block(wider, wider, stride=2), block(wider, wider))
        self.merge = nn.Sequential(block(wider, wider), nn.Conv2d(wider, wide, 1))
        self.head = nn.Sequential(block(wide, wide), nn.Conv2d(wide, len(JOINTS), 1))
        self.twice = nn.Upsample(scale_factor=2)  # the nearest cell, repeated
        self.to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]

    def forward(self, images: Images) -> Float[Tensor, "scene joint row column"]:
        """Logits over the cells, for pixels in [0, 1].

        Raises:
            ValueError: If the images are not finite, or not of 3 channels and 48x48 pixels.
        """
        _require("images", images, 3, SIZE, SIZE, axes="scene channel height width")
        fine = self.fine(images - 0.5)  # 12x12
        middle = self.middle(fine)  # 6x6
        coarse = self.coarse(middle)  # 3x3: a cell sees all of the picture
        return self.head(fine + self.twice(self.merge(middle + self.twice(coarse))))


# --8<-- [end:model]


# --8<-- [start:locate] Places from heat maps: an average, of all cells or round the largest
def expected_place(logits: Float[Tensor, "*batch row column"]) -> Float[Tensor, "*batch axis"]:
    """Average place x, y over all cells, in pixels, weighted by softmax: the soft-argmax.

    Raises:
        ValueError: If the logits are not finite, or not of 12x12 cells.
    """
    _require("logits", logits, GRID, GRID)
    probabilities = logits.flatten(-2).softmax(dim=-1).unflatten(-1, (GRID, GRID))
    across, down = probabilities.sum(dim=-2), probabilities.sum(dim=-1)
    return torch.stack([across, down], dim=-2) @ CENTRES.to(logits.dtype)


def locate(logits: Float[Tensor, "*batch row column"]) -> Float[Tensor, "*batch axis"]:
    """Average place x, y over the likeliest cell and those beside it, in pixels.

    Raises:
        ValueError: As `expected_place`.
    """
    _require("logits", logits, GRID, GRID)
    best, number = logits.flatten(-2).argmax(dim=-1, keepdim=True), torch.arange(GRID)
    near_row = (number - best // GRID).abs() <= 1
    near_column = (number - best % GRID).abs() <= 1
    near = near_row[..., :, None] & near_column[..., None, :]
    return expected_place(logits.masked_fill(~near, torch.finfo(logits.dtype).min))


# --8<-- [end:locate]


# --8<-- [start:loss] Loss: cross-entropy over the cells
def heat_map_loss(
    logits: Float[Tensor, "place row column"],
    joints: Float[Tensor, "place axis"],
) -> Float[Tensor, ""]:
    """Surprise at the cells round each joint, in nats, averaged over the joints.

    Raises:
        ValueError: As `heat_maps`, and if the logits are not finite, or not of 12x12 cells.
    """
    _require("logits", logits, GRID, GRID)
    return cross_entropy(logits.flatten(1), heat_maps(joints).flatten(1))


# --8<-- [end:loss]


# --8<-- [start:algorithm] Algorithm: Adam, one cycle of the learning rate
class Step(NamedTuple):
    """The loss of a batch, before its update."""

    loss: float


def train(
    model: nn.Module,
    images: Images,
    joints: Places,
    *,
    counted: Counted | None = None,
    loss: Callable[[Tensor, Tensor], Tensor] = heat_map_loss,
    epochs: int = 3,
    batch_size: int = 32,
    learning_rate: float = 0.02,
    seed: int = 0,
) -> Iterator[Step]:
    """Update `model` in place, yielding one `Step` per update.

    Args:
        model: Gives for each scene and joint what `loss` takes.
        images: Pixels in [0, 1].
        joints: x, y in pixels.
        counted: The joints that are trained on; all of them if left out.
        loss: Of outputs and true places, one for each counted joint of a batch.
        epochs: How often each scene is seen; those that fill no batch are left out.
        batch_size: Scenes per update.
        learning_rate: At its highest, after a quarter of the updates.
        seed: Of the order of the scenes.

    Raises:
        ValueError: If the tensors do not fit, or there is less than one batch.
    """
    _require("images", images, 3, SIZE, SIZE, axes="scene channel height width")
    counted = _require_counted(counted, joints)
    _require_settings(len(images), len(joints), epochs, batch_size, learning_rate)
    generator = torch.Generator().manual_seed(seed)
    batches = len(images) // batch_size
    optimizer = torch.optim.AdamW(model.parameters(), lr=learning_rate)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, learning_rate, total_steps=epochs * batches, pct_start=0.25
    )
    model.train()
    for _ in range(epochs):
        order = torch.randperm(len(images), generator=generator)[: batches * batch_size]
        for batch in order.view(batches, batch_size):
            kept = counted[batch]
            value = loss(model(images[batch])[kept], joints[batch][kept])
            optimizer.zero_grad()
            value.backward()
            optimizer.step()
            schedule.step()
            yield Step(value.item())


def trained(*, num_scenes: int = 8192, seed: int = 0) -> PoseNet:
    """Return a network trained on scenes of its own, with the settings of `train`.

    Raises:
        ValueError: If there are too few scenes for a batch.
    """
    scenes = draw(num_scenes, seed=1000 + seed)
    torch.manual_seed(seed)
    model = PoseNet()
    list(train(model, scenes.images, scenes.joints, seed=seed))
    return model.eval()


@torch.no_grad()
def predict(model: nn.Module, images: Images) -> Places:
    """Places x, y in pixels of the joints in each picture. The model is left in its mode.

    Raises:
        ValueError: As `PoseNet.forward`.
    """
    training = model.training
    model.eval()
    places = torch.cat([locate(model(some)) for some in images.split(256)])
    model.train(training)
    return places


# --8<-- [end:algorithm]


# --8<-- [start:metrics] Metrics: which joints were found, and does left lie where right is?
HEAD, NECK = JOINTS.index("head"), JOINTS.index("neck")
PAIRS = tuple((k, JOINTS.index("right" + JOINTS[k][4:])) for k in (3, 4, 7, 8))  # left, right


def pckh(
    predictions: Places, joints: Places, counted: Counted | None = None, *, fraction: float = 0.5
) -> Float[Tensor, ""]:
    """Part of the counted joints that are at most so many head-neck distances off, in [0, 1].

    The distance is that of the joint's own person. All counted joints of all scenes weigh alike.
    NaN if none is counted.

    Args:
        predictions: x, y in pixels.
        joints: Where they are.
        counted: All of them if left out.
        fraction: Of the head-neck distance.

    Raises:
        ValueError: If the shapes differ, a tensor is empty, not finite or not of eleven places,
            a head lies on its neck, `counted` is not boolean, or `fraction` not positive.
    """
    lengths = _head_lengths(predictions, joints)
    counted = _require_counted(counted, joints)
    if not fraction > 0:
        raise ValueError(f"fraction must be positive, got {fraction}")
    found = (predictions - joints).norm(dim=2) <= fraction * lengths[:, None]
    return found[counted].to(joints.dtype).mean()


def swapped(predictions: Places, joints: Places) -> Float[Tensor, "scene pair"]:
    """1 if both of PAIRS are predicted nearer to the other's place than to their own, 0 if not.

    NaN if the true places are less than a head-neck distance apart: too close to tell.

    Raises:
        ValueError: As `pckh`.
    """
    lengths = _head_lengths(predictions, joints)
    left, right = (torch.tensor(side) for side in zip(*PAIRS, strict=True))
    truth, other = joints[:, [*left, *right]], joints[:, [*right, *left]]
    guess = predictions[:, [*left, *right]]
    nearer_to_other = (guess - other).norm(dim=2) < (guess - truth).norm(dim=2)
    both = nearer_to_other.unflatten(1, (2, -1)).all(dim=1).to(joints.dtype)
    apart = (joints[:, left] - joints[:, right]).norm(dim=2)
    return both.masked_fill(apart < lengths[:, None], torch.nan)


# --8<-- [end:metrics]


def _require(name: str, tensor: Tensor, *ending: int, axes: str = "") -> None:
    """Refuse what is not finite, has other last axes, or other axes than these if any are named."""
    if not isinstance(tensor, Tensor) or tensor.shape[-len(ending) :] != ending:
        got = tuple(tensor.shape) if isinstance(tensor, Tensor) else type(tensor).__name__
        raise ValueError(f"{name} must be (..., {', '.join(map(str, ending))}), got {got}")
    require_tensor(name, tensor if axes else tensor.flatten(), axes or "number")


def _require_counted(counted: Tensor | None, joints: Tensor) -> Tensor:
    _require("joints", joints, len(JOINTS), 2, axes="scene joint axis")
    counted = torch.ones(joints.shape[:2], dtype=torch.bool) if counted is None else counted
    require_same_shape("counted", counted, "the joints", joints[:, :, 0])
    if counted.dtype != torch.bool:
        raise ValueError(f"counted must be boolean, got {counted.dtype}")
    return counted


def _require_settings(scenes: int, truths: int, epochs: int, batch_size: int, rate: float) -> None:
    if scenes != truths:
        raise ValueError(f"joints must be of {scenes} scenes, as images are, got {truths}")
    if epochs < 1 or not 0 < rate < float("inf"):
        raise ValueError(f"epochs and learning_rate must be positive, got {epochs} and {rate}")
    if not 2 <= batch_size <= scenes:  # batch normalisation needs two
        raise ValueError(f"batch_size must be from 2 to {scenes}, got {batch_size}")


def _head_lengths(predictions: Tensor, joints: Tensor) -> Tensor:
    require_same_shape("joints", joints, "predictions", predictions)
    for name, places in (("predictions", predictions), ("joints", joints)):
        _require(name, places, len(JOINTS), 2, axes="scene joint axis")
    lengths = (joints[:, HEAD] - joints[:, NECK]).norm(dim=1)
    if not lengths.min() > 0:
        raise ValueError("head and neck must lie apart in every scene, got a distance of 0")
    return lengths
