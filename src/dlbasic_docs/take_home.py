"""What can be taken home: every program, every chapter as a notebook, and the whole site."""

import base64
import functools
import io
import re
import zipfile
from collections.abc import Iterable
from pathlib import Path

import nbformat
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from dlbasic_docs import lab
from dlbasic_docs.kept import kept
from dlbasic_docs.notebook import notebook
from dlbasic_docs.page import Program, fences
from dlbasic_docs.program import Outcome, digest
from dlbasic_docs.run import Results
from dlbasic_docs.standalone import alone, foldable, folded, standalone
from dlbasic_docs.tables import in_order, with_tables

PACKED = "dl-basic.zip"


def shown_by(markdown: str, results: Results) -> dict[Program, Outcome]:
    """Return what a page shows of each of its programs, in order."""
    programs = [fence.program for fence in fences(markdown.splitlines()) if fence.program]
    return {p: o for p in programs if isinstance(o := results[p], Outcome)}


def texts(outcomes: Iterable[Outcome]) -> list[str]:
    """Return all that some programs show."""
    return [text for outcome in outcomes for text in (*outcome[:2], *outcome.figures)]


def downloads(files: Files, config: MkDocsConfig, results: Results) -> dict[str, str]:
    """Return the programs, as they stand and standing alone, and the notebooks, by their paths."""
    made: dict[str, str] = {}
    for file in files.documentation_pages():
        if file.src_uri.startswith("reference/"):
            continue
        if file.src_uri.endswith(".py"):
            made[_place(file)] = lab.as_notebook(file.content_string)
            continue
        outcomes = shown_by(file.content_string, results)
        whole = {p.path: o.source for p, o in outcomes.items() if not p.section}
        for path, source in whole.items():
            made[path] = f"{source}\n"
            if foldable(source):
                made[alone(path)] = standalone(path, source)
        if _leaves(file, outcomes):
            made[_place(file)] = _notebook(file, outcomes, files, config)
    return made


def _place(file: File) -> str:
    return f"notebooks/{file.src_uri.rpartition('.')[0]}.ipynb"


def _leaves(file: File, outcomes: dict[Program, Outcome]) -> bool:
    """Return whether a page is offered as a notebook: whether its programs make sense elsewhere."""
    whole = [outcome.source for program, outcome in outcomes.items() if not program.section]
    ours = not file.src_uri.startswith("reference/")
    return ours and bool(whole) and all(map(foldable, whole))


def _notebook(
    file: File, outcomes: dict[Program, Outcome], files: Files, config: MkDocsConfig
) -> str:
    name, markdown = _place(file), with_tables(file, files, list(in_order(config.nav)))
    whole = folded(name, [o.source for program, o in outcomes.items() if not program.section])
    address = f"{config.site_url}{file.url.rpartition('/')[0]}/" if config.site_url else ""
    style = (Path(config.docs_dir) / "assets" / "site.css").read_text(encoding="utf-8")

    def write() -> str:
        book = notebook(markdown, outcomes, whole, address=address, style=style)
        return nbformat.writes(book)

    made_of = [markdown, *texts(outcomes.values()), *map(str, whole), address, style]
    return kept(name, made_of, write)


def of_lab(file: File) -> str:
    """Return the end of a lab's page."""
    link = f'<a href="../{_place(file)}" download>This lab as a notebook</a>; it needs dlbasic'
    return f'<h2 id="take-it-home">Take it home</h2>\n<ul><li>{link}</li></ul>'


def of_chapter(page: Page, outcomes: dict[Program, Outcome]) -> str:
    """Return the end of a page in Markdown: its notebook, and how to cite the paper."""
    leaves, paper = _leaves(page.file, outcomes), page.meta.get("paper")
    if not (leaves or paper):
        return ""
    lines = ["", "## Take it home", ""]
    stem = page.file.src_uri.rpartition("/")[2].removesuffix(".md")
    if leaves:
        text = f"[This chapter as a notebook, with its outputs](/{_place(page.file)})"
        lines.append(f'- {text}{{ download="{stem}.ipynb" }}; it runs without dlbasic')
    if paper:
        fields = {
            "title": f"{{{paper['title']}}}",
            "author": re.sub(r",? and |, ", " and ", paper["authors"]),
            "year": page.meta["year"],
            "howpublished": paper["venue"],
            "url": paper["link"],
        }
        entry = [f"    {name:12} = {{{value}}}," for name, value in fields.items()]
        lines += ["- The paper, for your bibliography:", "", "    ```bibtex"]
        lines += [f"    @misc{{{stem},", *entry, "    }", "    ```"]
    return "\n".join([*lines, ""])


def pack(site: Path) -> None:
    """Write all files of the site into one, for reading without a network."""
    paths = [path for path in sorted(site.rglob("*")) if path.is_file() and path.name != PACKED]
    files = {path.relative_to(site).as_posix(): path.read_bytes() for path in paths}
    made_of = [text for name, data in files.items() for text in (name, digest(data))]
    (site / PACKED).write_bytes(
        base64.b64decode(kept(PACKED, made_of, functools.partial(_packed, files)))
    )


def _packed(files: dict[str, bytes]) -> str:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in files.items():
            # No date of its own, so that the same site is packed into the same bytes.
            packed.writestr(zipfile.ZipInfo(f"dl-basic/{name}"), data, zipfile.ZIP_DEFLATED)
    return base64.b64encode(buffer.getvalue()).decode()
