"""A chapter as a Jupyter notebook: its prose, its programs and what they printed and drew."""

import re
from collections.abc import Iterator, Mapping, Sequence

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from dlbasic_docs.figure import coloured
from dlbasic_docs.page import Program, fences, figures
from dlbasic_docs.program import Outcome
from dlbasic_docs.standalone import Folded

FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
BOX = re.compile(r'(?:!!!|\?\?\?\+?) [\w ]+"(?P<title>[^"]*)"')
HTML = re.compile(r"</?div\b[^>]*>|\{[ :][^}]*\}")
LINK = re.compile(r"(?<!!)\[(?P<text>[^]]+)\]\((?P<target>[^)\s]+)\)")


def notebook(
    markdown: str,
    outcomes: Mapping[Program, Outcome],
    folded: Folded,
    *,
    address: str,
    style: str,
) -> nbformat.NotebookNode:
    """Return the notebook of a page, whose programs run in order, and without dlbasic.

    Args:
        markdown: The page, with its front matter or without.
        outcomes: What each program of the page printed and drew.
        folded: The whole programs of the page, in order, with what they use of dlbasic.
        address: Where the page stands on the web, or empty if nobody knows; links start there.
        style: The style sheet of the site, for the colours of the figures.
    """
    lines = FRONT_MATTER.sub("", markdown).splitlines()
    prose = _in_jupyters_markdown(lines, address)
    found = [fence for fence in fences(lines) if fence.program]
    whole = [fence.program for fence in found if fence.program and not fence.program.section]
    sources = dict(zip(whole, folded.programs, strict=True))
    cells, position = [], 0
    for fence in found:
        assert fence.program
        cells += _text(prose[position : fence.line - 1])
        outcome = outcomes[fence.program]
        if fence.program.section:
            cells.append(new_markdown_cell(f"```python\n{outcome.source}\n```"))
        else:
            cells.append(_program(sources[fence.program], outcome, style))
        position = fence.end
    cells += _text(prose[position:])
    if whole:
        parts = "\n\n\n".join(filter(None, [folded.imports, folded.parts]))
        needs = f"`pip install {' '.join(folded.packages)}`"
        cells.insert(1, new_markdown_cell(f"What the programs below use, to be run first. {needs}"))
        cells.insert(2, new_code_cell(parts))
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"  # the same in every build
    python = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return new_notebook(cells=cells, metadata={"kernelspec": python})


def _program(source: str, outcome: Outcome, style: str) -> nbformat.NotebookNode:
    outputs = []
    if outcome.printed:
        outputs.append(new_output("stream", name="stdout", text=outcome.printed))
    for svg in outcome.figures:
        picture = {"image/svg+xml": coloured(svg, style), "text/plain": "a figure"}
        outputs.append(new_output("display_data", data=picture))
    return new_code_cell(source, outputs=outputs)


def _in_jupyters_markdown(lines: Sequence[str], address: str) -> list[str]:
    """Return the lines of a page in the Markdown that Jupyter knows."""
    captions = {line - 1: match["caption"] for line, match in figures(lines)}
    text: list[str] = []
    for number, line in enumerate(lines):
        if number in captions:
            line = f"*{captions[number]}*"
        elif box := BOX.fullmatch(line.strip()):
            line = f"**{box['title']}**"
        line = re.sub(r"^ {4}", "", HTML.sub("", line))  # the inside of a box
        text.append(LINK.sub(lambda link: _linked(link, address), line))
    return text


def _text(lines: Sequence[str]) -> Iterator[nbformat.NotebookNode]:
    """Yield what stands between two programs, if anything does."""
    if prose := "\n".join(lines).strip():
        yield new_markdown_cell(re.sub(r"\n{3,}", "\n\n", prose))


def _linked(link: re.Match[str], address: str) -> str:
    """Return a link that leads from a notebook to the site, or its words if there is no address."""
    if "://" in link["target"]:
        return link[0]
    return (
        f"[{link['text']}]({address}{link['target'].replace('.md', '.html')})"
        if address
        else link["text"]
    )
