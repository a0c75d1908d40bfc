"""What the site is made of, kept under `.cache/` until something changes that it was made from."""

import functools
import json
import os
import sys
import sysconfig
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from dlbasic_docs.program import digest

HERE = Path(__file__).parent


def kept(name: str, made_of: Iterable[str], make: Callable[[], Any]) -> Any:
    """Return what was made under a name, or make it, if it was made of something else.

    Args:
        name: A path below `.cache/made/`.
        made_of: All that it is made of, besides this engine and the packages.
        make: Returns what can be written as JSON.
    """
    checksum = key(made_of)
    found = recall(name, checksum)
    if found is None:
        found = make()
        keep(name, checksum, found)
    return found


def key(made_of: Iterable[str]) -> str:
    """Return a digest of what something is made of, this engine and the packages among it."""
    return digest("\0".join([*_engine(), *made_of]).encode())


def recall(name: str, checksum: str) -> Any:
    """Return what is kept under a name, if it was made of what has this digest, or None."""
    body = read(_place(name))
    found = json.loads(body) if body else {}
    return found.get(checksum)


def keep(name: str, checksum: str, made: object) -> None:
    """Keep what was made under a name, in the place of what was there."""
    write(_place(name), sealed(json.dumps({checksum: made}, ensure_ascii=False)))


def _place(name: str) -> Path:
    return Path(".cache", "made", f"{name}.json")


@functools.cache
def _engine() -> list[str]:
    files = sorted(path for path in HERE.iterdir() if path.is_file())
    packages = sorted(Path(sysconfig.get_path("purelib")).glob("*.dist-info"))
    code = digest(b"".join(path.read_bytes() for path in files))
    return [code, sys.version, *(path.name for path in packages)]


def read(path: Path) -> str | None:
    """Return the text that was sealed and written to a file, if it is there and whole."""
    try:
        checksum, _, body = path.read_text(encoding="utf-8").partition("\n")
    except (OSError, UnicodeDecodeError):
        return None
    return body if digest(body.encode()) == checksum else None


def sealed(body: str) -> str:
    """Return a text below its digest, which tells whether it is whole."""
    return f"{digest(body.encode())}\n{body}"


def write(path: Path, text: str) -> None:
    """Write a file so that a reader finds the old text or the new one, whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent)
    try:
        with open(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise
