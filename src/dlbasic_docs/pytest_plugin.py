"""The fences of a page as tests: pytest-markdown-docs collects them, the engine reports them."""

from pathlib import Path
from typing import Any

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token
from pytest_markdown_docs._runners import _Runner, register_runner  # the version is pinned for this
from pytest_markdown_docs.definitions import FenceTestDefinition
from pytest_markdown_docs.plugin import MarkdownInlinePythonItem, MarkdownTextFile

from dlbasic_docs.page import fences, figures
from dlbasic_docs.run import Results, problems, results, wanted

known: Results = {}


class PageParser(MarkdownIt):
    """Sees the lines of a page that the build sees, and nothing else."""

    def parse(self, src: str, env: Any = None) -> list[Token]:
        """Return a token for every line that must hold: programs, problems, figures."""
        lines = src.splitlines()
        numbers = {fence.line for fence in fences(lines)} | {line for line, _ in figures(lines)}
        return [
            Token("fence", "code", 0, info="python runner:Engine", map=[line - 1, line])
            for line in sorted(numbers)
        ]


@register_runner()
class Engine(_Runner):
    """Reports what the engine found for one line of a page; it runs nothing itself."""

    def runtest(self, test: FenceTestDefinition, args: Any, **_: Any) -> None:
        """Raise if there is a problem on the test's line."""
        place = f"{test.source_path.relative_to(Path.cwd())}:{test.start_line}"
        wrong = [
            text for line, text in problems(test.source_path, known) if line == test.start_line
        ]
        if wrong:
            pytest.fail("\n".join(f"{place}: {text}" for text in wrong))

    def repr_failure(self, test: FenceTestDefinition, excinfo: Any, style: Any = None) -> Any:
        """Return the problem alone: page, line, cause and source line."""
        return str(excinfo.value)


@pytest.hookimpl(tryfirst=True)
def pytest_markdown_docs_markdown_it() -> MarkdownIt:
    """Hand our reading of Markdown to pytest-markdown-docs."""
    return PageParser()


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect the pages without a flag on the command line."""
    if file_path.suffix == ".md" and "docs" in file_path.relative_to(Path.cwd()).parts[:1]:
        return MarkdownTextFile.from_parent(parent, path=file_path)
    return None


def pytest_collection_finish(session: pytest.Session) -> None:
    """Run the programs of the pages that were asked for, all together."""
    items = [item for item in session.items if isinstance(item, MarkdownInlinePythonItem)]
    found = dict.fromkeys(item.path for item in items)
    if found and not session.config.option.collectonly:
        known.update(results(Path.cwd(), wanted(found)))
