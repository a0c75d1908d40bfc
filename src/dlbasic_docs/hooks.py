"""What must see the whole site: run the programs first, list the modules, cut the math font."""

import base64
import functools
import hashlib
import html
import importlib.metadata
import io
import re
import unicodedata
import zipfile
from pathlib import Path
from typing import Any

import nbformat
import yaml
from fontTools import subset
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import event_priority
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from dlbasic_docs import lab
from dlbasic_docs.notebook import FRONT_MATTER, notebook
from dlbasic_docs.page import Program, fences
from dlbasic_docs.program import Outcome
from dlbasic_docs.run import modules, pages, report, results, wanted
from dlbasic_docs.standalone import standalone
from dlbasic_docs.tables import in_order, with_tables
from dlbasic_docs.weave import alone, foldable

PACKED = "dl-basic.zip"
STRETCHY = "()[]{}|‖⌊⌋⌈⌉√∑∏∫⏞⏟‾_"  # signs that a formula may need though its text lacks them
# A browser sets a variable in italics, whose letters are characters of their own.
ITALIC_CODES = [0x210E, *range(0x1D434, 0x1D468), *range(0x1D6E2, 0x1D716)]
ITALIC = {unicodedata.normalize("NFKC", chr(code)): chr(code) for code in ITALIC_CODES}

# The navigation of a part, and its title, which is not inside the label that should name it.
UNNAMED = re.compile(
    r'aria-labelledby="(__nav_[\d_]+)_label"'
    r'( [^>]*>\s*<label class="md-nav__title" for="\1">\s*<span[^>]*></span>\s*)'
    r"([^<]*?)(?=\s*</label>)"
)

# What a page is made of, and what became of it, from one build of `make serve` to the next.
RENDERED = ("toc", "present_anchor_ids", "links_to_anchors")
# Figures and code wait aside while the theme and the search go through a page, which is faster.
HEAVY = re.compile(r'(?<=<figure class="drawn">)<svg.*?</svg>|<pre\b.*?</pre>', re.DOTALL)
ASIDE = re.compile(r"<pre data-aside>.*?</pre>", re.DOTALL)
_aside: dict[str, list[str]] = {}
_serving = False
_made: dict[str, tuple[tuple, tuple[str, dict] | None]] = {}
_books: dict[str, tuple[tuple, str]] = {}


def on_startup(command: str, dirty: bool) -> None:
    """Remember whether the site is served, where every second counts."""
    global _serving
    _serving = command == "serve"


def on_config(config: MkDocsConfig) -> None:
    """Append the reference to the navigation, a page for each module; prepare for the labs."""
    if notebooks := config.plugins.get("mkdocs-jupyter"):
        notebooks.config["cache_dir"] = str(lab.prepare(Path(config.docs_dir, "labs")))
    parts: dict[str, list[str]] = {}
    for page in _reference():
        part = page.split("/")[1]
        parts.setdefault(part if page.count("/") > 1 else "", []).append(page)
    alone = parts.pop("", [])
    assert config.nav is not None
    config.nav.append({"Reference": [*({f"dlbasic.{p}": parts[p]} for p in parts), *alone]})


def on_pre_build(config: MkDocsConfig) -> None:
    """Run every program whose outcome no longer holds; stop, with every problem, if one fails."""
    _outcomes.cache_clear()
    root = Path.cwd()
    programs = wanted(pages(root)) + modules(root)
    if wrong := report(root, pages(root), results(root, programs)):
        raise PluginError("\n".join(["the pages can't be made:", *wrong]))


def on_files(files: Files, config: MkDocsConfig) -> None:
    """Add the reference: what a module offers, from its docstrings, and then its source."""
    for page, path in _reference().items():
        name = path.removeprefix("src/").removesuffix(".py").replace("/", ".")
        head = {
            "title": name.removeprefix("dlbasic."),
            "description": f"Reference of {name}.",
            "search": {"boost": 0.5},  # a chapter is the better answer
        }
        text = f'::: {name}\n\n## Source\n\n```python\n--8<-- "{path}"\n```\n'
        text = f"---\n{yaml.safe_dump(head)}---\n{text}"
        files.append(File.generated(config, page, content=text))
    for name, text in _downloads(files, config).items():
        files.append(File.generated(config, name, content=text))


