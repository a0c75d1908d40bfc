"""The house rules: one name for a chapter everywhere, papers import only their past, and so on."""

import ast
import inspect
import re
import subprocess
import tomllib
from importlib import import_module
from pathlib import Path

import pytest
import yaml

from dlbasic.foundations.reading_papers import problems
from dlbasic_docs.page import Program, fences

ROOT = Path(__file__).parents[1]
PARTS = ("foundations", "tasks", "losses", "regularization", "history")
SECTIONS = ["Data", "Model", "Loss", "Algorithm"]
NOT_ALLOWED = {"utils", "common", "helpers", "misc", "tmp"}


def chapters(folder: str, pattern: str) -> set[str]:
    """Return `part/chapter` for each file below a folder that matches the pattern."""
    found = set()
    for part in PARTS:
        for path in (ROOT / folder / part).glob(pattern):
            name = path.stem if path.is_file() else path.name
            if name not in ("__init__", "__pycache__", "index"):
                found.add(f"{part}/{name.removeprefix('test_')}")
    return found


MODULES = sorted(chapters("src/dlbasic", "*.py"))
SNIPPETS = sorted((ROOT / "snippets").glob("*/*/*.py"))
ANSWERS = sorted((ROOT / "snippets").glob("*/*/exercises/*/answer.py"))
TRACKED = subprocess.run(
    ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
).stdout.splitlines()


def front_matter(page: Path) -> dict:
    return yaml.safe_load(page.read_text(encoding="utf-8").split("---\n")[1])


def programs(chapter: str) -> set[Program]:
    lines = (ROOT / f"docs/en/{chapter}.md").read_text(encoding="utf-8").splitlines()
    return {fence.program for fence in fences(lines) if fence.program}


def public(chapter: str) -> dict:
    """Return the public functions and classes that a module itself defines."""
    module = import_module(f"dlbasic.{chapter.replace('/', '.')}")
    return {
        name: thing
        for name, thing in vars(module).items()
        if not name.startswith("_")
        and (inspect.isfunction(thing) or inspect.isclass(thing))
        and thing.__module__ == module.__name__
    }


def test_the_mirror_rule():
    assert MODULES
    assert chapters("docs/en", "*.md") == set(MODULES)
    assert chapters("snippets", "*") == set(MODULES)
    assert chapters("tests", "test_*.py") == set(MODULES)


def test_every_chapter_is_in_the_navigation():
    nav = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    for chapter in MODULES:
        assert f"{chapter}.md" in nav


@pytest.mark.parametrize("chapter", MODULES)
def test_a_page_shows_all_snippets_of_its_chapter(chapter):
    shown = {program.path for program in programs(chapter)}
    folder = ROOT / "snippets" / chapter
    programs_of_the_chapter = {str(path.relative_to(ROOT)) for path in folder.glob("*.py")}
    assert programs_of_the_chapter <= shown
    assert 3 <= len(programs_of_the_chapter) <= 6


@pytest.mark.parametrize("chapter", MODULES)
def test_a_page_has_a_title_a_description_and_its_sources(chapter):
    page = ROOT / f"docs/en/{chapter}.md"
    meta = front_matter(page)
    assert meta["title"]
    assert 40 <= len(meta["description"]) <= 160
    assert "\n## Source" in page.read_text(encoding="utf-8")


@pytest.mark.parametrize("chapter", [c for c in MODULES if c.startswith(("history/", "tasks/"))])
def test_a_paper_is_told_in_its_four_sections(chapter):
    page = (ROOT / f"docs/en/{chapter}.md").read_text(encoding="utf-8")
    headings = [line[3:] for line in page.splitlines() if line.startswith("## ")]
    assert [heading for heading in headings if heading in SECTIONS] == SECTIONS
    source = (ROOT / f"src/dlbasic/{chapter}.py").read_text(encoding="utf-8")
    banners = re.findall(r"# --8<-- \[start:(\w+)\] (\w+)", source)
    assert [(name, word) for name, word in banners if word in SECTIONS] == [
        (word.lower(), word) for word in SECTIONS
    ]
    assert re.search(r"^Source: ", source, re.MULTILINE)


@pytest.mark.parametrize("chapter", [c for c in MODULES if c.startswith("history/")])
def test_a_history_page_is_a_whole_reading_of_its_paper_and_tested(chapter):
    meta = front_matter(ROOT / f"docs/en/{chapter}.md")
    assert problems(meta) == []
    assert list(meta["points"]) == [section.lower() for section in SECTIONS]
    assert meta["year"] >= 2012
    assert meta["claim"]["verdict"] != "untested"
    assert Program(meta["claim"]["measured_by"]) in programs(chapter)
    page = (ROOT / f"docs/en/{chapter}.md").read_text(encoding="utf-8")
    assert page.count("\n{{ claim }}\n") == 1
    assert "\n## What we changed from the paper" in page


