"""Run every program of the pages once, side by side: `python -m dlbasic_docs.run [PAGE …]`.

What is kept under `.cache/` and still holds is not run again. All problems are reported at once.
"""

import argparse
import functools
import itertools
import json
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess
from pathlib import Path

from dlbasic_docs.kept import HERE, write
from dlbasic_docs.outcomes import load, store
from dlbasic_docs.page import Program, excerpt, fences, figure_files, figures
from dlbasic_docs.program import Failure, Finished, Outcome, digest_at, execute

ENVIRONMENT = {
    "MATPLOTLIBRC": str(HERE / "matplotlibrc"),
    "MPLBACKEND": "module://dlbasic_docs.backend",
    "OMP_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
    "PYTHONUTF8": "1",
    "TZ": "UTC",
}
# What most programs import sooner or later, and is slow to import: optimizers ask for dynamo.
PRELOAD = ("torch", "torch._dynamo", "matplotlib.pyplot", "sklearn.datasets")
TIME_LIMIT = float(os.environ.get("DLBASIC_LIMIT", "300"))  # seconds for one program

Results = dict[Program, Outcome | Failure]


def pages(root: Path) -> list[Path]:
    """Return every page, in a fixed order."""
    return sorted((root / "docs").rglob("*.md"))


def modules(root: Path) -> list[Program]:
    """Return every module of the course, which the reference shows whole."""
    files = sorted((root / "src" / "dlbasic").rglob("*.py"))
    return [Program(file.relative_to(root).as_posix()) for file in files]


def wanted(some_pages: Iterable[Path]) -> list[Program]:
    """Return the programs of these pages, each once."""
    every = [fence.program for path in some_pages for fence in fences(_lines(path))]
    return list(dict.fromkeys(program for program in every if program))


def problems(page: Path, results: Results) -> Iterator[tuple[int, str]]:
    """Yield each line of a page that can't be shown: its number, the cause, the source line."""
    lines = _lines(page)
    drawn: dict[str, int] = {}
    for fence in fences(lines):
        result = results.get(fence.program) if fence.program else None
        if fence.problem:
            yield fence.line, fence.problem
        elif fence.program and isinstance(result, Failure):
            yield fence.line, f"{fence.program.path}:{result}"
        elif fence.program and isinstance(result, Outcome):
            drawn |= dict.fromkeys(figure_files(fence.program, len(result.figures)), fence.line)
    named = {match["file"]: line for line, match in figures(lines)}
    for file in drawn.keys() - named.keys():
        yield drawn[file], f'a figure has no place: write ![the answer]({file} "The question?")'
    for file in named.keys() - drawn.keys():
        yield named[file], f"no program that ran on this page draws {file}"


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def report(root: Path, some_pages: Iterable[Path], results: Results) -> list[str]:
    """Return all that is wrong on these pages and in the modules, each with its place."""
    wrong = [
        f"{page.relative_to(root)}:{line}: {text}"
        for page in some_pages
        for line, text in problems(page, results)
    ]
    broken = [(module, results.get(module)) for module in modules(root)]
    return wrong + [f"{m.path}:{failure}" for m, failure in broken if isinstance(failure, Failure)]


def results(root: Path, programs: Iterable[Program]) -> Results:
    """Return the result of each program; those whose outcome no longer holds run first.

    They run in a worker, a fresh Python with one thread, fixed hashes and our way of drawing.
    """
    once = functools.cache(digest_at)
    found: Results = {p: kept for p in programs if (kept := load(root, p, once))}
    if stale := [program for program in dict.fromkeys(programs) if program not in found]:
        worker = subprocess.run(
            [sys.executable, "-m", "dlbasic_docs.run", "--worker", *map(str, stale)],
            cwd=root,
            env=os.environ | ENVIRONMENT,
            stdout=subprocess.PIPE,
        )
        if worker.returncode:
            raise RuntimeError(f"the programs could not be run: exit status {worker.returncode}")
        failures = {name: Failure(*failure) for name, failure in json.loads(worker.stdout).items()}
        changed = Failure(1, "a file changed while it ran: run it again", "")
        for program in stale:
            found[program] = failures.get(str(program)) or load(root, program) or changed
    return found