def _downloads(files: Files, config: MkDocsConfig) -> dict[str, str]:
    """Return what can be taken home: every program, standalone too, and every chapter."""
    made: dict[str, str] = {}
    style = (Path(config.docs_dir) / "assets" / "site.css").read_text(encoding="utf-8")
    for file in files.documentation_pages():
        if file.src_uri.startswith("reference/"):
            continue
        if file.src_uri.endswith(".py"):
            made[_lab_notebook(file)] = lab.as_notebook(file.content_string)
            continue
        markdown = with_tables(file, files, list(in_order(config.nav)))
        outcomes = _outcomes(file.content_string)
        whole = {p.path: o.source for p, o in outcomes.items() if not p.section}
        for path, source in whole.items():
            made[path] = f"{source}\n"
            if foldable(source):
                made[alone(path)] = standalone(path, source)
        if name := _notebook_of(file):
            address = config.site_url and f"{config.site_url}{file.url.rpartition('/')[0]}/"
            made_of = (markdown, address, style, *outcomes.values())
            if _books.get(name, ((), ""))[0] != made_of:
                book = notebook(markdown, outcomes, address=address or "", style=style)
                _books[name] = (made_of, nbformat.writes(book))
            made[name] = _books[name][1]
    return made


@functools.cache  # until the next build
def _outcomes(markdown: str) -> dict[Program, Outcome]:
    programs = [fence.program for fence in fences(markdown.splitlines()) if fence.program]
    found = results(Path.cwd(), programs)
    return {program: o for program, o in found.items() if isinstance(o, Outcome)}


def _lab_notebook(file: File) -> str:
    return f"notebooks/{file.src_uri.removesuffix('.py')}.ipynb"


def _notebook_of(file: File) -> str | None:
    """Return where the notebook of a page is put, if its programs make sense elsewhere."""
    programs = [p for p in _outcomes(file.content_string).items() if not p[0].section]
    if file.src_uri.startswith("reference/") or not programs:
        return None
    leaves = all(foldable(outcome.source) for _, outcome in programs)
    return f"notebooks/{file.src_uri.removesuffix('.md')}.ipynb" if leaves else None


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Put the tables of papers and claims, and the card of a claim, where a page asks for them.

    At the end stands what can be taken home. While serving, leave out the text of a page that
    would come out as it did before.
    """
    if page.file.src_uri.endswith(".py"):
        return markdown
    markdown = with_tables(page.file, files, list(in_order(config.nav)))
    markdown = FRONT_MATTER.sub("", markdown) + _take_home(page)
    made_of = (markdown, *_outcomes(page.file.content_string).values())
    before, kept = _made.get(page.file.src_uri, ((), None))
    unchanged = before == made_of and kept is not None
    _made[page.file.src_uri] = (made_of, kept if unchanged else None)
    return "" if unchanged else markdown


def _take_home(page: Page) -> str:
    """Return the end of a chapter: its notebook, and how to cite the paper."""
    name, paper = _notebook_of(page.file), page.meta.get("paper")
    if not (name or paper):
        return ""
    lines = ["", "## Take it home", ""]
    if name:
        file = name.rpartition("/")[2]
        text = "This chapter as a notebook, with its outputs"
        lines.append(f'- [{text}](/{name}){{ download="{file}" }}; it runs without dlbasic')
    if paper:
        fields = {
            "title": f"{{{paper['title']}}}",
            "author": re.sub(r",? and |, ", " and ", paper["authors"]),
            "year": page.meta["year"],
            "howpublished": paper["venue"],
            "url": paper["link"],
        }
        entry = [f"    {name:12} = {{{value}}}," for name, value in fields.items()]
        stem = page.file.src_uri.rpartition("/")[2].removesuffix(".md")
        lines += ["- The paper, for your bibliography:", "", "    ```bibtex"]
        lines += [f"    @misc{{{stem},", *entry, "    }", "    ```"]
    return "\n".join([*lines, ""])


def on_page_content(html: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Keep what became of a page, or put it back where its text was left out."""
    if page.file.src_uri.endswith(".py"):
        away = _lab_notebook(page.file)
        link = f'<a href="../{away}" download>This lab as a notebook</a>; it needs dlbasic'
        end = f'<h2 id="take-it-home">Take it home</h2>\n<ul><li>{link}</li></ul>'
        return _put_aside(f"{lab.page(html, page.file.content_string)}\n{end}", page)
    made_of, kept = _made[page.file.src_uri]
    kept = kept or (html, {name: getattr(page, name) for name in RENDERED})
    _made[page.file.src_uri] = (made_of, kept)
    vars(page).update(kept[1])
    return _put_aside(kept[0], page)


