"""The exercises: the answer is right, and every known mistake is refused with a hint of its own."""

import inspect
import subprocess
import sys
from pathlib import Path

import pytest

from dlbasic import exercises
from dlbasic.exercises import folder_of, problem

ALL = exercises.exercises()
MISTAKES = [(name, path) for name in ALL for path in sorted(folder_of(name).glob("wrong_*.py"))]

CHECK = """
def check(double):
    yield "double(1)", double(1), 2
    yield "double(3)", double(3), 6
"""
RIGHT = "def double(x):\n    return 2 * x\n"
SQUARES = '"""You square the number\nand should double it."""\ndef double(x):\n    return x * x\n'
ADDS = '"""You add two to the number and should double it."""\ndef double(x):\n    return x + 2\n'
RAISES = '"""You ask for a length, which a number lacks."""\ndef double(x):\n    return len(x)\n'


def hint(path: Path) -> str:
    """Return the docstring of a file that holds a mistake, on one line."""
    lines = path.read_text(encoding="utf-8").split('"""')[1]
    return " ".join(inspect.cleandoc(lines).split())


@pytest.mark.parametrize("name", ALL)
def test_the_answer_is_right(name):
    assert problem(name, folder_of(name) / "answer.py") is None


@pytest.mark.parametrize("name", ALL)
def test_the_starter_is_not_right_yet(name):
    assert "still raises NotImplementedError" in str(problem(name, folder_of(name) / "starter.py"))


@pytest.mark.parametrize(
    ("name", "path"), MISTAKES, ids=lambda value: getattr(value, "stem", value)
)
def test_a_known_mistake_is_refused_with_its_own_hint(name, path):
    assert str(problem(name, path)).endswith(f"\n\nHint: {hint(path)}")


@pytest.mark.parametrize("name", ALL)
def test_the_hints_of_an_exercise_say_something_and_differ(name):
    hints = [hint(path) for mistake, path in MISTAKES if mistake == name]
    assert len(set(hints)) == len(hints)
    assert min(map(len, hints)) >= 40


@pytest.fixture
def course(tmp_path, monkeypatch) -> Path:
    """A course of one exercise, part/chapter/1; returns the folder of the reader."""
    folder = tmp_path / "snippets/part/chapter/exercises/1"
    folder.mkdir(parents=True)
    files = {"check": CHECK, "answer": RIGHT, "wrong_squares": SQUARES, "wrong_raises": RAISES}
    for name, text in (files | {"wrong_adds": ADDS}).items():
        (folder / f"{name}.py").write_text(text)
    monkeypatch.setattr(exercises, "SNIPPETS", tmp_path / "snippets")
    return tmp_path


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (RIGHT, None),
        (
            "def double(x):\n    return x ** 2",
            "double(1)\n  expected 2\n  got      1\n\nHint: You square the number and should",
        ),
        ("def double(x):\n    return 1 + x + 1", "Hint: You add two"),
        (
            "def double(x):\n    return x.__len__()",
            "my_answer.py:2: AttributeError: 'int' object has no",
        ),
        ("def double(x):\n    x = len(x)\n    return x", "Hint: You ask for a length"),
        ("def double(x):\n    return 3 * x", "double(1)\n  expected 2\n  got      3"),
        ("def double(x):\n    return 2 * (x == 1)", "double(3)\n  expected 6\n  got      0"),
        ("def double(x):\n    pass", "double(1)\n  expected 2\n  got      None"),
        ("def double(x):\n    return '2'", "expected 2\n  got      2"),
        ("def double(x):\n    raise NotImplementedError", "write what is missing"),
        ("def twice(x):\n    return 2 * x", "NameError: my_answer.py must define double"),
        ("def double(x):\n    return 2 *", "my_answer.py:2: SyntaxError: "),
        ("raise SystemExit(3)", "my_answer.py:1: SystemExit: 3"),
        ("double = 3", "TypeError: 'int' object is not callable"),
    ],
)
def test_an_answer_gets_what_it_deserves(course, text, words):
    (course / "my_answer.py").write_text(text)
    wrong = problem("part/chapter/1", course / "my_answer.py")
    assert wrong == words if words is None else words in str(wrong)
    assert ("Hint" in str(wrong)) == ("Hint" in str(words))


def test_what_is_not_there_is_named(course, refuses, monkeypatch):
    with refuses("exercise must be one of part/chapter/1; got part/chapter/2"):
        problem("part/chapter/2", course / "my_answer.py")
    with refuses("the answer must be a Python file, got "):
        problem("part/chapter/1", course / "my_answer.py")
    monkeypatch.setattr(exercises, "SNIPPETS", course / "elsewhere")
    with refuses("the exercises must be run from the repository"):
        exercises.exercises()


def test_a_refusal_is_looked_at_by_its_kind():
    assert exercises.refusal(int, "x") == "ValueError"
    assert exercises.refusal(int, "7") == "nothing"
    with pytest.raises(NotImplementedError):
        exercises.refusal(lambda: (_ for _ in ()).throw(NotImplementedError))


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "dlbasic.exercises", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_command_line():
    name, mistake = MISTAKES[0]
    right = run(name, str(folder_of(name) / "answer.py"))
    assert (right.returncode, right.stdout.splitlines()[-1]) == (0, f"{name}: right")
    wrong = run(name, str(mistake))
    assert wrong.returncode == 1
    assert wrong.stdout.startswith(f"{name}: not yet\n\n")
    assert hint(mistake) in wrong.stdout
    assert run().stdout.splitlines() == ALL
    assert run("losses/mse/99", "x.py").returncode == 2
    assert "name the file that holds your answer" in run(name).stderr
