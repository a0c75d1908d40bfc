"""Real text with labels: paragraphs of scikit-learn's documentation, by the area they describe.

They are read from the source files of the installed package, and nothing of it is imported. How
many there are differs a little from one version of scikit-learn to the next.
"""

import ast
import importlib.util
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import torch
from jaxtyping import Float
from torch import Tensor

AREAS = ("cluster", "decomposition", "ensemble", "linear_model", "metrics", "preprocessing")


def load_paragraphs(*, min_words: int = 8) -> tuple[list[str], list[int]]:
    """Paragraphs of at least `min_words` words, and for each the index of its area in `AREAS`.

    Those with the same words in the same order count once, under the first area that has them.

    Raises:
        ValueError: If `min_words` is not positive.
    """
    if not min_words >= 1:
        raise ValueError(f"min_words must be at least 1, got {min_words}")
    paragraphs, labels, seen = [], [], set()
    for label, area in enumerate(AREAS):
        for docstring in _docstrings(area):
            for paragraph in re.split(r"\n\s*\n", docstring):
                words = tuple(words_of(paragraph))
                if len(words) >= min_words and words not in seen:
                    seen.add(words)
                    paragraphs.append(paragraph)
                    labels.append(label)
    return paragraphs, labels


def load_bag_of_words(
    *, num_words: int = 1000
) -> tuple[Float[Tensor, "example word"], Float[Tensor, "example class"]]:
    """How often each paragraph has each of the `num_words` most frequent words, and its area.

    The areas are one-hot rows, in the order of `AREAS`. The columns are sorted by how many
    paragraphs have the word, the most frequent first. The areas have no say in the choice.

    Raises:
        ValueError: If `num_words` is not positive, or exceeds the number of different words.
    """
    if not num_words >= 1:
        raise ValueError(f"num_words must be at least 1, got {num_words}")
    paragraphs, labels = load_paragraphs()
    texts = [Counter(words_of(paragraph)) for paragraph in paragraphs]
    frequency = Counter(word for text in texts for word in text)
    if num_words > len(frequency):
        raise ValueError(f"num_words must be at most {len(frequency)}, got {num_words}")
    ranked = sorted(frequency, key=lambda word: (-frequency[word], word))
    column = {word: index for index, word in enumerate(ranked[:num_words])}
    counts = torch.zeros(len(texts), num_words)
    for row, text in enumerate(texts):
        for word in text.keys() & column.keys():
            counts[row, column[word]] = text[word]
    return counts, torch.eye(len(AREAS))[labels]


def words_of(text: str) -> list[str]:
    """Runs of two or more letters a-z, in lower case."""
    return re.findall(r"[a-z]{2,}", text.lower())


def _docstrings(area: str) -> Iterator[str]:
    spec = importlib.util.find_spec("sklearn")
    (folder,) = (spec and spec.submodule_search_locations) or [""]
    for file in sorted((Path(folder) / area).glob("*.py")):
        yield from _docstrings_in(ast.parse(file.read_text(encoding="utf-8")))


def _docstrings_in(node: ast.Module | ast.ClassDef | ast.FunctionDef) -> Iterator[str]:
    yield ast.get_docstring(node) or ""
    for child in node.body:
        if isinstance(child, ast.ClassDef | ast.FunctionDef):
            yield from _docstrings_in(child)