def _put_aside(html: str, page: Page) -> str:
    """Return a page with the plain text of its code, for the search, and without its figures.

    The reference has no such text: its sources would be most of what is found for any word.
    """

    def plain(heavy: re.Match[str]) -> str:
        found = heavy[0].startswith("<pre") and not page.file.src_uri.startswith("reference/")
        return f"<pre data-aside>{re.sub(r'<[^>]*>', '', heavy[0]) if found else ''}</pre>"

    _aside[page.file.src_uri] = HEAVY.findall(html)
    return HEAVY.sub(plain, html)


def on_post_page(output: str, page: Page | None = None, **_: Any) -> str:
    """Put back figures and code, name what the theme leaves without a name, allow no other host."""
    aside = iter(_aside[page.file.src_uri] if page else ())
    output = ASIDE.sub(lambda _: next(aside), output)
    output = output.replace('role="dialog"', 'role="dialog" aria-label="Search"')
    output = re.sub(UNNAMED, r'aria-label="\3"\2\3', output)
    return output.replace('<meta charset="utf-8">', f'<meta charset="utf-8">{_policy(output)}', 1)


def _policy(output: str) -> str:
    """Return the content-security policy of a page: its own scripts by hash, and no other host."""
    scripts = re.findall(r"<script>(.*?)</script>", output, re.DOTALL)
    hashes = [base64.b64encode(hashlib.sha256(s.encode()).digest()).decode() for s in scripts]
    allowed = {
        "default-src": "'none'",
        "script-src": " ".join(["'self'", *(f"'sha256-{value}'" for value in hashes)]),
        "style-src": "'self' 'unsafe-inline'",  # matplotlib writes style attributes
        "img-src": "'self' data:",
        "font-src": "'self'",
        "connect-src": "'self'",
        "worker-src": "'self' blob:",
        "base-uri": "'self'",
        "form-action": "'none'",
    }
    policy = "; ".join(f"{kind} {sources}" for kind, sources in allowed.items())
    return f'\n<meta http-equiv="Content-Security-Policy" content="{policy}">'


def on_post_template(output_content: str, **_: Any) -> str:
    """Do the same for the page that says that there is no such page."""
    return on_post_page(output_content)


@event_priority(-200)  # after all that others write
def on_post_build(config: MkDocsConfig) -> None:
    """Write the math font, with the characters that the formulas use, and pack the whole site."""
    site = Path(config.site_dir)
    formulas = [
        formula
        for page in site.rglob("*.html")
        for formula in re.findall(r"<math.*?</math>", page.read_text("utf-8"), re.DOTALL)
    ]
    text = html.unescape(re.sub(r"<[^>]*>", "", "".join(formulas))) + STRETCHY
    text += "".join(ITALIC.get(character, "") for character in text)
    font = site / "assets" / "math.woff2"
    font.parent.mkdir(parents=True, exist_ok=True)
    font.write_bytes(_math_font("".join(sorted(set(text)))))
    if not _serving:
        _pack(site)


def _pack(site: Path) -> None:
    """Write all files of the site into one, for reading without a network."""
    names = sorted(path for path in site.rglob("*") if path.is_file() and path.name != PACKED)
    with zipfile.ZipFile(site / PACKED, "w", zipfile.ZIP_DEFLATED) as packed:
        for path in names:
            # No date of its own, so that the same site is packed into the same bytes.
            entry = zipfile.ZipInfo(f"dl-basic/{path.relative_to(site).as_posix()}")
            packed.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED)


def _reference() -> dict[str, str]:
    paths = [module.path for module in modules(Path.cwd()) if "__init__" not in module.path]
    return {p.replace("src/dlbasic", "reference").replace(".py", ".md"): p for p in paths}


@functools.cache
def _math_font(characters: str) -> bytes:
    """Return STIX Two Math (OFL), from the wheel that carries it, cut to some characters."""
    wheel = importlib.metadata.distribution("ziamath")
    source = wheel.locate_file("ziamath/fonts/STIXTwoMath-Regular.ttf")
    # Letters without dots and flat signs, which go under and over others. What a font offers for
    # small scripts would double its size, and a browser scales the letters anyway.
    options = subset.Options(flavor="woff2", layout_features=["dtls", "flac"], hinting=False)
    buffer = io.BytesIO()
    with subset.load_font(str(source), options) as font:
        cutter = subset.Subsetter(options)
        cutter.populate(text=characters)
        cutter.subset(font)
        subset.save_font(font, buffer, options)
    return buffer.getvalue()
