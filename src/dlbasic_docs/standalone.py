"""Programs with the parts of dlbasic that they use folded in, so that they run without dlbasic."""

import functools
import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from dlbasic_docs.kept import kept

PACKAGE = "dlbasic"


class Folded(NamedTuple):
    """Some programs, which no longer ask for dlbasic, and what they need to run."""

    imports: str
    parts: str  # of dlbasic
    programs: list[str]
    packages: list[str]  # to be installed


def foldable(text: str) -> bool:
    """Return whether a program makes sense elsewhere: one that reads this repository does not."""
    return re.search(r"^import dlbasic$", text, re.MULTILINE) is None


def alone(path: str) -> str:
    """Return where the program of a file is put that needs no dlbasic."""
    return path.replace("snippets", "standalone", 1)


def standalone(path: str, text: str) -> str:
    """Return the program of a file as one text that runs without dlbasic.

    Raises:
        ValueError: As `folded`.
    """
    imports, parts, (program,), needed = folded(alone(path), [text])
    heading = f'"""{path} of DL Basic (MIT licence), with what it uses of dlbasic folded in."""'
    needs = f"# pip install {' '.join(needed)}"
    parts = f"{parts}\n\n\n" if parts else ""
    return f"{heading}\n\n{needs}\n\n{imports}\n\n\n{parts}# From {path}\n\n{program}"


def folded(name: str, texts: Sequence[str]) -> Folded:
    """Return some programs as `fold` makes them, kept under a name.

    Raises:
        ValueError: If a program uses dlbasic in a way that can't be folded in.
    """

    def make() -> Folded:
        from dlbasic_docs.fold import fold  # slow to import, and seldom needed

        return fold(texts)

    files = sorted({path for text in texts for path in read_by(text)})
    return Folded(*kept(f"{name}.folded", [*texts, *map(_text, files)], make))


def read_by(text: str) -> set[Path]:
    """Return every file of the course that a program may use, found through its imports."""
    found: set[Path] = set()
    todo = [text]
    while todo:
        for name in re.findall(r"^from (dlbasic[\w.]*) import", todo.pop(), re.MULTILINE):
            path = file_of(name)
            files = [path] if path.is_file() else path.with_suffix("").glob("*.py")
            new = set(files) - found
            found |= new
            todo += [_text(path) for path in sorted(new)]
    return found


def file_of(module: str) -> Path:
    """Return the file of a module of the course."""
    return Path("src", *module.split(".")).with_suffix(".py")


def _text(path: Path) -> str:
    return _texts(path, path.stat().st_mtime_ns)


@functools.cache
def _texts(path: Path, changed: int) -> str:
    return path.read_text(encoding="utf-8")
