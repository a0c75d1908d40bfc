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
CODE_OUTSIDE_FENCES = re.compile(r"```|~~~|^\s*--8<--|<pre\b|<code\b|^\s*>>> ")
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


class Block(NamedTuple):
    """Lines `start` to `end`: one line of prose, or a fence with its opening line."""

    start: int
    end: int
    opening: re.Match[str] | None = None
    closed: bool = True


def _blocks(lines: Sequence[str]) -> Iterator[Block]:
    start, opening = 0, None
    for number, line in enumerate(lines, start=1):
        match = FENCE.fullmatch(line.rstrip())
        if opening is None:
            start, opening = number, match
            if match is None:
                yield Block(number, number)
        elif match and match["marks"].startswith(opening["marks"]) and not match["language"]:
            yield Block(start, number, opening)
            opening = None
    if opening is not None:
        yield Block(start, len(lines), opening, closed=False)


def fences(lines: Sequence[str]) -> Iterator[Fence]:
    """Yield every Python fence of a page, and every line that the page may not hold."""
    tab: str | None = None  # the indentation of the tab that we are in
    for start, end, opening, closed in _blocks(lines):
        line = lines[start - 1]
        if tab is not None and line.strip() and not line.startswith(tab + "    "):
            tab = None
        if opening is None:
            if tab is None and (tabs := TAB.match(line)):
                tab = tabs["indent"]
            elif CODE_OUTSIDE_FENCES.search(line):
                yield Fence(start, end, problem=f"code outside a fence: {line.strip()}")
            continue
        program, problem = _program(opening["language"].strip(), lines[start : end - 1])
        if program and tab is not None:
            problem = "a python fence in a tab is skipped by test runners: move it out of the tab"
        if not closed:
            problem = "the fence is never closed"
        if program or problem:
            yield Fence(start, end, opening["indent"], program, problem)


def figures(lines: Sequence[str]) -> Iterator[tuple[int, re.Match[str]]]:
    """Yield the number of each line that names a figure, and its parts."""
    for block in _blocks(lines):
        line = lines[block.start - 1]
        if block.opening is None and (match := FIGURE.fullmatch(line.rstrip())):
            yield block.start, match


def figure_files(program: Program, count: int) -> list[str]:
    """Return how a page names the figures of a program: pull.svg, pull-2.svg, and so on."""
    stem = program.path.rpartition("/")[2].removesuffix(".py")
    return [f"{stem}{f'-{number}' if number > 1 else ''}.svg" for number in range(1, count + 1)]


def _program(language: str, body: Sequence[str]) -> tuple[Program | None, str | None]:
    """Return what a fence runs, or what is wrong with it."""
    text = "\n".join(body).strip()
    if language == "python":
        if include := INCLUDE.fullmatch(text):
            return Program(include["path"], include["section"]), None
        return None, f"a python fence holds one include and nothing else, got: {text[:60]!r}"
    if language not in LANGUAGES:
        known = ", ".join(("python", *LANGUAGES))
        return None, f"a fence names one language of {known}; got {language!r}"
    if _looks_like_python(body):
        return None, f"Python in a {language} fence is not run: put it into a snippet"
    return None, None


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
