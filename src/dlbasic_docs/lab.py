"""The labs: notebooks that mkdocs-jupyter runs and renders, given the look of every other page."""

import base64
import html
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import jupytext
import nbformat
from bs4 import BeautifulSoup, Tag

from dlbasic_docs.figure import inline
from dlbasic_docs.mathml import mathml
from dlbasic_docs.program import digest
from dlbasic_docs.run import ENVIRONMENT
from dlbasic_docs.standalone import read_by

FORMULA = re.compile(r"\$\$(.+?)\$\$|\$([^$\n]+?)\$", re.DOTALL)
KERNEL = "c.InlineBackend.figure_formats = ['svg']\n"
PARTS = ".jp-MarkdownOutput, .jp-CodeMirrorEditor pre, .jp-OutputArea-output :is(pre, img)"
KEPT = Path(".cache", "labs")


def prepare(labs: Path) -> Path:
    """Have notebooks run as the programs do; return where mkdocs-jupyter shall keep the outcomes.

    The place depends on the code that the labs import, since their outcomes do, too.
    """
    profile = Path(".cache", "ipython", "profile_default", "ipython_kernel_config.py")
    profile.parent.mkdir(parents=True, exist_ok=True)
    profile.write_text(KERNEL, encoding="utf-8")
    own = {"IPYTHONDIR": str(profile.parents[1].resolve()), "PYDEVD_DISABLE_FILE_VALIDATION": "1"}
    os.environ.update({k: v for k, v in ENVIRONMENT.items() if k != "MPLBACKEND"} | own)
    files = {Path("constraints.txt"), Path(ENVIRONMENT["MATPLOTLIBRC"])}
    for path in labs.glob("*.py"):
        files |= read_by(path.read_text(encoding="utf-8"))
    kept = KEPT / digest(b"".join(path.read_bytes() for path in sorted(files)))
    for old in KEPT.glob("*"):
        if old != kept:
            shutil.rmtree(old)
    return kept


def as_notebook(text: str) -> str:
    """Return a lab as the file that Jupyter opens."""
    return nbformat.writes(_cells(text))


def _cells(text: str) -> nbformat.NotebookNode:
    notebook = jupytext.reads(text, fmt="py:percent")
    for number, cell in enumerate(notebook.cells):
        cell["id"] = f"cell-{number}"  # the same in every build
    return notebook


def page(rendered: str, text: str) -> str:
    """Return the inside of a lab's page.

    Args:
        rendered: What mkdocs-jupyter made of the lab, with styles and scripts of its own.
        text: The lab. A cell that draws has an `alt` beside its `# %%`, for each figure in order.

    Raises:
        ValueError: If a figure has no `alt`, or an `alt` no figure.
    """
    soup = BeautifulSoup(rendered, "html.parser")
    alts = [cell.metadata["alt"] for cell in _cells(text).cells if "alt" in cell.metadata]
    parts = soup.select(PARTS)
    figures = [part for part in parts if part.name == "img"]
    if len(figures) != len(alts):
        raise ValueError(f"every figure must have an alt, got {len(figures)} and {len(alts)}")
    words = iter(enumerate(alts))
    return "\n".join(_part(part, words) for part in parts)


def _part(part: Tag, words: Iterator[tuple[int, str]]) -> str:
    if part.name == "img":
        number, alt = next(words)
        svg = base64.b64decode(str(part["src"]).partition(",")[2]).decode()
        return f'<figure class="drawn">{inline(svg, f"lab-{number}.svg", alt)}</figure>'
    if part.name == "div":
        return _prose(part)
    if part.find_parent(class_="jp-CodeMirrorEditor"):
        return f'<div class="highlight"><pre><code>{part.decode_contents()}</code></pre></div>'
    printed = html.escape(part.get_text().rstrip("\n"))
    return f'<pre class="printed"><samp>{printed}</samp></pre>'


def _prose(part: Tag) -> str:
    """Return a cell of text, with formulas as MathML and links to pages as they are built."""
    for anchor in part.select("a.anchor-link"):
        anchor["class"], anchor["title"] = "headerlink", "Permanent link"
    for link in part.select("a[href]"):
        if "://" not in link["href"]:
            link["href"] = re.sub(r"\.md(?=#|$)", ".html", str(link["href"]))
    for text in part.find_all(string=FORMULA):
        if text.find_parent("code"):
            continue
        made, end = "", 0
        for formula in FORMULA.finditer(text):
            made += html.escape(text[end : formula.start()])
            made += mathml(formula[1] or formula[2], block=formula[1] is not None)
            end = formula.end()
        text.replace_with(BeautifulSoup(made + html.escape(text[end:]), "html.parser"))
    return part.decode_contents().strip()
