"""Questions about scenes, in words, with answers that follow from what is in the scene.

Five types: is there such an object, how many, of what colour, on which side, and what is done.
"""

from collections.abc import Sequence
from typing import NamedTuple

import torch
from jaxtyping import Bool, Int
from torch import Tensor

from dlbasic.data.scenes import ACTIVITIES, COLOURS, KINDS, NUM_SHAPES, PERSON, Scenes

TYPES = ("exists", "count", "colour", "side", "activity")
SHAPES = KINDS[:3]
ANSWERS = ("no", "yes", "0", "1", "2", "3", "4", *COLOURS, *ACTIVITIES)
PADDING = 0  # the word that fills up a question, which is none

# --8<-- [start:templates]
TEMPLATES = (
    "is there a {colour} {shape}",
    "how many {shape}s are there",
    "what colour is the {shape}",
    "is the {shape} left of the person",
    "what is the person doing",
)
# --8<-- [end:templates]
TEXTS = [
    [[template.format(colour=c, shape=s) for c in COLOURS] for s in SHAPES]
    for template in TEMPLATES
]  # by type, shape and colour
WORDS = sorted({word for texts in TEXTS for row in texts for text in row for word in text.split()})
LENGTH = max(len(template.split()) for template in TEMPLATES)
SIDE_MARGIN = 3.0  # pixels: where the middles of two objects are nearer, neither is to the left


class Questions(NamedTuple):
    """One question for each scene."""

    words: Int[Tensor, "scene word"]  # 0: none, k: WORDS[k - 1]
    answers: Int[Tensor, " scene"]  # index into ANSWERS
    types: Int[Tensor, " scene"]  # index into TYPES


def encode(question: str) -> Int[Tensor, " word"]:
    """Return the numbers of the words of a question, filled up with 0.

    Raises:
        ValueError: If there is no word, too many, or one that no scene was ever asked with.
    """
    words = question.lower().rstrip("? ").split()
    if not 1 <= len(words) <= LENGTH:
        raise ValueError(f"question must have 1 to {LENGTH} words, got {len(words)}: {question!r}")
    if unknown := [word for word in words if word not in WORDS]:
        raise ValueError(f"question must use the words {', '.join(WORDS)}; got {unknown[0]!r}")
    numbers = [1 + WORDS.index(word) for word in words]
    return torch.tensor(numbers + [PADDING] * (LENGTH - len(numbers)))


def decode(words: Sequence[int] | Int[Tensor, " word"]) -> str:
    """Return the question that these numbers stand for.

    Raises:
        ValueError: If a number stands for no word.
    """
    numbers = torch.as_tensor(words).tolist()
    if wrong := [number for number in numbers if not 0 <= number <= len(WORDS)]:
        raise ValueError(f"words must be numbers from 0 to {len(WORDS)}, got {wrong[0]}")
    return " ".join(WORDS[number - 1] for number in numbers if number != PADDING)


# --8<-- [start:ask]
def ask(scenes: Scenes, *, seed: int = 0) -> Questions:
    """One question for each scene, each type as often as it has a definite answer there.

    Half of the questions whether something exists are about something that does. A colour or a
    side is asked only of a shape that is the only one of its kind; a side, only if it is clear.
    """
    generator = torch.Generator().manual_seed(seed)
    n, shapes = len(scenes.kinds), scenes.kinds[:, :NUM_SHAPES]
    counts = torch.stack([(shapes == 1 + k).sum(dim=1) for k in range(len(SHAPES))], dim=1)
    middle = (scenes.boxes[..., 0] + scenes.boxes[..., 2]) / 2
    offsets = (
        torch.stack(
            [(middle[:, :NUM_SHAPES] * (shapes == 1 + k)).sum(dim=1) for k in range(len(SHAPES))],
            dim=1,
        )
        - middle[:, PERSON:]
    )
    single = counts == 1
    clear = single & (offsets.abs() >= SIDE_MARGIN)
    any_shape = torch.ones_like(single)

    there = _choose(shapes > 0, generator)  # one of the objects that are there, if there are any
    shape = torch.stack(
        [_choose(mask, generator) for mask in (any_shape, any_shape, single, clear, any_shape)]
    )
    colour = torch.randint(len(COLOURS), (n,), generator=generator)
    truly = (torch.rand(n, generator=generator) < 0.5) & (shapes > 0).any(dim=1)
    scene = torch.arange(n)
    shape[0] = torch.where(truly, shapes[scene, there] - 1, shape[0])
    colour = torch.where(truly, scenes.colours[scene, there], colour)

    found = (shapes == 1 + shape[0, :, None]) & (scenes.colours[:, :NUM_SHAPES] == colour[:, None])
    only = (shapes == 1 + shape[2, :, None]).int().argmax(dim=1)
    answers = torch.stack(
        [
            found.any(dim=1).long(),
            ANSWERS.index("0") + counts[scene, shape[1]],
            ANSWERS.index(COLOURS[0]) + scenes.colours[scene, only],
            (offsets[scene, shape[3]] < 0).long(),
            ANSWERS.index(ACTIVITIES[0]) + scenes.activities,
        ]
    )
    always = torch.ones(n, dtype=torch.bool)
    possible = [always, always, single.any(dim=1), clear.any(dim=1), always]
    types = _choose(torch.stack(possible, dim=1), generator)
    texts = torch.stack([encode(text) for rows in TEXTS for row in rows for text in row]).view(
        len(TYPES), len(SHAPES), len(COLOURS), LENGTH
    )
    return Questions(texts[types, shape[types, scene], colour], answers[types, scene], types)


# --8<-- [end:ask]


def _choose(mask: Bool[Tensor, "scene option"], generator: torch.Generator) -> Tensor:
    """Return one of the options that hold for each scene, each as likely; 0 if none does."""
    return (torch.rand(mask.shape, generator=generator) * mask).argmax(dim=1)
