"""Run every program of the pages once, side by side: `python -m dlbasic_docs.run [PAGE …]`.

What is kept under `.cache/` and still holds is not run again. All problems are reported at once.
"""

import argparse
import contextlib
import dataclasses
import importlib
import json
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path

from dlbasic_docs.outcomes import HERE, load, store, write
from dlbasic_docs.page import Program, excerpt, fences, figure_files, figures
from dlbasic_docs.program import Failure, Finished, Outcome, execute

ENVIRONMENT = {
    "MATPLOTLIBRC": str(HERE / "matplotlibrc"),
    "MPLBACKEND": "module://dlbasic_docs.backend",
    "OMP_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
    "PYTHONUTF8": "1",
    "TZ": "UTC",
}
PRELOAD = ("torch", "matplotlib.pyplot")  # most programs need them, and they are slow to import
TIME_LIMIT = float(os.environ.get("DLBASIC_LIMIT", 120))  # seconds for one program

Results = dict[Program, Outcome | Failure]


def pages(root: Path) -> list[Path]:
    """Return every page, in a fixed order."""
    return sorted((root / "docs").rglob("*.md"))


def wanted(root: Path, some_pages: Iterable[Path]) -> list[Program]:
    """Return the programs of these pages, each once."""
    every = [fence.program for path in some_pages for fence in fences(_lines(path))]
    return list(dict.fromkeys(program for program in every if program))


def modules(root: Path) -> list[Program]:
    """Return every module of the course, which the reference shows whole."""
    files = sorted((root / "src" / "dlbasic").rglob("*.py"))
    return [Program(file.relative_to(root).as_posix()) for file in files]


def problems(root: Path, some_pages: Iterable[Path], results: Results) -> Iterator[str]:
    """Yield all that is wrong on these pages, each with page, line, cause and source line."""
    for path in some_pages:
        for line, problem in page_problems(_lines(path), results):
            yield f"{path.relative_to(root)}:{line}: {problem}"


def page_problems(lines: list[str], results: Results) -> Iterator[tuple[int, str]]:
    """Yield each line of a page that can't be shown, and why."""
    drawn: dict[str, int] = {}
    for fence in fences(lines):
        result = results.get(fence.program) if fence.program else None
        if fence.problem:
            yield fence.line, fence.problem
        elif fence.program and isinstance(result, Failure):
            source = f"\n    {result.source}" if result.source else ""
            yield fence.line, f"{fence.program.path}:{result.line}: {result.reason}{source}"
        elif fence.program and isinstance(result, Outcome):
            drawn |= dict.fromkeys(figure_files(fence.program, len(result.figures)), fence.line)
    named = {match["file"]: line for line, match in figures(lines)}
    for file in drawn.keys() - named.keys():
        yield drawn[file], f'a figure has no place: write ![the answer]({file} "The question?")'
    for file in named.keys() - drawn.keys():
        yield named[file], f"no program that ran on this page draws {file}"


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def results(root: Path, programs: Iterable[Program], limit: float = TIME_LIMIT) -> Results:
    """Return the result of each program; those whose outcome no longer holds run first.

    They run in a worker, a fresh Python with one thread, fixed hashes and our way of drawing.
    """
    found: Results = {program: kept for program in programs if (kept := load(root, program))}
    if stale := [program for program in dict.fromkeys(programs) if program not in found]:
        command = [sys.executable, "-m", "dlbasic_docs.run", "--worker", f"--limit={limit}"]
        environment = os.environ | ENVIRONMENT
        worker = subprocess.run(
            [*command, *map(str, stale)], cwd=root, env=environment, stdout=subprocess.PIPE
        )
        if worker.returncode:
            raise RuntimeError(f"the programs could not be run: exit status {worker.returncode}")
        failures = json.loads(worker.stdout)
        for program in stale:
            if failure := failures.get(str(program)):
                found[program] = Failure(*failure)
            else:
                found[program] = load(root, program) or Failure(1, "changed while it ran", "")
    return found