def _work(root: Path, programs: list[Program]) -> dict[str, Failure]:
    """Run programs side by side, heaviest first; keep the outcomes and return the failures."""
    timings = root / ".cache" / "seconds.json"
    seconds: dict[str, float] = {}
    with suppress(OSError, ValueError):
        seconds = json.loads(timings.read_text(encoding="utf-8"))
    heaviest_first = sorted(programs, key=lambda program: -seconds.get(str(program), 1e9))
    text = "".join((root / p.path).read_text() for p in programs if (root / p.path).is_file())
    server = multiprocessing.get_context("forkserver")
    server.set_forkserver_preload([name for name in PRELOAD if name.partition(".")[0] in text])
    failures: dict[str, Failure] = {}
    count = itertools.count(1)

    def work(program: Program) -> None:
        result = _run(server, root, program)
        if isinstance(result, Failure):
            failures[str(program)], state = result, "FAILED"
        else:
            seconds[str(program)], state = result, f"{result:.1f} s"
        # One write, so that two threads do not share a line.
        sys.stderr.write(f"[{next(count)}/{len(programs)}] {program}  {state}\n")

    pool = ThreadPoolExecutor(os.cpu_count())
    try:
        list(pool.map(work, heaviest_first))
    except BaseException:  # the disk is full, or someone pressed Ctrl-C
        pool.shutdown(wait=False, cancel_futures=True)
        for process in multiprocessing.active_children():
            _stop(process)
        raise
    write(timings, json.dumps(seconds, indent=1, sort_keys=True))
    return failures


def _run(server: ForkServerContext, root: Path, program: Program) -> float | Failure:
    """Run a program in a process of its own; keep its outcome and return the seconds it took."""
    try:
        data = (root / program.path).read_bytes()
        source, first = excerpt(program, data.decode())
    except (OSError, ValueError) as error:
        missing = isinstance(error, FileNotFoundError)
        return Failure(1, "there is no such file" if missing else str(error), "")
    ours, theirs = server.Pipe(duplex=False)
    process = server.Process(target=execute, args=(root, program, source, first, theirs))
    process.start()
    theirs.close()
    deadline, reached = time.monotonic() + TIME_LIMIT, first
    try:
        while ours.poll(max(0, deadline - time.monotonic())):
            message = ours.recv()
            if not isinstance(message, int):
                break
            reached = message
        else:
            message = f"took longer than {TIME_LIMIT:g} seconds"
    except EOFError:
        process.join()
        code = process.exitcode or 0
        how = signal.Signals(-code).name if code < 0 else f"exit status {code}"
        message = f"its process ended early, with {how}"
    _stop(process)
    if isinstance(message, str):
        return Failure(reached, message, data.decode().splitlines()[reached - 1].strip())
    if isinstance(message, Finished):
        store(root, program, data, message)
        return message.seconds
    return message


def _stop(process: BaseProcess) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid or 0, signal.SIGKILL)  # with all that it started
    process.kill()
    process.join()


def main() -> int:
    """Run the programs of the pages named, or of all; print every problem."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("names", nargs="*", metavar="PAGE", help="default: every page and module")
    parser.add_argument("--worker", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    root = Path.cwd()
    if options.worker:
        programs = [Program(*name.split(":")) for name in options.names]
        print(json.dumps(_work(root, programs)))
        return 0
    some_pages = [Path(name).resolve() for name in options.names] or pages(root)
    programs = wanted(some_pages) + ([] if options.names else modules(root))
    wrong = report(root, some_pages, results(root, programs))
    print("\n".join(wrong) or f"{len(set(programs))} programs ran to their end")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
