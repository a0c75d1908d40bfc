"""What a reader takes home runs where dlbasic is not installed, and says what the page says."""

import json
import re
from pathlib import Path

import nbformat
import pytest

from dlbasic_docs.page import Program, fences
from dlbasic_docs.program import Outcome
from dlbasic_docs.run import Results, results
from dlbasic_docs.standalone import alone, foldable
from tests.site.conftest import ROOT

HASH = re.compile(r'(?<=["#])(p|m|image)[0-9a-f]{10}')  # an id, which differs with the last bit
CLOCK = re.compile(r"process_time|perf_counter")
ELSEWHERE = ROOT / ".cache" / "elsewhere"  # where outcomes are kept, too


def on_page(page: Path) -> list[Program]:
    """Return the whole programs of a page, in order."""
    found = [fence.program for fence in fences(page.read_text(encoding="utf-8").splitlines())]
    return [program for program in found if program and not program.section]


def can_leave(program: Program) -> bool:
    return foldable((ROOT / program.path).read_text(encoding="utf-8"))


PAGES = {page: on_page(page) for page in sorted((ROOT / "docs/en").rglob("*.md"))}
PROGRAMS = list(dict.fromkeys(filter(can_leave, [p for some in PAGES.values() for p in some])))
BOOKS = {
    Program(f"notebooks/{page.relative_to(ROOT / 'docs/en').with_suffix('.py')}"): programs
    for page, programs in PAGES.items()
    if programs and all(map(can_leave, programs))
}


def told(text: str, program: Program) -> str:
    """Return what was printed, without the numbers if a clock is read, which tells others."""
    source = (ELSEWHERE / program.path).read_text(encoding="utf-8")
    return re.sub(r"\s*[\d.]+", "#", text) if CLOCK.search(source) else text


def book(site: Path, program: Program) -> nbformat.NotebookNode:
    return nbformat.read(site / Path(program.path).with_suffix(".ipynb"), as_version=4)


@pytest.fixture(scope="module")
def elsewhere(site: Path, request: pytest.FixtureRequest) -> Results:
    """Run all that the tests of this run ask for, where dlbasic can't be imported."""
    tests = [item for item in request.session.items if item.path == request.path]
    callspecs = [getattr(item, "callspec", None) for item in tests]
    asked = sorted({spec.params["program"] for spec in callspecs if spec})
    files = {"dlbasic.py": "raise ImportError('dlbasic is not installed here')\n"}
    for program in asked:
        if program in BOOKS:
            cells = [cell for cell in book(site, program).cells if cell.cell_type == "code"]
            files[program.path] = "\n\n\n".join(cell.source for cell in cells)
        else:
            files[program.path] = (site / alone(program.path)).read_text(encoding="utf-8")
    for name, text in files.items():
        path = ELSEWHERE / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DLBASIC_LIMIT", "1500")  # a notebook runs all programs of its chapter
        return results(ELSEWHERE, asked)


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.path)
def test_a_standalone_program_does_what_the_page_shows(elsewhere, program):
    here, there = elsewhere[program], results(ROOT, [program])[program]
    assert isinstance(here, Outcome), here
    assert isinstance(there, Outcome), there
    assert told(here.printed, program) == told(there.printed, program)
    assert len(here.figures) == len(there.figures)
    if told("1", program) == "1":
        for drawn, shown in zip(here.figures, there.figures, strict=True):
            assert HASH.sub("", drawn) == HASH.sub("", shown)


@pytest.mark.parametrize("program", BOOKS, ids=lambda program: program.path)
def test_a_notebook_does_what_the_page_shows(elsewhere, site, program):
    here, there = elsewhere[program], results(ROOT, BOOKS[program])
    assert isinstance(here, Outcome), here
    shown = [o for p in BOOKS[program] if isinstance(o := there[p], Outcome)]
    printed = "".join(outcome.printed for outcome in shown)
    assert told(here.printed, program) == told(printed, program)
    assert len(here.figures) == sum(len(outcome.figures) for outcome in shown)
    cells = book(site, program).cells
    outputs = [output for cell in cells for output in cell.get("outputs", ())]
    texts = [output.text for output in outputs if output.output_type == "stream"]
    assert "".join(texts) == printed
    pictures = [output.data["image/svg+xml"] for output in outputs if "data" in output]
    assert len(pictures) == len(here.figures)
    assert not any(colour in svg for svg in pictures for colour in ("#010101", "#010203"))


@pytest.mark.parametrize("program", list(BOOKS)[:3], ids=lambda program: program.path)
def test_a_notebook_is_valid_and_holds_no_markup_of_ours(site, program):
    notebook = book(site, program)
    nbformat.validate(notebook)
    prose = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    for mark in ("--8<--", "\n!!!", "\n???", "<div", ".md)", "{ ."):
        assert mark not in prose, json.dumps(mark)
