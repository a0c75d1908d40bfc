"""Detection: a list of boxes for each picture, each with a kind and a score.

Every cell of a grid says which box fills the object whose middle is near, how well that box fits,
and of which kind the object is. Of guesses that overlap, the best is kept. A box is left, top,
right, bottom in pixels.

Source: Redmon et al., "You Only Look Once: Unified, Real-Time Object Detection", CVPR 2016, for
the grid, and for a score that learns the overlap; Tian et al., "FCOS: Fully Convolutional
One-Stage Object Detection", ICCV 2019, for several cells to an object and no anchor boxes;
Lin et al., "Microsoft COCO: Common Objects in Context", ECCV 2014, and its evaluation code, for
the average precision.

Departs: one small network, trained from nothing; the object whose middle is nearest owns a cell;
a box is a shift and two logarithms.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn import functional

from dlbasic.checks import require
from dlbasic.data.scenes import KINDS, SIZE, Scenes, draw
from dlbasic.losses.cross_entropy import cross_entropy
from dlbasic.losses.mse import l1
from dlbasic.tasks.segmentation import Encoder, Images, Step, block

Boxes = Float[Tensor, "... 4"]  # left, top, right, bottom in pixels
Kinds = Int[Tensor, "..."]  # 0: nothing, k: KINDS[k - 1]
Points = Float[Tensor, "... 2"]  # x, y in pixels
Outputs = Float[Tensor, "scene cell 9"]  # score, box and kinds, as a cell says them
# --8<-- [start:data] Data: which cell answers for which object
GRID = 12  # cells on each side of the picture
STRIDE = SIZE / GRID  # pixels from one cell to the next
CELLS = STRIDE * (0.5 + torch.cartesian_prod(*[torch.arange(GRID)] * 2).flip(1))  # their middles


def assign(
    boxes: Boxes, kinds: Kinds, *, cells: Points = CELLS, reach: float = STRIDE
) -> tuple[Boxes, Kinds]:
    """The object whose middle is nearest to each cell, if it is within reach; else nothing.

    Args:
        boxes: Of every object (scene, object, 4); anything where there is none.
        kinds: Of every object (scene, object); 0 where there is none.
        cells: Where the middles of the cells are (cell, 2).
        reach: How far the middle of an object may be, across and down, in pixels.

    Returns:
        Its box (scene, cell, 4) and its kind (scene, cell), 0 for nothing.

    Raises:
        ValueError: If boxes and kinds do not pair up, the box of an object has no area, or
            `reach` is not positive.
    """
    _require_objects(boxes, kinds, "scene object")
    require(reach > 0, "reach", "positive", reach)
    shifts = (boxes[:, None, :, :2] + boxes[:, None, :, 2:]) / 2 - cells[:, None]
    distances = shifts.abs().amax(dim=-1).masked_fill((kinds == 0)[:, None], torch.inf)
    nearest, owners = distances.min(dim=2)  # of (scene, cell, object)
    owned = boxes.take_along_dim(owners[..., None], dim=1)
    return owned, kinds.take_along_dim(owners, dim=1) * (nearest <= reach)


# --8<-- [end:data]
# --8<-- [start:model] Model: nine numbers for each cell
class Detector(nn.Module):
    """The encoder of segmentation, and nine numbers for each cell of a 12×12 grid."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = Encoder()
        _, middle, coarse = self.encoder.channels
        self.up, self.mix = nn.Conv2d(coarse, middle, 1), block(middle, middle)
        self.head = nn.Conv2d(middle, 5 + len(KINDS), 1)

    def forward(self, images: Images) -> Outputs:
        """Logit of the score, four numbers for `decode`, and logits of KINDS, for each cell.

        Raises:
            ValueError: If `images` is empty, not finite or not (scene, 3, 48, 48).
        """
        _, middle, coarse = self.encoder(images)
        require(images.shape[2:] == (SIZE, SIZE), "images", "48×48", tuple(images.shape))
        far = functional.interpolate(self.up(coarse), scale_factor=2)
        return self.head(self.mix(middle + far)).flatten(2).mT


