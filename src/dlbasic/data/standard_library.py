"""Real text without labels: what the modules of Python's standard library say of themselves.

It is read from the source files of the Python that runs, and nothing of it is imported. How much
there is differs from one version of Python to the next, and is a little less than a megabyte.
"""

import ast
import bz2
import gzip
import lzma
import math
import sysconfig
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from dlbasic.checks import require


# --8<-- [start:documents]
def load_documents() -> list[str]:
    """Return the docstrings of each module that has any, in the order of the modules' names.

    A paragraph counts once, where it comes first. Those of packages are left out.
    """
    documents, seen = [], set()
    for file in sorted(Path(sysconfig.get_path("stdlib")).glob("*.py")):
        paragraphs = []
        for docstring in _docstrings(ast.parse(file.read_bytes())):
            for paragraph in docstring.split("\n\n"):
                if paragraph.strip() and paragraph not in seen:
                    seen.add(paragraph)
                    paragraphs.append(paragraph)
        if paragraphs:
            documents.append("\n\n".join(paragraphs))
    return documents


# --8<-- [end:documents]
# --8<-- [start:counts]
def bits_by_counting(text: bytes, unseen: bytes, *, order: int) -> list[float]:
    """Return the bits for `unseen` of models that know 0, 1, ... `order` - 1 bytes before the next.

    Each has counted what follows in `text`, takes 0.75 from every count, and gives what that
    leaves to the model that knows a byte less; the last of all holds the 256 bytes equally likely.

    Raises:
        ValueError: If there is no text, or `order` is not positive.
    """
    require(len(text) > 0 and len(unseen) > 0, "texts", "not empty", (len(text), len(unseen)))
    require(order >= 1, "order", "positive", order)
    following: list[dict[bytes, Counter[int]]] = [defaultdict(Counter) for _ in range(order)]
    for end, byte in enumerate(text):
        for k in range(min(order, end + 1)):
            following[k][text[end - k : end]][byte] += 1
    bits = [0.0] * order
    for end, byte in enumerate(unseen):
        p = 1 / 256
        for k in range(order):
            counts = following[k].get(unseen[max(end - k, 0) : end])
            if counts and k <= end:
                total = counts.total()
                p = (max(counts[byte] - 0.75, 0) + 0.75 * len(counts) * p) / total
            bits[k] -= math.log2(p)
    return bits


def bits_by_compressing(text: bytes, unseen: bytes) -> dict[str, int]:
    """Return how many bits each compressor adds to a file of `text` if `unseen` comes behind it."""
    compressors = {"gzip": gzip.compress, "bz2": bz2.compress, "xz": lzma.compress}
    return {
        name: 8 * (len(compress(text + unseen)) - len(compress(text)))
        for name, compress in compressors.items()
    }


# --8<-- [end:counts]


def _docstrings(node: ast.Module | ast.ClassDef | ast.FunctionDef) -> Iterator[str]:
    yield ast.get_docstring(node) or ""
    for child in node.body:
        if isinstance(child, ast.ClassDef | ast.FunctionDef):
            yield from _docstrings(child)
