"""Classification: one answer for a whole picture. Which of five activities is seen?

Source: Lin, Chen and Yan, "Network In Network", ICLR 2014, arXiv:1312.4400, section 3.2, for the
average over all places; Ioffe and Szegedy, "Batch Normalization: Accelerating Deep Network
Training by Reducing Internal Covariate Shift", ICML 2015, for `block`; Smith and Topin,
"Super-Convergence: Very Fast Training of Neural Networks Using Large Learning Rates", 2017,
arXiv:1708.07120, for the learning rate; Zeiler and Fergus, "Visualizing and Understanding
Convolutional Networks", ECCV 2014, arXiv:1311.2901, section 4.2, for `cover`.

Departs: five convolutions at small size, and pooling before batch norm, which is faster.
"""

import math
from collections.abc import Iterator
from typing import NamedTuple

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from dlbasic.checks import require_tensor
from dlbasic.data.scenes import ACTIVITIES, SIZE, draw
from dlbasic.losses.cross_entropy import cross_entropy, softmax

Images = Float[Tensor, "scene channel height width"]  # red, green, blue in [0, 1]


# --8<-- [start:data] Data: one number for a picture becomes a row with a single 1
def one_hot(activities: Int[Tensor, " scene"]) -> Float[Tensor, "scene class"]:
    """A row for each scene: 1 for its activity, 0 for the other ones of ACTIVITIES.

    Raises:
        ValueError: If `activities` is empty or not made of indices into ACTIVITIES.
    """
    _require_activities("activities", activities)
    return torch.eye(len(ACTIVITIES))[activities]


# --8<-- [end:data]


# --8<-- [start:model] Model: where becomes what
def block(inputs: int, outputs: int) -> list[nn.Module]:
    """Layers that halve the grid: convolution, largest of each 2×2 places, batch norm, ReLU."""
    convolution = nn.Conv2d(inputs, outputs, 3, padding=1, bias=False)
    return [convolution, nn.MaxPool2d(2), nn.BatchNorm2d(outputs), nn.ReLU()]


class Classifier(nn.Module):
    """Logits of ACTIVITIES: five convolutions, an average over all places, one linear layer."""

    def __init__(self) -> None:
        super().__init__()
        self.features = nn.Sequential(
            *(nn.Conv2d(3, 16, 5, stride=2, padding=2, bias=False), nn.BatchNorm2d(16), nn.ReLU()),
            *block(16, 32),  # from 24×24 places to 12×12
            *block(32, 64),  # to 6×6
            *block(64, 96),  # to 3×3
            *(nn.Conv2d(96, 128, 3, padding=1, bias=False), nn.BatchNorm2d(128), nn.ReLU()),
        )
        self.head = nn.Linear(128, len(ACTIVITIES))

    def forward(self, images: Images) -> Float[Tensor, "scene class"]:
        """Logits of each picture.

        Raises:
            ValueError: If `images` is empty, not finite or not (scene, 3, 48, 48).
        """
        _require_images(images)
        centred = (images - 0.5).contiguous(memory_format=torch.channels_last)  # the faster layout
        return self.head(self.features(centred).mean(dim=(2, 3)))


# --8<-- [end:model]


# --8<-- [start:loss] Loss: the surprise at the activity
def activity_loss(
    logits: Float[Tensor, "scene class"], activities: Int[Tensor, " scene"]
) -> Float[Tensor, ""]:
    """Cross-entropy of the activities, in nats, averaged over the scenes.

    Raises:
        ValueError: If the two do not pair up, `logits` is not finite, or `activities` is not made
            of indices into ACTIVITIES.
    """
    return cross_entropy(logits, one_hot(activities).to(logits.dtype))


# --8<-- [end:loss]


# --8<-- [start:algorithm] Algorithm: a learning rate that rises, then falls to zero
class Step(NamedTuple):
    """One update: its number, and the loss of the batch before it, in nats."""

    step: int
    loss: float


