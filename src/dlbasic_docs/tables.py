"""What a page asks for by a line of its own, such as `{{ claims }}`: made from other pages."""

import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files

from dlbasic.foundations.reading_papers import card, claims, parse, table
from dlbasic_docs.page import Program
from dlbasic_docs.program import Outcome
from dlbasic_docs.run import results

MEASURED = "measured: "  # how the line of a program begins that sums up what it measured
QUESTION = re.compile(r"^\*\*(.+?)\*\*$", re.MULTILINE | re.DOTALL)


def with_tables(file: File, files: Files, order: list[str]) -> str:
    """Return the text of a page with tables and cards where a line of its own asks for them.

    Args:
        file: The page.
        files: All pages.
        order: The paths of the pages, as the navigation lists them.
    """
    lines = file.content_string.split("\n")
    for marker, make in MADE.items():
        if marker in lines:
            made = make(file, files, order)
            lines = [made if line == marker else line for line in lines]
    return "\n".join(lines)


def in_order(nav: Any) -> Iterator[str]:
    """Yield the path of every page in a navigation of MkDocs."""
    for entry in nav.values() if isinstance(nav, dict) else nav:
        yield from [entry] if isinstance(entry, str) else in_order(entry)


def _papers(file: File, files: Files, order: list[str]) -> str:
    return table(_readings(files))


def _claims(file: File, files: Files, order: list[str]) -> str:
    readings = _readings(files)
    return claims(readings, {link: _measured(link, text) for link, text in readings.items()})


def _claim(file: File, files: Files, order: list[str]) -> str:
    reading = parse(file.content_string)
    return card(reading, _measured(file.src_uri, reading))


def _chapters(file: File, files: Files, order: list[str]) -> str:
    """Return the map of a part: its chapters in order, each with the question that it answers."""
    part = file.src_uri.partition("/")[0]
    items = []
    for name in order:
        if name.startswith(f"{part}/") and name != file.src_uri:
            page = files.src_uris[name].content_string
            question = QUESTION.search(page)
            if question is None:
                raise PluginError(f"{name} must open with its question, in bold")
            items.append(f"1. [**{parse(page)['title']}** {question[1]}](/{name})")
    return "\n".join(['<div class="map" markdown>', "", *items, "", "</div>"])


def _verdicts(file: File, files: Files, order: list[str]) -> str:
    """Return what came of each paper's claim, the oldest first, as signs with what was measured."""
    items = []
    for link, reading in sorted(_readings(files).items(), key=lambda pair: pair[1]["year"]):
        verdict = reading["claim"]["verdict"]
        measured = html.escape(_measured(link, reading))
        title = reading.get("title", reading["paper"]["title"])
        name = f'<b class="{verdict}">{verdict}</b> [{title}]({link})'
        items.append(f"- {name} <small>{reading['year']}: {measured}</small>")
    return "\n".join(['<div class="verdicts" markdown>', "", *items, "", "</div>"])


MADE = {
    "{{ papers }}": _papers,
    "{{ claims }}": _claims,
    "{{ claim }}": _claim,
    "{{ chapters }}": _chapters,
    "{{ verdicts }}": _verdicts,
}


def _readings(files: Files) -> dict[str, dict]:
    """Return the reading at the head of each paper's page, by the link to the page."""
    papers = [f for f in files.documentation_pages() if re.match("history/(?!index)", f.src_uri)]
    return {f"/{file.src_uri}": parse(file.content_string) for file in papers}


def _measured(page: str, reading: dict) -> str:
    """Return what the program printed that measured the claim of a page."""
    program = Program(reading["claim"]["measured_by"])
    outcome = results(Path.cwd(), [program])[program]
    printed = outcome.printed if isinstance(outcome, Outcome) else ""
    found = [line for line in printed.splitlines() if line.startswith(MEASURED)]
    if len(found) != 1:
        what = f"must print one line that begins with {MEASURED!r}, got {len(found)}"
        raise PluginError(f"{page.strip('/')}: {program} {what}")
    return found[0].removeprefix(MEASURED)
