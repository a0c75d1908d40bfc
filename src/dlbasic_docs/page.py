"""What a page may hold: the one reading of Markdown that the build and the tests share.

A fence is a block between lines of back-ticks. A `python` fence holds one include, either of a
whole program (`--8<-- "snippets/…/x.py"`) or of an excerpt (`--8<-- "src/…/x.py:section"`).
Everything else that looks like Python is a problem, so a page shows nothing that did not run.
A figure that a program drew stands where `![the answer](program.svg "The question?")` names it.
"""

import ast
import re
import textwrap
from collections.abc import Iterator, Sequence
from typing import NamedTuple

LANGUAGES = ("bibtex", "console", "text", "yaml")
FENCE = re.compile(r"(?P<indent>[ \t]*)(?P<marks>`{3,})(?P<language>[^`]*)")
TAB = re.compile(r'(?P<indent>[ \t]*)===[!+]?[ \t]+"')
INCLUDE = re.compile(r'--8<-- "(?P<path>(?:snippets|src)/[\w./]+\.py)(?::(?P<section>\w+))?"')
FIGURE = re.compile(
    r'(?P<indent>[ \t]*)!\[(?P<alt>[^]]+)\]\((?P<file>[\w-]+\.svg) "(?P<caption>[^"]+)"\)'
)
CODE_OUTSIDE_FENCES = re.compile(r"```|~~~|--8<--|<pre\b|<code\b|^\s*>>> ")
PYTHON_LINE = re.compile(
    r"^\s*(>>> |import \w|from [\w.]+ import |def \w+\(|class \w+[:(])", re.MULTILINE
)


class Program(NamedTuple):
    """A file below the root that runs, or one section of it."""

    path: str
    section: str | None = None

    def __str__(self) -> str:
        """The program as a page names it."""
        return f"{self.path}:{self.section}" if self.section else self.path


class Fence(NamedTuple):
    """Lines `line` to `end` of a page, counted from one, and either a program or a problem."""

    line: int
    end: int
    indent: str = ""
    program: Program | None = None
    problem: str | None = None


def fences(lines: Sequence[str]) -> Iterator[Fence]:
    """Yield every Python fence of a page, and every line that the page may not hold."""
    opening = None
    tab: str | None = None  # the indentation of the tab that we are in
    for number, line in enumerate(lines, start=1):
        match = FENCE.fullmatch(line.rstrip())
        if opening:
            start, marks = opening
            if match and match["marks"].startswith(marks["marks"]) and not match["language"]:
                opening = None
                body = lines[start : number - 1]
                yield from _fence(start, number, marks, body, in_tab=tab is not None)
            continue
        if tab is not None and line.strip() and not line.startswith(tab + "    "):
            tab = None
        if match:
            opening = number, match
        elif tabs := TAB.match(line):
            tab = tabs["indent"] if tab is None else tab
        elif CODE_OUTSIDE_FENCES.search(line):
            yield Fence(number, number, problem=f"code outside a fence: {line.strip()}")
    if opening:
        yield Fence(opening[0], len(lines), problem="the fence is never closed")


def figures(lines: Sequence[str]) -> Iterator[tuple[int, re.Match[str]]]:
    """Yield the number of each line that names a figure, and its parts."""
    for number, line in enumerate(lines, start=1):
        if match := FIGURE.fullmatch(line.rstrip()):
            yield number, match


def figure_files(program: Program, count: int) -> list[str]:
    """Return how a page names the figures of a program: pull.svg, pull-2.svg, and so on."""
    stem = program.path.rpartition("/")[2].removesuffix(".py")
    return [f"{stem}{f'-{number}' if number > 1 else ''}.svg" for number in range(1, count + 1)]


def _fence(
    start: int, end: int, opening: re.Match[str], body: Sequence[str], *, in_tab: bool
) -> Iterator[Fence]:
    language, text = opening["language"].strip(), "\n".join(body).strip()
    include = INCLUDE.fullmatch(text)
    problem = program = None
    if language == "python":
        if in_tab:
            problem = "a python fence in a tab is skipped by test runners: move it out of the tab"
        elif not include:
            problem = f"a python fence holds one include and nothing else, got: {text[:60]!r}"
        else:
            program = Program(include["path"], include["section"])
    elif language not in LANGUAGES:
        known = ", ".join(("python", *LANGUAGES))
        problem = f"a fence names one language of {known}; got {language!r}"
    elif _looks_like_python(body):
        problem = f"Python in a {language} fence is not run: put it into a snippet"
    if program or problem:
        yield Fence(start, end, opening["indent"], program, problem)


def _looks_like_python(body: Sequence[str]) -> bool:
    text = textwrap.dedent("\n".join(body))
    if PYTHON_LINE.search(text):
        return True
    try:
        nodes = ast.walk(ast.parse(text))
    except (SyntaxError, ValueError):
        return False
    return any(isinstance(node, ast.Assign | ast.Call | ast.For | ast.With) for node in nodes)


def excerpt(program: Program, text: str) -> tuple[str, int]:
    """Return what a page shows of a program's file, and the number of its first line there.

    Raises:
        ValueError: If the section is missing, not closed, or there twice.
    """
    lines = text.splitlines()
    if program.section is None:
        return "\n".join(lines), 1
    markers = [rf"\s*# --8<-- \[{edge}:{program.section}\].*" for edge in ("start", "end")]
    edges = [[i for i, line in enumerate(lines) if re.fullmatch(m, line)] for m in markers]
    if [len(found) for found in edges] != [1, 1] or edges[0] > edges[1]:
        raise ValueError(f"{program.path} must open and close the section {program.section} once")
    start, end = edges[0][0] + 1, edges[1][0]
    while start < end and not lines[start].strip():
        start += 1
    return "\n".join(lines[start:end]).rstrip(), start + 1