def encode(boxes: Boxes, cells: Points) -> Float[Tensor, "... 4"]:
    """Shift from the middle of the cell to that of the box, and log of its sides; in cells."""
    shift = ((boxes[..., :2] + boxes[..., 2:]) / 2 - cells) / STRIDE
    return torch.cat([shift, ((boxes[..., 2:] - boxes[..., :2]) / STRIDE).log()], dim=-1)


def decode(numbers: Float[Tensor, "... 4"], cells: Points) -> Boxes:
    """Boxes in pixels. No side is shorter than one pixel or longer than the picture."""
    middles = cells + STRIDE * numbers[..., :2]
    sides = (STRIDE * numbers[..., 2:].exp()).clamp(1, SIZE)
    return torch.cat([middles - sides / 2, middles + sides / 2], dim=-1)


# --8<-- [end:model]
# --8<-- [start:loss] Loss: how well the box fits, where it is, and what it holds
def iou(boxes: Boxes, others: Boxes) -> Float[Tensor, "..."]:
    """Area that two boxes share, divided by the area that they cover together.

    The axes before the last are broadcast: `iou(boxes[:, None], others)` is a table of all pairs.

    Raises:
        ValueError: If a side is not finite, or a box has no area.
    """
    for name, some in {"boxes": boxes, "others": others}.items():
        _require_boxes(name, some)
    top_left = torch.maximum(boxes[..., :2], others[..., :2])
    bottom_right = torch.minimum(boxes[..., 2:], others[..., 2:])
    intersections = (bottom_right - top_left).clamp(min=0).prod(dim=-1)
    areas, other_areas = ((b[..., 2:] - b[..., :2]).prod(dim=-1) for b in (boxes, others))
    return intersections / (areas + other_areas - intersections)


def detection_loss(outputs: Outputs, boxes: Boxes, kinds: Kinds) -> Float[Tensor, ""]:
    """Surprise at the scores, error of the boxes and surprise at the kinds, for an owned cell.

    A score should be the IoU of the box that the cell says with the box of its object, and 0
    where it owns none. Boxes (scene, cell, 4) and kinds (scene, cell) are those of `assign`.

    Raises:
        ValueError: If outputs, boxes and kinds do not fit, or no cell owns an object.
    """
    _require_objects(boxes, kinds, "scene cell")
    owned, shapes = kinds > 0, (tuple(outputs.shape), tuple(kinds.shape))
    require(shapes[0] == (*shapes[1], 9), "outputs and kinds", "(scene, cell, 9 and none)", shapes)
    require(bool(owned.any()), "kinds", "above 0 in some cell", "0 in all")
    numbers, logits = outputs[owned][:, 1:5], outputs[owned][:, 5:]
    boxes, cells = boxes[owned], CELLS.expand(*kinds.shape, 2)[owned]
    fits = torch.zeros_like(outputs[..., 0])
    fits[owned] = iou(decode(numbers.detach(), cells), boxes)
    score = functional.binary_cross_entropy_with_logits(outputs[..., 0], fits, reduction="sum")
    one_hot = torch.eye(len(KINDS), dtype=outputs.dtype)[kinds[owned] - 1]
    return score / owned.sum() + l1(numbers, encode(boxes, cells)) + cross_entropy(logits, one_hot)


