"""Inside a fresh process: run one program and send what it printed, drew and read.

Nothing of this is imported by a reader's program. `run` forks the processes and keeps the outcomes.
"""

import ast
import builtins
import contextlib
import hashlib
import importlib
import io
import linecache
import os
import sys
import tempfile
import time
import traceback
import types
import warnings
from collections.abc import Callable, Iterator
from importlib.machinery import FileFinder, SourceFileLoader
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NamedTuple

from dlbasic_docs.page import Program

# What Python announces before it reads a file or lists a folder, and what must be there then.
READS = {"open": os.path.isfile, "os.listdir": os.path.isdir, "os.scandir": os.path.isdir}


class Outcome(NamedTuple):
    """What a page shows of a program that ran to its end."""

    source: str
    printed: str
    figures: list[str]


class Failure(NamedTuple):
    """Why a program has no outcome, and the line of its file where it went wrong."""

    line: int
    reason: str
    source: str

    def __str__(self) -> str:
        """The failure as it stands behind the program's path."""
        return f"{self.line}: {self.reason}" + (f"\n    {self.source}" if self.source else "")


class Finished(NamedTuple):
    """An outcome, and what it depends on: files and folders with their digests, and modules."""

    outcome: Outcome
    files: dict[str, str]
    modules: list[str]
    seconds: float


class ComplaintError(Exception):
    """The program ran, yet a reader would miss or stumble over something."""


def digest(data: bytes) -> str:
    """Return the SHA-256 of some bytes in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def digest_at(path: Path) -> str:
    """Return the digest of a file's bytes, or of the names in a folder."""
    if not path.is_dir():
        return digest(path.read_bytes())
    return digest("\n".join(sorted(set(os.listdir(path)) - {"__pycache__"})).encode())


def execute(root: Path, program: Program, source: str, first: int, channel: Connection) -> None:
    """Send the number of each top-level line that the program reaches, and how it ended."""
    os.setsid()  # so that it can be stopped together with what it starts
    sys.path.insert(0, str(root / "src"))
    files, imported, before = _watch_files(root), _watch_imports(), set(sys.modules)
    text = "\n" * (first - 1) + source + "\n"
    linecache.cache[program.path] = (len(text), None, text.splitlines(keepends=True), program.path)
    reached, failure = [first], None

    def reach(line: int) -> None:
        reached.append(line)
        channel.send(line)

    with _captured() as printed, tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            _run(root, program, text, reach)
        except BaseException as error:  # SystemExit too: a program on a page runs to its end
            failure = _failure(root, program, error, reached[-1])
        os.chdir(root)
    backend = sys.modules.get("dlbasic_docs.backend")
    outcome = Outcome(source, printed[0], backend.figures if backend else [])
    modules = sorted(imported | {name.partition(".")[0] for name in set(sys.modules) - before})
    channel.send(failure or Finished(outcome, files, modules, time.process_time()))


def _run(root: Path, program: Program, text: str, reach: Callable[[int], None]) -> None:
    # What Python would print is an error, and what it ignores is ignored here too.
    warnings.simplefilter("error", append=True)
    warnings.filterwarnings("error", category=DeprecationWarning, module="__main__")
    statements = ast.parse(text, program.path).body
    main = types.ModuleType("__main__")
    if program.path.startswith("src/"):
        module = program.path.removeprefix("src/").removesuffix(".py").removesuffix("/__init__")
        main.__dict__.update(vars(importlib.import_module(module.replace("/", "."))))
        statements = statements if program.section else []
    else:
        main.__dict__["__file__"] = str(root / program.path)
        sys.modules["__main__"] = main
    for statement in statements:
        reach(statement.lineno)
        code = compile(ast.Module([statement], []), program.path, "exec", dont_inherit=True)
        exec(code, main.__dict__)
        sys.stderr.flush()
        if size := os.fstat(2).st_size:
            written = os.pread(2, size, 0).decode(errors="replace").strip()
            raise ComplaintError(f"wrote to standard error: {written}")
    if "matplotlib.pyplot" in sys.modules and sys.modules["matplotlib.pyplot"].get_fignums():
        raise ComplaintError("drew a figure and never showed it: end with plt.show()")