def imports(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


@pytest.mark.parametrize("chapter", [c for c in MODULES if c.startswith("history/")])
def test_the_import_graph_is_the_history(chapter):
    year = front_matter(ROOT / f"docs/en/{chapter}.md")["year"]
    for name in imports(ROOT / f"src/dlbasic/{chapter}.py"):
        if name.startswith("dlbasic.history."):
            older = name.removeprefix("dlbasic.history.").partition(".")[0]
            assert front_matter(ROOT / f"docs/en/history/{older}.md")["year"] <= year
        elif name.startswith("dlbasic."):
            allowed = ("losses", "regularization", "data", "checks")
            assert name.split(".")[1] in allowed, f"{chapter} imports {name}"


@pytest.mark.parametrize("path", SNIPPETS + ANSWERS, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_snippet_claims_something_and_stands_alone(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    words = {getattr(node, "attr", "") for node in ast.walk(tree)}
    assert any(isinstance(node, ast.Assert) for node in ast.walk(tree)) or "assert_close" in words
    for name in imports(path):
        assert name.split(".")[0] not in ("dlbasic_docs", "snippets", "tests")
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 50


@pytest.mark.parametrize("chapter", MODULES)
def test_a_chapter_has_exercises_that_the_page_shows(chapter):
    page = (ROOT / f"docs/en/{chapter}.md").read_text(encoding="utf-8")
    folders = sorted((ROOT / "snippets" / chapter / "exercises").glob("*/"))
    assert [folder.name for folder in folders] in (
        ["1", "2"],
        ["1", "2", "3"],
        ["1", "2", "3", "4"],
    )
    positions = [page.index("\n## Exercises\n")]
    for folder in folders:
        names = {path.name for path in folder.glob("*.py")}
        mistakes = {name for name in names if name.startswith("wrong_")}
        assert names == {"answer.py", "check.py", "starter.py"} | mistakes
        assert 2 <= len(mistakes) <= 4
        for words in (
            f"\n### {folder.name}. ",
            f'\n--8<-- "{folder.relative_to(ROOT)}/starter.py"',
            f"\n$ .venv/bin/python -m dlbasic.exercises {chapter}/{folder.name} my_answer.py",
            '\n??? success "Answer"\n',
            f'\n    --8<-- "{folder.relative_to(ROOT)}/answer.py"',
        ):
            positions.append(page.index(words, positions[-1]))
    assert page.index("\n## Source") > positions[-1]


@pytest.mark.parametrize("chapter", MODULES)
def test_what_is_public_is_documented_and_typed(chapter):
    for name, thing in public(chapter).items():
        assert inspect.getdoc(thing), f"{name} has no docstring"
        if inspect.isfunction(thing):
            signature = inspect.signature(thing)
            assert signature.return_annotation is not signature.empty, name
            for parameter in signature.parameters.values():
                assert parameter.annotation is not parameter.empty, f"{name}({parameter})"


@pytest.mark.parametrize("chapter", MODULES)
def test_a_module_is_as_long_as_a_reader_can_hold(chapter):
    text = (ROOT / f"src/dlbasic/{chapter}.py").read_text(encoding="utf-8")
    tree = ast.parse(text)
    documented = (ast.Module, ast.FunctionDef, ast.ClassDef)
    prose = sum(
        (node.body[0].end_lineno or 0) - node.body[0].lineno + 1
        for node in ast.walk(tree)
        if isinstance(node, documented) and ast.get_docstring(node)
    )
    assert len(text.splitlines()) - prose <= 220


def test_the_top_level_holds_the_course_and_what_tools_need():
    course = {"docs", "snippets", "src", "tests", "mkdocs.yml", "README.md"}
    tools = {".ci", ".github", ".gitignore", "CITATION.cff", "LICENSE", "Makefile"}
    tools |= {"constraints.txt", "pyproject.toml"}
    assert {name.split("/")[0] for name in TRACKED} <= course | tools


def test_names_say_what_a_file_is_for():
    for name in TRACKED:
        assert not NOT_ALLOWED & {Path(part).stem for part in name.split("/")}, name


@pytest.mark.parametrize("name", ["README.md", "docs/en/contributing.md"])
def test_the_example_of_a_failure_still_names_the_right_lines(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    example = re.search(r"(\S+\.md):(\d+): (\S+\.py):(\d+): AssertionError\n +(.*)", text)
    assert example
    page, line, program, number, source = example.groups()
    shown = fences((ROOT / page).read_text(encoding="utf-8").splitlines())
    assert (int(line), Program(program)) in [(fence.line, fence.program) for fence in shown]
    assert (ROOT / program).read_text(encoding="utf-8").splitlines()[int(number) - 1] == source


def test_every_dependency_is_pinned():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    asked = project["dependencies"] + [
        name for extra in project["optional-dependencies"].values() for name in extra
    ]
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    pins = {line.partition("==")[0].lower().replace("_", "-") for line in lines if "==" in line}
    assert {re.split(r"[\[<>=]", name)[0].lower() for name in asked} <= pins
    assert [line for line in lines if "==" not in line and not line.startswith("#")] == []


def test_no_file_names_where_packages_or_models_come_from():
    pattern = re.compile(
        r"--(extra-)?index-url|--find-links|pypi\.org|pythonhosted|npmjs|/simple\b"
    )
    for name in TRACKED:
        path = ROOT / name
        if path != Path(__file__) and path.is_file() and path.suffix != ".png":
            assert not pattern.search(path.read_text(encoding="utf-8")), name
