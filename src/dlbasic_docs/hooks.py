"""What must see the whole site: run the programs first, list the modules, keep what was made."""

import logging
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import jinja2
import yaml
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import event_priority
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import AnchorLink, get_toc
from mkdocs.utils import CountHandler

from dlbasic_docs import lab, take_home
from dlbasic_docs.finish import finished, put_aside, write_math_font
from dlbasic_docs.kept import keep, key, recall
from dlbasic_docs.notebook import FRONT_MATTER
from dlbasic_docs.run import Results, modules, pages, report, results, wanted
from dlbasic_docs.tables import in_order, with_tables

ANCHOR = re.compile(r'\bid="([^"]+)"')
_serving = False
_results: Results = {}
_kept: dict[str, tuple[str, dict | None]] = {}  # of each page: what it is made of, and what it was
_aside: dict[str, list[str]] = {}
_warnings = CountHandler(level=logging.WARNING)


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
    root = Path.cwd()
    _results.clear()
    _results.update(results(root, wanted(pages(root)) + modules(root)))
    if wrong := report(root, pages(root), _results):
        raise PluginError("\n".join(["the pages can't be made:", *wrong]))
    _warnings.counts.clear()
    logging.getLogger("mkdocs").addHandler(_warnings)


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
    for name, text in take_home.downloads(files, config, _results).items():
        files.append(File.generated(config, name, content=text))


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Put the tables of papers and claims, and the card of a claim, where a page asks for them.

    At the end stands what can be taken home. The text of a page that is kept is left out.
    """
    if page.file.src_uri.endswith(".py"):
        return markdown
    markdown = with_tables(page.file, files, list(in_order(config.nav)))
    outcomes = take_home.shown_by(page.file.content_string, _results)
    markdown = FRONT_MATTER.sub("", markdown) + take_home.of_chapter(page, outcomes)
    settings = Path(config.config_file_path).read_text(encoding="utf-8")
    made_of = [markdown, *take_home.texts(outcomes.values()), settings, *files.src_uris]
    if page.file.src_uri.startswith("reference/"):
        made_of += [_results[module].source for module in modules(Path.cwd())]
    checksum = key(made_of)
    found = recall(f"pages/{page.file.src_uri}", checksum)
    _kept[page.file.src_uri] = checksum, found
    return "" if found else markdown


def on_page_content(html: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Put back what became of a page whose text was left out; give a lab the look of a page."""
    if page.file.src_uri.endswith(".py"):
        return f"{lab.page(html, page.file.content_string)}\n{take_home.of_lab(page.file)}"
    _, found = _kept[page.file.src_uri]
    if found:
        page.toc = get_toc(found["contents"])
        page._title_from_render = found["title"]
        page.present_anchor_ids = set(found["anchors"])
        page.links_to_anchors = {files.src_uris[to]: links for to, links in found["links"]}
    else:  # MkDocs does not see the anchors of programs
        page.present_anchor_ids = {*(page.present_anchor_ids or ()), *ANCHOR.findall(html)}
    return html


def _tokens(contents: Iterable[AnchorLink]) -> list[dict[str, Any]]:
    """Return a table of contents in the form that `get_toc` reads."""
    return [
        {"name": item.title, "id": item.id, "level": item.level, "children": _tokens(item.children)}
        for item in contents
    ]


@event_priority(-200)  # after all that others make of a page
def on_env(env: jinja2.Environment, config: MkDocsConfig, files: Files) -> None:
    """Keep what became of each page, unless there were warnings; put the heavy parts aside.

    The templates of the theme are kept as well, as Python compiled them.
    """
    folder = Path(".cache", "templates")
    folder.mkdir(parents=True, exist_ok=True)
    env.bytecode_cache = jinja2.FileSystemBytecodeCache(str(folder))
    logger = logging.getLogger("mkdocs")
    logger.removeHandler(_warnings)
    # A quiet build does not hear of warnings, which the next one would then not hear of either.
    sound = logger.isEnabledFor(logging.WARNING) and not _warnings.counts
    for file in files.documentation_pages():
        page = file.page
        assert page
        checksum, found = _kept.get(file.src_uri, ("", None))
        if found:
            page.content = found["html"]
        elif checksum and sound:
            keep(f"pages/{file.src_uri}", checksum, _recorded(page))
        _aside[file.src_uri] = put_aside(page)


def _recorded(page: Page) -> dict[str, Any]:
    """Return what became of a page, as JSON."""
    links = page.links_to_anchors or {}
    return {
        "html": page.content,
        "title": page._title_from_render,
        "contents": _tokens(page.toc),
        "anchors": sorted(page.present_anchor_ids or ()),
        "links": [(file.src_uri, anchors) for file, anchors in links.items()],
    }


def on_post_page(output: str, page: Page | None = None, **_: Any) -> str:
    """Put back what was aside, and give a page its last touches."""
    return finished(output, _aside[page.file.src_uri] if page else [])


def on_post_template(output_content: str, **_: Any) -> str:
    """Do the same for the page that says that there is no such page."""
    return on_post_page(output_content)


@event_priority(-200)  # after all that others write
def on_post_build(config: MkDocsConfig) -> None:
    """Write the math font, and pack the whole site."""
    write_math_font(Path(config.site_dir))
    if not _serving:
        take_home.pack(Path(config.site_dir))


def _reference() -> dict[str, str]:
    paths = [module.path for module in modules(Path.cwd()) if "__init__" not in module.path]
    return {p.replace("src/dlbasic", "reference").replace(".py", ".md"): p for p in paths}
