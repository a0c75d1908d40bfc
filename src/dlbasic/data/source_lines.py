"""Real text without labels, lines of Python code, and a task with labels that are certain.

The lines are scikit-learn's. They are read from the source files of the installed package, and
nothing of it is imported. How many there are differs a little from one version to the next.
"""

import importlib.util
import random
import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from dlbasic.checks import require

TOKEN = re.compile(r"\"[^\"]*\"|'[^']*'|\w+|[^\w\s]")
CLOSES = {"(": ")", "[": "]", "{": "}"}
OTHER = {")": "]", "]": ")"}

Line = tuple[str, ...]


class Pair(NamedTuple):
    """A line as somebody wrote it, and the same line with a mistake."""

    right: Line
    wrong: Line


# --8<-- [start:lines]
def load_lines(*, shortest: int = 4, longest: int = 8) -> list[Line]:
    """Return lines of code with so many tokens, each once, in an order that has been shuffled.

    Docstrings and comments are left out. A text in quotes is one token, the empty text.

    Raises:
        ValueError: If the bounds are not 1 <= shortest <= longest.
    """
    fits = 1 <= shortest <= longest
    require(fits, "lengths", "1 <= shortest <= longest", f"{shortest} and {longest}")
    spec = importlib.util.find_spec("sklearn")
    (folder,) = (spec and spec.submodule_search_locations) or [""]
    lines: set[Line] = set()
    for file in Path(folder).rglob("*.py"):
        code = re.sub(r'"""(.|\n)*?"""', "", file.read_text(encoding="utf-8"))
        lines |= set(map(tokens_of, code.splitlines()))
    kept = sorted(line for line in lines if shortest <= len(line) <= longest)
    random.Random(0).shuffle(kept)
    return kept


def tokens_of(line: str) -> Line:
    """Names, numbers, signs and texts of a line of code, without its comment."""
    tokens = TOKEN.findall(line)
    if "#" in tokens:
        tokens = tokens[: tokens.index("#")]
    return tuple('""' if token[0] in "\"'" else token for token in tokens)


# --8<-- [end:lines]
# --8<-- [start:brackets]
def bracket_pairs(lines: Sequence[Line]) -> list[Pair]:
    """Return lines that hold a long bracket, right and with the wrong kind of bracket at its end.

    Long means two tokens or more inside. Half the lines have a round one and half a square one,
    so neither an opening nor a closing bracket alone tells whether a line is right.
    """
    found: dict[str, list[Pair]] = {")": [], "]": []}
    for line in lines:
        if inner := longest_bracket(line):
            _, end = inner
            wrong = (*line[:end], OTHER[line[end]], *line[end + 1 :])
            found[line[end]].append(Pair(line, wrong))
    return [pair for both in zip(*found.values(), strict=False) for pair in both]


def longest_bracket(line: Line) -> tuple[int, int] | None:
    """Return where the longest round or square bracket opens and closes.

    None if it has fewer than two tokens inside, or if the line's brackets do not match.
    """
    opened: list[int] = []
    found: list[tuple[int, int]] = []
    for place, token in enumerate(line):
        if token in CLOSES:
            opened.append(place)
        elif token in CLOSES.values():
            if not opened or CLOSES[line[opened[-1]]] != token:
                return None
            found.append((opened.pop(), place))
    long = [(start, end) for start, end in found if end - start > 2 and line[end] in OTHER]
    return None if opened else max(long, key=lambda each: each[1] - each[0], default=None)


# --8<-- [end:brackets]
# --8<-- [start:deal]
def deal(
    pairs: Sequence[Pair], *, seed: int, count: int | None = None
) -> tuple[list[Line], list[int]]:
    """Return one line of each pair, drawn by chance, and 1 where it is the wrong one.

    With `count`, so many of the pairs, drawn without repetition.

    Raises:
        ValueError: If `count` is not from 1 to the number of pairs.
    """
    fits = count is None or 1 <= count <= len(pairs)
    require(fits, "count", f"from 1 to {len(pairs)}", count)
    draw = random.Random(seed)
    some = pairs if count is None else draw.sample(pairs, count)
    labels = [draw.randrange(2) for _ in some]
    return [pair[label] for pair, label in zip(some, labels, strict=True)], labels


# --8<-- [end:deal]