@dataclasses.dataclass
class Job:
    """A program that is running, and the last of its lines that it is known to have reached."""

    program: Program
    process: BaseProcess
    channel: Connection
    deadline: float
    data: bytes
    reached: int

    def failure(self, reason: str) -> Failure:
        """Blame the line that was reached last."""
        line = self.data.decode().splitlines()[self.reached - 1 : self.reached]
        return Failure(self.reached, reason, "".join(line).strip())

    def stop(self) -> None:
        """End the process with all that it started."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid or 0, signal.SIGKILL)
        self.process.kill()
        self.process.join()
        self.channel.close()


def run_all(root: Path, programs: list[Program], limit: float) -> dict[str, Failure]:
    """Run programs side by side, heaviest first; keep the outcomes and return the failures."""
    timings = root / ".cache" / "seconds.json"
    seconds = _timings(timings)
    waiting = sorted(programs, key=lambda program: seconds.get(str(program), float("inf")))
    running: list[Job] = []
    failures: dict[str, Failure] = {}
    _preload(root, programs)
    try:
        while waiting or running:
            while waiting and len(running) < (os.cpu_count() or 1):
                program = waiting.pop()
                try:
                    running.append(_start(root, program, limit))
                except (OSError, ValueError) as error:
                    failures[str(program)] = Failure(1, _reason(error), "")
            for job, finished in _news(running, limit):
                running.remove(job)
                job.stop()
                name, state = str(job.program), f"{finished.seconds:.1f} s"
                if isinstance(finished.result, Failure):
                    failures[name], state = finished.result, "FAILED"
                else:
                    store(root, job.program, job.data, finished, finished.result)
                    seconds[name] = finished.seconds
                count = len(programs) - len(waiting) - len(running)
                print(f"[{count}/{len(programs)}] {name}  {state}", file=sys.stderr, flush=True)
    finally:
        for job in running:
            job.stop()
    write(timings, json.dumps(seconds, indent=1, sort_keys=True))
    return failures


def _start(root: Path, program: Program, limit: float) -> Job:
    data = (root / program.path).read_bytes()
    source, first = excerpt(program, data.decode())
    ours, theirs = multiprocessing.Pipe(duplex=False)
    context = multiprocessing.get_context("fork")
    process = context.Process(target=execute, args=(root, program, source, first, theirs))
    process.start()
    theirs.close()
    return Job(program, process, ours, time.monotonic() + limit, data, first)


def _news(running: list[Job], limit: float) -> Iterator[tuple[Job, Finished]]:
    """Wait until something happens, and yield each job that has ended or is out of time."""
    if not running:
        return
    patience = min(job.deadline for job in running) - time.monotonic()
    ready = wait([job.channel for job in running], max(0, patience))
    for job in running.copy():
        message = None
        if job.channel in ready:
            try:
                message = job.channel.recv()
            except EOFError:
                job.process.join()
                code = job.process.exitcode or 0
                how = signal.Signals(-code).name if code < 0 else f"exit status {code}"
                message = job.failure(f"its process ended early, with {how}")
        elif time.monotonic() > job.deadline:
            message = job.failure(f"took longer than {limit:g} seconds")
        if isinstance(message, Finished):
            yield job, message
        elif isinstance(message, Failure):
            yield job, Finished(message, {}, [], 0.0)
        elif message:
            job.reached = message


def _preload(root: Path, programs: list[Program]) -> None:
    """Import once, before the processes are forked, what is slow to import and mentioned."""
    files = [root / program.path for program in programs]
    text = "".join(file.read_text(encoding="utf-8") for file in files if file.is_file())
    for name in PRELOAD:
        if name.partition(".")[0] in text:
            importlib.import_module(name)


def _reason(error: OSError | ValueError) -> str:
    return "there is no such file" if isinstance(error, FileNotFoundError) else str(error)


def _timings(path: Path) -> dict[str, float]:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def main() -> int:
    """Run the programs of the pages named, or of all; print every problem."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("names", nargs="*", metavar="PAGE", help="default: every page and module")
    parser.add_argument("--limit", type=float, default=TIME_LIMIT, help="seconds a program may run")
    parser.add_argument("--worker", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    root = Path.cwd()
    if options.worker:
        programs = [Program(*name.split(":")) for name in options.names]
        print(json.dumps(run_all(root, programs, options.limit)))
        return 0
    some_pages = [Path(name).resolve() for name in options.names] or pages(root)
    programs = wanted(root, some_pages) + ([] if options.names else modules(root))
    found = list(problems(root, some_pages, results(root, programs, options.limit)))
    print("\n".join(found) or f"{len(set(programs))} programs ran to their end")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
