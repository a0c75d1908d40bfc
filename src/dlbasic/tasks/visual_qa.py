"""Visual question answering: a picture, a question in words, and an answer out of sixteen.

Source: Antol et al., "VQA: Visual Question Answering", ICCV 2015, for the task; Zhou et al.,
"Simple Baseline for Visual Question Answering", 2015, arXiv:1512.02167, for the bag of words;
Yang et al., "Stacked Attention Networks for Image Question Answering", CVPR 2016, and Vaswani
et al., "Attention Is All You Need", NeurIPS 2017, section 3.2, for the look; Anderson et al.,
"Bottom-Up and Top-Down Attention for Image Captioning and Visual Question Answering", CVPR 2018,
for eyes that were taught objects before any question.

Departs: one round of looking; the eyes learn maps of cells, not boxes; everything is small.
"""

import math
from collections.abc import Callable, Iterator
from itertools import chain
from typing import NamedTuple

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn import functional

from dlbasic.checks import require_indices, require_pair, require_same_shape, require_tensor
from dlbasic.data.questions import ANSWERS, PADDING, SHAPES, TYPES, WORDS, ask
from dlbasic.data.scenes import ACTIVITIES, COLOURS, JOINTS, PERSON, SIZE, Scenes, draw
from dlbasic.losses.cross_entropy import cross_entropy

GRID = 12  # cells, of both sides; a cell is 4×4 pixels
THINGS = SHAPES + ACTIVITIES  # a person counts as what is done
HEADS = 8  # places at which a question can look at once
Images = Float[Tensor, "scene channel height width"]  # red, green, blue in [0, 1]
Grids = Float[Tensor, "scene cell feature"]
Words = Int[Tensor, "scene question word"]  # 0: none, k: WORDS[k - 1]
Chosen = Int[Tensor, "scene question"]
Scores = Float[Tensor, "scene question answer"]
Maps = Float[Tensor, "scene cell map"]


# --8<-- [start:data] Data: several questions for each picture, and maps of what is where
class Interview(NamedTuple):
    """Several questions about each of some pictures."""

    words: Words
    answers: Chosen  # index into ANSWERS
    types: Chosen  # index into TYPES


def interview(scenes: Scenes, *, num_questions: int, seed: int = 0) -> Interview:
    """Ask about each scene `num_questions` times. A question may come twice.

    Raises:
        ValueError: If `num_questions` is not a positive integer.
    """
    if not isinstance(num_questions, int) or num_questions < 1:
        raise ValueError(f"num_questions must be a positive integer, got {num_questions}")
    rounds = [ask(scenes, seed=1000 * seed + k) for k in range(num_questions)]
    return Interview(*(torch.stack(parts, dim=1) for parts in zip(*rounds, strict=True)))


def what_is_where(scenes: Scenes) -> Maps:
    """What each cell holds, from 0 to 1, row by row.

    The maps: the part of the cell that each of THINGS covers, and each of COLOURS; then 1 where
    each of THINGS has the middle of its box, and 1 where each of JOINTS lies.
    """
    seen = scenes.objects[:, None] == torch.arange(1, 6, dtype=torch.uint8)[:, None, None]
    covered = functional.avg_pool2d(seen.float(), SIZE // GRID).flatten(2).mT
    things = scenes.kinds.clone()
    things[:, PERSON] += scenes.activities
    things = functional.one_hot(things, 1 + len(THINGS))[..., 1:].float()
    colours = functional.one_hot(1 + scenes.colours, 1 + len(COLOURS))[..., 1:].float()
    middles = (scenes.boxes[..., :2] + scenes.boxes[..., 2:]) / 2
    places = torch.cat([middles, scenes.joints], dim=1) * (GRID / SIZE)
    column, row = places.long().clamp(0, GRID - 1).unbind(dim=2)
    marks = functional.one_hot(GRID * row + column, GRID**2).mT.float()
    middles, joints = marks.tensor_split([1 + PERSON], dim=2)
    parts = [covered @ things, covered @ colours, middles @ things, joints]
    return torch.cat(parts, dim=2).clamp(max=1)


# --8<-- [end:data]
# --8<-- [start:model] Model: eyes, a bag of words, and heads that look where the question says
class VisualQA(nn.Module):
    """Logits of ANSWERS, for several questions about each picture."""

    def __init__(self) -> None:
        super().__init__()
        shapes = ((3, 12, 5, 2), (12, 12, 3, 1), (12, 48, 3, 2), (48, 48, 3, 1), (48, 48, 3, 1))
        blocks = [  # inputs, outputs, size and stride of each convolution: 24×24 places, then 12×12
            (nn.Conv2d(i, o, k, s, k // 2, bias=False), nn.BatchNorm2d(o), nn.ReLU())
            for i, o, k, s in shapes
        ]
        self.eyes = nn.Sequential(*chain(*blocks))
        self.maps = nn.Linear(48 + 2, 2 * len(THINGS) + len(COLOURS) + len(JOINTS))
        self.words = nn.EmbeddingBag(1 + len(WORDS), 48, mode="sum", padding_idx=PADDING)
        self.layer = nn.Linear(48, 64)
        width = HEADS * (48 + 2)
        self.queries = nn.Linear(64, width)
        self.decide = nn.Sequential(nn.Linear(width + 64, 128), nn.ReLU(), nn.Linear(128, 16))

    def see(self, images: Images) -> Grids:
        """What the eyes say of each cell, row by row, and then its column and row."""
        require_tensor("images", images, "scene channel height width")
        if images.shape[1:] != (3, SIZE, SIZE):
            raise ValueError(f"images must be (3, {SIZE}, {SIZE}), got {tuple(images.shape[1:])}")
        shifted = (2 * images - 0.8).contiguous(memory_format=torch.channels_last)
        cells = self.eyes(shifted).flatten(2).mT
        line = torch.linspace(-1, 1, GRID)
        places = torch.cartesian_prod(line, line).flip(1)
        return torch.cat([cells, places.expand(len(cells), -1, -1)], dim=2)

    def read(self, words: Words) -> Float[Tensor, "scene question dim"]:
        """One vector for each question: the order of its words is lost."""
        require_indices("words", words, 1 + len(WORDS), "scene question word")
        bags = self.words(words.flatten(0, 1)).unflatten(0, words.shape[:2])
        return self.layer(bags).relu()

    def look(self, grids: Grids, words: Words) -> Float[Tensor, "scene question head cell"]:
        """How much each head looks at each cell: a part of 1."""
        if len(words) != len(grids):
            raise ValueError(f"words must be of {len(grids)} pictures, got {len(words)}")
        queries = self.queries(self.read(words)).unflatten(2, (HEADS, -1))
        fits = torch.einsum("sqhd,scd->sqhc", queries, grids) / math.sqrt(grids.shape[2])
        return fits.softmax(dim=3)

    def forward(self, grids: Grids, words: Words) -> Scores:
        """Logits of the answers, from what was seen and what was asked."""
        found = torch.einsum("sqhc,scd->sqhd", self.look(grids, words), grids)
        return self.decide(torch.cat([found.flatten(2), self.read(words)], dim=2))


# --8<-- [end:model]
# --8<-- [start:loss] Loss: the surprise at the answer, and before that at the maps
def answer_loss(logits: Scores, answers: Chosen) -> Float[Tensor, ""]:
    """Cross-entropy of the answers, in nats, averaged over all questions.

    Raises:
        ValueError: If the two do not pair up, or an answer is no index into ANSWERS.
    """
    require_same_shape("answers", answers, "the questions", logits[..., 0])
    require_indices("answers", answers, len(ANSWERS), "scene question")
    rows = torch.eye(len(ANSWERS), dtype=logits.dtype)[answers.flatten()]
    return cross_entropy(logits.flatten(0, 1), rows)


def map_loss(logits: Maps, maps: Maps) -> Float[Tensor, ""]:
    """Binary cross-entropy of maps in [0, 1], in nats, averaged over cells and scenes.

    Summed over the maps. Those of the shapes' parts are the hardest, and count four times.

    Raises:
        ValueError: If the shapes differ, or a number is not finite.
    """
    require_pair("maps", maps, "logits", logits, "scene cell map")
    surprise = functional.softplus(logits) - maps * logits
    return surprise.sum(dim=2).mean() + 3 * surprise[..., :3].sum(dim=2).mean()


# --8<-- [end:loss]
# --8<-- [start:algorithm] Algorithm: learn to see, then to answer
class Step(NamedTuple):
    """One update: its number, and the loss of the batch before it, in nats."""

    step: int
    loss: float


def train_eyes(
    model: VisualQA, scenes: Scenes, *, epochs: int = 3, learning_rate: float = 2e-2, seed: int = 0
) -> Iterator[Step]:
    """Teach the eyes of `model` what is where, in place, yielding one `Step` per update.

    Raises:
        ValueError: If a setting is not positive, or the scenes fill no batch.
    """
    maps, images = what_is_where(scenes), scenes.images
    model.train()

    def loss_of(batch: Tensor, _: int) -> Tensor:
        return map_loss(model.maps(model.see(images[batch])), maps[batch])

    yield from _updates(model, loss_of, (len(maps), epochs, 16), learning_rate, seed)


def train(
    model: VisualQA,
    images: Images,
    questions: Interview,
    *,
    epochs: int = 3,
    batch_size: int = 32,
    learning_rate: float = 8e-3,
    seed: int = 0,
) -> Iterator[Step]:
    """Teach `model` to answer, in place, yielding one `Step` per update. Its eyes stay as they are.

    Each epoch asks every picture another share of its questions.

    Raises:
        ValueError: If pictures and questions do not pair up, if there are fewer questions than
            epochs, if a setting is not positive, or if the pictures fill no batch.
    """
    grids = grids_of(model, images)
    words, answers, _ = questions
    require_same_shape("answers", answers, "the questions", words[..., 0])
    if len(words) != len(grids) or words.shape[1] < epochs:
        got = f"{tuple(words.shape)} for {len(grids)} and {epochs}"
        raise ValueError(f"words must be of all images, and one an epoch or more, got {got}")

    def loss_of(batch: Tensor, epoch: int) -> Tensor:
        logits = model(grids[batch], words[batch, epoch::epochs])
        return answer_loss(logits, answers[batch, epoch::epochs])

    yield from _updates(model, loss_of, (len(grids), epochs, batch_size), learning_rate, seed)


def _updates(
    model: nn.Module, loss_of: Callable, sizes: tuple[int, ...], learning_rate: float, seed: int
) -> Iterator[Step]:
    """Follow one cycle of AdamW's rate: up for a fifth of the steps, then down to zero."""
    num_scenes, epochs, batch_size = sizes
    per_epoch = num_scenes // batch_size if batch_size > 0 else 0
    if epochs < 1 or per_epoch < 1 or not 0 < learning_rate < math.inf:
        raise ValueError(f"rate and sizes must be positive, got {learning_rate} and {sizes}")
    optimizer = torch.optim.AdamW(model.parameters(), lr=learning_rate, weight_decay=0.02)
    steps = epochs * per_epoch
    cycle = torch.optim.lr_scheduler.OneCycleLR(optimizer, learning_rate, steps, pct_start=0.2)
    generator = torch.Generator().manual_seed(seed)
    for epoch in range(epochs):
        order = torch.randperm(num_scenes, generator=generator)
        for number, batch in enumerate(order[: per_epoch * batch_size].split(batch_size)):
            loss = loss_of(batch, epoch)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            cycle.step()
            yield Step(epoch * per_epoch + number, loss.item())


def trained(*, num_scenes: int = 6144, seed: int = 0) -> VisualQA:
    """Return a network trained on scenes that are drawn with the seed 1000 + `seed`.

    Raises:
        ValueError: As `train`, and if `num_scenes` is not a positive integer.
    """
    scenes = draw(num_scenes, seed=1000 + seed)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)  # of the first weights
        model = VisualQA()
    questions = interview(scenes, num_questions=24, seed=1000 + seed)
    answering = train(model, scenes.images, questions, seed=seed)
    for _ in chain(train_eyes(model, scenes, seed=seed), answering):
        pass
    return model.eval()


# --8<-- [end:algorithm]
# --8<-- [start:predict] Prediction: a probability for every answer, and the accuracy by type
@torch.no_grad()
def grids_of(model: VisualQA, images: Images) -> Grids:
    """What the eyes say of each picture. The model is left in evaluation mode.

    Raises:
        ValueError: If the pictures are empty, not finite, or of another size.
    """
    model.eval()
    return torch.cat([model.see(part).contiguous() for part in images.split(128)])


@torch.no_grad()
def predict(model: VisualQA, images: Images, words: Words) -> Scores:
    """Probability of each of ANSWERS. The model is left in evaluation mode.

    Raises:
        ValueError: If pictures and questions do not pair up, or are no pictures or questions.
    """
    return model(grids_of(model, images), words).softmax(dim=2)


def accuracy_by_type(predicted: Chosen, answers: Chosen, types: Chosen) -> Float[Tensor, " type"]:
    """Part of the questions of each of TYPES that was answered right; NaN if it was not asked.

    Raises:
        ValueError: If the shapes differ, there is no question, or a number is no index.
    """
    require_same_shape("predicted", predicted, "answers", answers)
    require_same_shape("types", types, "answers", answers)
    require_indices("types", types, len(TYPES), "scene question")
    right = (predicted == answers).double()
    return torch.stack([right[types == k].mean() for k in range(len(TYPES))])


# --8<-- [end:predict]