# --8<-- [end:loss]
# --8<-- [start:algorithm] Algorithm: small batches, and a rate that rises and falls
def train(
    model: Detector,
    scenes: Scenes,
    *,
    steps: int = 1792,
    batch_size: int = 16,
    learning_rate: float = 1e-2,
    seed: int = 0,
) -> Iterator[Step]:
    """Update `model` in place, yielding one `Step` per update.

    The rate of AdamW rises from near zero to `learning_rate`, and falls to zero (one cycle).
    Batches are drawn with replacement.

    Raises:
        ValueError: As `assign`, and if a setting is not positive or not finite.
    """
    positive = min(steps, batch_size, learning_rate) > 0 and learning_rate < torch.inf
    require(positive, "settings", "positive", (steps, batch_size, learning_rate))
    boxes, kinds = assign(scenes.boxes, scenes.kinds)
    generator = torch.Generator().manual_seed(seed)
    optimizer = torch.optim.AdamW(model.parameters(), lr=learning_rate, fused=True)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, learning_rate, total_steps=steps)
    model.train()
    for step in range(steps):
        batch = torch.randint(len(kinds), (batch_size,), generator=generator)
        loss = detection_loss(model(scenes.images[batch]), boxes[batch], kinds[batch])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        yield Step(step, loss.item())