def _failure(root: Path, program: Program, error: BaseException, reached: int) -> Failure:
    stack = traceback.extract_tb(error.__traceback__)
    mine = [frame.lineno for frame in stack if frame.filename == program.path]
    line = (mine[-1] if mine else None) or reached
    if isinstance(error, SyntaxError) and error.filename == program.path:
        line = error.lineno or 1
    reason = str(error) if isinstance(error, ComplaintError) else _described(error)
    last = stack[-1]
    if (
        last.filename.startswith(f"{root}/src/")
        and Path(last.filename).parent != Path(__file__).parent
    ):
        where = Path(last.filename).relative_to(root)
        reason += f"\n(raised in {where}:{last.lineno}: {last.line})"
    return Failure(line, reason, linecache.getline(program.path, line).strip())


def _described(error: BaseException) -> str:
    lines = "".join(traceback.format_exception_only(error)).strip().splitlines()
    return lines[-1] if isinstance(error, SyntaxError) else "\n".join(lines)


@contextlib.contextmanager
def _captured() -> Iterator[list[str]]:
    """Turn both console streams into files, also for compiled code; yield what was printed."""
    printed: list[str] = []
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        os.dup2(out.fileno(), 1)
        os.dup2(err.fileno(), 2)
        sys.stdout = io.TextIOWrapper(os.fdopen(os.dup(1), "wb"), "utf-8", write_through=True)
        sys.stderr = io.TextIOWrapper(os.fdopen(os.dup(2), "wb"), "utf-8", write_through=True)
        yield printed
        sys.stdout.flush()
        out.seek(0)
        printed.append(out.read().decode("utf-8", errors="replace"))


class _SourceOnly(SourceFileLoader):
    """Loads a project's module from its source, never from bytecode, which may be older."""

    def path_stats(self, path: str) -> dict[str, Any]:
        raise OSError("bytecode is not used")


def _watch_files(root: Path) -> dict[str, str]:
    """Return a mapping that fills with the digest of each project file that is read from now on.

    A folder is read when its files are listed, so that a new file in it counts as a change.
    """
    files: dict[str, str] = {}
    here = f"{root}{os.sep}"
    outside = tuple(f"{here}{name}{os.sep}" for name in (".cache", ".git", ".venv", "site"))

    def ours(path: str) -> bool:
        return path.startswith(here) and not path.startswith(outside)

    def opened(event: str, arguments: tuple[Any, ...]) -> None:
        if event in READS and isinstance(arguments[0], str | bytes | os.PathLike):
            if "importlib" in sys._getframe(1).f_code.co_filename and event != "open":
                return  # Python lists a folder to find a module, and then opens what it found
            path = os.path.abspath(os.fsdecode(arguments[0]))
            name = Path(path).relative_to(root).as_posix() if ours(path) else ""
            if name and name not in files and READS[event](path):
                files[name] = ""  # so that the reading below is not watched again
                files[name] = digest_at(Path(path))

    def finder(folder: str) -> FileFinder:
        if not ours(os.path.abspath(folder) + os.sep):
            raise ImportError
        return FileFinder(folder, (_SourceOnly, [".py"]))

    sys.path_hooks.insert(0, finder)
    sys.path_importer_cache.clear()
    sys.addaudithook(opened)
    return files


def _watch_imports() -> set[str]:
    """Return a set that fills with the top-level name of each module that is asked for."""
    imported: set[str] = set()
    real = builtins.__import__

    def watched(name: str, *arguments: Any, **options: Any) -> types.ModuleType:
        imported.add(name.partition(".")[0])
        return real(name, *arguments, **options)

    builtins.__import__ = watched
    return imported
