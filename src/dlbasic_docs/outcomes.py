"""The outcomes that are kept under `.cache/`, and what must not have changed for one to hold.

An outcome is believed as long as the program, the project's files that it imported or read, the
versions of the packages that it used, Python and this engine are what they were.
"""

import functools
import importlib.metadata
import json
import platform
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement

from dlbasic_docs.kept import HERE, read, sealed, write
from dlbasic_docs.page import Program
from dlbasic_docs.program import Finished, Outcome, digest, digest_at

ENGINE = ("backend.py", "matplotlibrc", "page.py", "program.py")


def load(
    root: Path, program: Program, digest_at: Callable[[Path], str] = digest_at
) -> Outcome | None:
    """Return the outcome that is kept for a program, if it still holds.

    Who asks for many gives a `digest_at` that reads each file once.
    """
    body = read(_entry(root, program))
    if body is None:
        return None
    try:
        kept = json.loads(body)
        files = {name: digest_at(root / name) for name in kept["needs"]["files"]}
        now = _needs(files, kept["needs"]["packages"])
        return Outcome(**kept["outcome"]) if now == kept["needs"] else None
    except (OSError, ValueError, importlib.metadata.PackageNotFoundError):
        return None


def store(root: Path, program: Program, data: bytes, finished: Finished) -> None:
    """Keep the outcome of a program whose file held these bytes."""
    files = finished.files | {program.path: digest(data)}
    needs = _needs(files, _packages(finished.modules))
    kept = {"needs": needs, "outcome": finished.outcome._asdict()}
    body = json.dumps(kept, ensure_ascii=False, indent=1, sort_keys=True)
    write(_entry(root, program), sealed(body))


def _entry(root: Path, program: Program) -> Path:
    section = f"@{program.section}" if program.section else ""
    return root / ".cache" / "outcomes" / f"{program.path}{section}.json"


_version = functools.cache(importlib.metadata.version)  # it reads a file for every package


def _needs(files: dict[str, str], packages: Iterable[str]) -> dict[str, Any]:
    versions = {name: _version(name) for name in packages}
    return {
        "engine": digest(b"".join((HERE / name).read_bytes() for name in ENGINE)),
        "files": dict(sorted(files.items())),
        "machine": f"{platform.system()} {platform.machine()}",
        "packages": dict(sorted(versions.items())),
        "python": sys.version,
    }


def _packages(names: Iterable[str]) -> set[str]:
    """Return the distributions behind these top-level modules, and all that they require."""
    providers = importlib.metadata.packages_distributions()
    found: set[str] = set()
    missing = {name for module in names for name in providers.get(module, ())} - {"dlbasic"}
    while missing:
        name = missing.pop()
        found.add(name)
        for line in importlib.metadata.requires(name) or ():
            needed = Requirement(line)
            installed = next(iter(importlib.metadata.Distribution.discover(name=needed.name)), None)
            applies = not needed.marker or needed.marker.evaluate({"extra": ""})
            if installed and applies and installed.metadata["Name"] not in found:
                missing.add(installed.metadata["Name"])
    return found