def trained(*, num_scenes: int = 6144, seed: int = 0) -> Detector:
    """Return a detector trained on scenes that are drawn with the seed 1000 + `seed`.

    Raises:
        ValueError: As `train`, and if `num_scenes` is not a positive integer.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)  # of the first weights
        model = Detector()
    list(train(model, draw(num_scenes, seed=1000 + seed), seed=seed))
    return model.eval()


# --8<-- [end:algorithm]
# --8<-- [start:detect] From what the cells say to a list for each picture
class Detections(NamedTuple):
    """What was found in one picture."""

    boxes: Float[Tensor, "box 4"]
    scores: Float[Tensor, " box"]
    kinds: Int[Tensor, " box"]  # k: KINDS[k - 1]


def nms(guesses: Detections, *, threshold: float = 0.5) -> Detections:
    """Best first, the guesses that overlap no better one of their kind by more than `threshold`.

    Of equal scores, the first is the better. A threshold of 1 keeps every guess.

    Raises:
        ValueError: If boxes, scores and kinds do not pair up, a box has no area, a score is not
            finite, or `threshold`, an IoU, is not in [0, 1].
    """
    require(0 <= threshold <= 1, "threshold", "in [0, 1]", threshold)
    _require_objects(guesses.boxes, guesses.kinds, "box")
    finite = guesses.scores.shape == guesses.kinds.shape and guesses.scores.isfinite().all()
    require(bool(finite), "scores", "finite, one a box", guesses.scores)
    order = guesses.scores.argsort(descending=True, stable=True)
    boxes, scores, kinds = (part[order] for part in guesses)
    repeats = (iou(boxes[:, None], boxes) > threshold) & (kinds[:, None] == kinds)
    kept = torch.ones(len(boxes), dtype=torch.bool)
    for k in range(len(boxes)):
        kept[k + 1 :] &= ~(kept[k] & repeats[k, k + 1 :])
    return Detections(boxes[kept], scores[kept], kinds[kept])


@torch.no_grad()
def detect(
    model: Detector, images: Images, *, lowest: float = 0.05, threshold: float = 0.5
) -> list[Detections]:
    """What is found in each picture. The model is left in evaluation mode.

    Args:
        model: A trained detector.
        images: As in `Detector.forward`.
        lowest: The score that a guess needs.
        threshold: As in `nms`.

    Raises:
        ValueError: As `Detector.forward` and `nms`.
    """
    model.eval()  # batch norm takes the averages of the training, not those of these pictures
    outputs = torch.cat([model(some) for some in images.split(128)])
    chances, kinds = outputs[..., 5:].softmax(dim=2).max(dim=2)
    scores, boxes = outputs[..., 0].sigmoid() * chances, decode(outputs[..., 1:5], CELLS)
    cells = zip(boxes, scores, 1 + kinds, scores >= lowest, strict=True)
    return [nms(Detections(b[g], s[g], k[g]), threshold=threshold) for b, s, k, g in cells]


# --8<-- [end:detect]
# --8<-- [start:metrics] Average precision: how pure the list is, down to each recall
THRESHOLDS = 0.5 + 0.05 * torch.arange(10).double()  # the IoU from which an object is found


def precision_recall(
    found: Sequence[Detections], boxes: Boxes, kinds: Kinds, kind: int
) -> tuple[Float[Tensor, "threshold guess"], Float[Tensor, "threshold guess"]]:
    """Precision and recall of the guesses at a kind, down to each, best first; by THRESHOLDS.

    In each picture the best guess comes first, and takes the object that it overlaps most of those
    that no better one took. It is right if their IoU reaches the threshold. The best 100 count.

    Args:
        found: What was found in each picture.
        boxes: Of every object that is there (scene, object, 4).
        kinds: Of every object (scene, object); 0 where there is none.
        kind: Which to look at.

    Raises:
        ValueError: If found, boxes and kinds do not pair up, a box has no area, or there is no
            object of the kind.
    """
    _require_objects(boxes, kinds, "scene object")
    require(len(found) == len(kinds), "found", f"{len(kinds)}, one a scene", len(found))
    require(bool((kinds == kind).any()), "kind", f"in {kinds.unique().tolist()}", kind)
    scores, hits = [], [torch.zeros(len(THRESHOLDS), 0)]
    for guesses, truths, theirs in zip(found, boxes.double(), kinds == kind, strict=True):
        mine = nms(Detections(*(part[guesses.kinds == kind] for part in guesses)), threshold=1.0)
        overlaps = iou(mine.boxes[:100, None].double(), truths[theirs])
        free = torch.ones(len(THRESHOLDS), overlaps.shape[1] + 1)  # one more that nobody overlaps
        for row in functional.pad(overlaps, (0, 1)):
            most, taken = (row * free).max(dim=1, keepdim=True)
            hits.append(most >= THRESHOLDS[:, None])
            free.scatter_(1, taken, free.gather(1, taken) * ~hits[-1])
        scores.append(mine.scores[:100])
    order = torch.cat(scores).argsort(descending=True, stable=True)
    num_right = torch.cat(hits, dim=1)[:, order].double().cumsum(dim=1)
    return num_right / torch.arange(1, 1 + len(order)), num_right / (kinds == kind).sum()


def average_precision(
    found: Sequence[Detections], boxes: Boxes, kinds: Kinds
) -> Float[Tensor, "threshold kind"]:
    """Best precision at a recall of r or more, averaged over r = 0, 0.01, …, 1.

    For each of THRESHOLDS and KINDS. A recall that is not reached has the precision 0.

    Raises:
        ValueError: As `precision_recall`.
    """
    levels = 0.01 * torch.arange(101).double().expand(len(THRESHOLDS), -1)
    columns = []
    for kind in range(1, 1 + len(KINDS)):
        precisions, recalls = precision_recall(found, boxes, kinds, kind)
        best = functional.pad(precisions.flip(1).cummax(dim=1).values.flip(1), (0, 1))
        columns.append(best.gather(1, torch.searchsorted(recalls, levels)).mean(dim=1))
    return torch.stack(columns, dim=1)


# --8<-- [end:metrics]


def _require_boxes(name: str, boxes: Tensor) -> None:
    shape = tuple(boxes.shape) if isinstance(boxes, Tensor) else (type(boxes).__name__,)
    require(shape[-1:] == (4,), name, "a tensor (…, 4)", shape)
    bad = boxes[~(boxes.isfinite().all(dim=-1) & (boxes[..., 2:] > boxes[..., :2]).all(dim=-1))]
    require(len(bad) == 0, name, "left, top, right, bottom with an area", bad[:1].tolist())


def _require_objects(boxes: Tensor, kinds: Tensor, axes: str) -> None:
    pairs = kinds.ndim == len(axes.split()) and boxes.shape == (*kinds.shape, 4)
    require(pairs, "boxes and kinds", f"({axes} 4) and ({axes})", (boxes.shape, kinds.shape))
    require(bool(((kinds >= 0) & (kinds <= 4)).all()), "kinds", "0 to 4", kinds.unique().tolist())
    _require_boxes("boxes", boxes[kinds > 0])
