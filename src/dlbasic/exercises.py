"""Exercises that check themselves: `python -m dlbasic.exercises losses/mse/1 my_answer.py`.

An exercise is a folder of small programs, `snippets/<part>/<chapter>/exercises/<number>/`:

- `starter.py` holds the functions to write; each raises `NotImplementedError`.
- `answer.py` solves them, and shows what they are good for.
- `check.py` defines `check`, whose parameters are named after the functions that an answer must
  define. It yields what it looked at, what it got there, and what is right.
- `wrong_*.py` are mistakes that people make. The docstring of each is its hint.

A mistake is known by what it does: if an answer fails, and some `wrong_*.py` gives the same at
everything that `check` looks at, then that file's docstring is the hint.
"""

import argparse
import inspect
import runpy
import sys
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch

SNIPPETS = Path(__file__).parents[2] / "snippets"


class Observation(NamedTuple):
    """What was looked at, what an answer gave there, and what is right."""

    what: str
    got: Any
    expected: Any


def exercises() -> list[str]:
    """Return the name of every exercise, such as "losses/mse/1".

    Raises:
        ValueError: If the package was installed without the programs of the course.
    """
    if not SNIPPETS.is_dir():
        raise ValueError("the exercises must be run from the repository: pip install --editable .")
    folders = sorted(SNIPPETS.glob("*/*/exercises/*/"), key=lambda path: (path.parts[:-1], path))
    return [folder.relative_to(SNIPPETS).as_posix().replace("exercises/", "") for folder in folders]


def folder_of(exercise: str) -> Path:
    """Return the folder that holds an exercise.

    Raises:
        ValueError: If there is no such exercise.
    """
    if exercise not in exercises():
        raise ValueError(f"exercise must be one of {', '.join(exercises())}; got {exercise}")
    chapter, _, number = exercise.rpartition("/")
    return SNIPPETS / chapter / "exercises" / number


def problem(exercise: str, answer: Path) -> str | None:
    """Return what is wrong with an answer, and a hint if the mistake is known; None if it is right.

    Raises:
        ValueError: If there is no such exercise, or no such file.
    """
    folder = folder_of(exercise)
    if not answer.is_file():
        raise ValueError(f"the answer must be a Python file, got {answer}")
    seen, error = _observe(folder, answer)
    wrong = next(filter(_differs, seen), None)
    if not wrong and error is None:
        return None
    found = _difference(wrong) if wrong else _place(answer, error)
    for mistake in sorted(folder.glob("wrong_*.py")):
        other_seen, other_error = _observe(folder, mistake)
        pairs = zip(seen, other_seen, strict=False)
        alike = all(_alike(ours.got, other.got) for ours, other in pairs)
        if alike and len(seen) == len(other_seen) and repr(error) == repr(other_error):
            hint = inspect.cleandoc(runpy.run_path(str(mistake))["__doc__"])
            return f"{found}\n\nHint: {' '.join(hint.split())}"
    return found


def refusal(function: Callable[..., Any], *arguments: Any, **settings: Any) -> str:
    """Return the name of the exception that a call raises, or "nothing" if it raises none."""
    try:
        function(*arguments, **settings)
    except NotImplementedError:
        raise
    except Exception as error:
        return type(error).__name__
    return "nothing"


def _observe(folder: Path, answer: Path) -> tuple[list[Observation], BaseException | None]:
    """Return what the check saw of an answer, and the exception that ended it, if one did."""
    check: Callable[..., Iterator[tuple[str, Any, Any]]]
    check = runpy.run_path(str(folder / "check.py"))["check"]
    names = list(inspect.signature(check).parameters)
    seen: list[Observation] = []
    try:
        defined = runpy.run_path(str(answer), run_name="answer")
        if missing := [name for name in names if name not in defined]:
            raise NameError(f"{answer.name} must define {', '.join(missing)}")
        for observation in check(*(defined[name] for name in names)):
            seen.append(Observation(*observation))
    except (Exception, SystemExit) as error:
        return seen, error
    return seen, None


def _differs(observation: Observation) -> bool:
    return not _alike(observation.got, observation.expected)


def _alike(got: Any, expected: Any) -> bool:
    """Return whether two values are equal, numbers up to rounding and whatever their type."""
    several, numeric = list | tuple, int | float | np.ndarray | torch.Tensor
    if isinstance(got, several) and isinstance(expected, several):
        return len(got) == len(expected) and all(map(_alike, got, expected))
    if not (isinstance(got, numeric) and isinstance(expected, numeric)):
        return type(got) is type(expected) and got == expected
    ours, theirs = (torch.as_tensor(value).detach().double() for value in (got, expected))
    close = ours.shape == theirs.shape and torch.isclose(
        ours, theirs, rtol=1e-5, atol=1e-8, equal_nan=True
    )
    return bool(torch.as_tensor(close).all())


def _difference(observation: Observation) -> str:
    what, got, expected = observation
    arrays = np.ndarray | torch.Tensor
    shapes = [tuple(value.shape) for value in (got, expected) if isinstance(value, arrays)]
    if len(set(shapes)) == 2:
        got, expected = (f"the shape {shape}" for shape in shapes)
    torch.set_printoptions(precision=7, threshold=20)
    try:
        return f"{what}\n  expected {expected}\n  got      {got}"
    finally:
        torch.set_printoptions(profile="default")


def _place(answer: Path, error: BaseException | None) -> str:
    if isinstance(error, NotImplementedError):
        return f"{answer.name} still raises NotImplementedError: write what is missing"
    stack = traceback.extract_tb(error.__traceback__ if error else None)
    lines = [frame.lineno for frame in stack if frame.filename == str(answer)]
    if isinstance(error, SyntaxError):
        lines.append(error.lineno)
    where = f"{answer.name}:{lines[-1]}: " if lines else ""
    return where + f"{type(error).__name__}: {error}"


def main() -> int:
    """Check an answer; without arguments, list the exercises."""
    parser = argparse.ArgumentParser(prog="python -m dlbasic.exercises", description=main.__doc__)
    parser.add_argument("exercise", nargs="?", help="such as losses/mse/1")
    parser.add_argument("answer", nargs="?", type=Path, help="your Python file")
    options = parser.parse_args()
    try:
        if options.exercise is None:
            print("\n".join(exercises()))
            return 0
        if options.answer is None:
            parser.error("name the file that holds your answer, such as my_answer.py")
        wrong = problem(options.exercise, options.answer)
    except ValueError as error:
        parser.error(str(error))
    print(f"{options.exercise}: {'not yet' if wrong else 'right'}")
    if wrong:
        print(f"\n{wrong}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