def train(
    model: nn.Module,
    images: Images,
    activities: Int[Tensor, " scene"],
    *,
    epochs: int = 3,
    batch_size: int = 64,
    learning_rate: float = 6e-3,
    seed: int = 0,
) -> Iterator[Step]:
    """Update `model` in place, yielding one `Step` per update.

    The rate of AdamW rises from near zero to `learning_rate`, and falls to zero (one cycle).
    Every epoch takes each picture once; the last few that fill no batch are left out.

    Raises:
        ValueError: If pictures and activities do not pair up, if `epochs` or `batch_size` is not
            positive or the pictures fill no batch, or if `learning_rate` is not positive.
    """
    _require_examples(images, activities)
    per_epoch = len(images) // batch_size if batch_size > 0 else 0
    if epochs < 1 or per_epoch < 1:
        given = f"{epochs} epochs, {batch_size} of {len(images)}"
        raise ValueError(f"epochs and batch_size must be positive and fill a batch, got {given}")
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
            loss = activity_loss(model(images[batch]), activities[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            yield Step(epoch * per_epoch + number, loss.item())


def trained(*, num_scenes: int = 6144, seed: int = 0) -> Classifier:
    """Return a network trained on scenes that are drawn with the seed 1000 + `seed`.

    Raises:
        ValueError: As `train`, and if `num_scenes` is not a positive integer.
    """
    scenes = draw(num_scenes, seed=1000 + seed)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)  # of the first weights
        model = Classifier()
    for _ in train(model, scenes.images, scenes.activities, seed=seed):
        pass
    return model.eval()


# --8<-- [end:algorithm]


# --8<-- [start:predict] Prediction: a probability for every activity
@torch.no_grad()
def predict(model: nn.Module, images: Images) -> Float[Tensor, "scene class"]:
    """Probability of each of ACTIVITIES. The model is left in evaluation mode.

    Raises:
        ValueError: If `images` is empty, not finite or not (scene, 3, 48, 48).
    """
    _require_images(images)
    model.eval()  # batch norm takes the averages of the training, not those of these pictures
    return softmax(torch.cat([model(some) for some in images.split(128)]))


# --8<-- [end:predict]


# --8<-- [start:metrics] Metrics: one table of counts, and its diagonal
def confusion_matrix(
    activities: Int[Tensor, " scene"], answers: Int[Tensor, " scene"]
) -> Int[Tensor, "truth answer"]:
    """Number of scenes of each activity (row) that were given each answer (column).

    Raises:
        ValueError: If the lengths differ, or a tensor is empty or not made of indices.
    """
    _require_activities("activities", activities)
    _require_activities("answers", answers)
    if len(activities) != len(answers):
        raise ValueError(f"answers must be {len(activities)}, one a scene, got {len(answers)}")
    counts = torch.zeros(len(ACTIVITIES), len(ACTIVITIES), dtype=torch.int64)
    for truth, answer in zip(activities, answers, strict=True):
        counts[truth, answer] += 1
    return counts


def accuracy(counts: Int[Tensor, "truth answer"]) -> float:
    """Part of the scenes that lie on the diagonal: the right answers.

    Raises:
        ValueError: If `counts` is no square table of numbers from 0 on, or all of them are 0.
    """
    _require_counts(counts)
    return counts.trace().item() / counts.sum().item()


# --8<-- [end:metrics]


# --8<-- [start:cover] Occlusion: what if this part could not be seen?
def cover(
    images: Images, middles: Float[Tensor, "scene axis"], *, side: int = 8, shade: float = 0.5
) -> Images:
    """Copies of the pictures with a grey square on each, as far as it lies within the picture.

    Args:
        images: The pictures, which are left as they are.
        middles: Where the middle of each square is: x, y in pixels from the top left corner.
        side: Of the square, in pixels.
        shade: Of its red, green and blue, in [0, 1].

    Raises:
        ValueError: If pictures and middles do not pair up or are not finite, `side` is not
            positive, or `shade` not in [0, 1].
    """
    _require_images(images)
    require_tensor("middles", middles, "scene axis")
    if middles.shape != (len(images), 2):
        raise ValueError(f"middles must be ({len(images)}, 2), got {tuple(middles.shape)}")
    if not (side > 0 and 0 <= shade <= 1):
        raise ValueError(f"side must be positive and shade in [0, 1], got {side} and {shade}")
    pixels = torch.arange(SIZE) + 0.5  # the middles of the pixels
    near = (pixels - middles[:, :, None]).abs() < side / 2  # (scene, axis, pixel)
    square = near[:, 1, :, None] & near[:, 0, None, :]
    return torch.where(square[:, None], shade, images)


# --8<-- [end:cover]


def _require_images(images: Tensor) -> None:
    require_tensor("images", images, "scene channel height width")
    if images.shape[1:] != (3, SIZE, SIZE):
        raise ValueError(f"images must be (scene, 3, {SIZE}, {SIZE}), got {tuple(images.shape)}")


def _require_activities(name: str, activities: Tensor) -> None:
    if not isinstance(activities, Tensor) or activities.dtype != torch.int64:
        kind = activities.dtype if isinstance(activities, Tensor) else type(activities).__name__
        raise ValueError(f"{name} must be a tensor of int64, got {kind}")
    if activities.ndim != 1 or len(activities) == 0:
        shape = tuple(activities.shape)
        raise ValueError(f"{name} must be (scene,) and not empty, got the shape {shape}")
    low, high = (end.item() for end in activities.aminmax())
    if low < 0 or high >= len(ACTIVITIES):
        raise ValueError(f"{name} must be from 0 to {len(ACTIVITIES) - 1}, got {low} to {high}")


def _require_examples(images: Tensor, activities: Tensor) -> None:
    _require_images(images)
    _require_activities("activities", activities)
    if len(activities) != len(images):
        raise ValueError(f"activities must be {len(images)}, one a scene, got {len(activities)}")


def _require_counts(counts: Tensor) -> None:
    if not isinstance(counts, Tensor) or counts.dtype != torch.int64 or counts.ndim != 2:
        got = f"{counts.dtype} {tuple(counts.shape)}" if isinstance(counts, Tensor) else counts
        raise ValueError(f"counts must be an int64 table (truth, answer), got {got}")
    if counts.shape[0] != counts.shape[1] or not counts.any() or (counts < 0).any():
        raise ValueError(f"counts must be square, 0 or more and not all 0, got {counts.tolist()}")
