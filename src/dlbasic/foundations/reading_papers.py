"""Reading a paper in four points, Data, Model, Loss and Algorithm, and one claim to test.

From a shell, `python -m dlbasic.foundations.reading_papers` prints a blank reading, and with the
name of a file it checks the reading in it: YAML, alone or at the head of a Markdown page.
"""

import argparse
import datetime
import difflib
import sys
from collections.abc import Hashable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

# --8<-- [start:questions]
QUESTIONS = {
    "year": "When could one first read it?",
    "paper.title": "What is it called?",
    "paper.authors": "Who wrote it?",
    "paper.venue": "Where did it appear?",
    "paper.link": "Where can one read it?",
    "points.data": "What is given to the model, and what is it asked for?",
    "points.model": "Which function turns the one into the other, and what of it is learned?",
    "points.loss": "Which number does training make small?",
    "points.algorithm": "How are the parameters found that make it small?",
    "claim.text": "What is better than what, in which respect?",
    "claim.number": "Which number does the paper give for it, and against which other?",
    "claim.where": "Where does the paper show it? A section, a table, a figure.",
    "claim.shrinks": "Which part of the claim could you test yourself?",
    "claim.measured_by": "Which program of yours tested it? May stay empty while untested.",
    "claim.verdict": "What came out: holds, null, reverses? Or is it untested?",
}
# --8<-- [end:questions]
POINTS = ("data", "model", "loss", "algorithm")
VERDICTS = ("holds", "null", "reverses", "untested")
HEADLINES = {
    "holds": "The claim holds at our size",
    "null": "At our size there is no difference (null)",
    "reverses": "At our size the claim reverses",
}
PLACES = ("sec", "tab", "fig", "eq", "abstract", "app", "theorem", "algorithm", "chapter", "p.")
MAX_WORDS = 30


def template() -> str:
    """Return a blank reading, each line with the question that it asks."""
    text = ""
    for name, question in QUESTIONS.items():
        group, _, field = name.rpartition(".")
        if group and f"{group}:\n" not in text:
            text += f"{group}:\n"
        text += f"{'  ' if group else ''}{field}:  # {question}\n"
    return text


def parse(text: str) -> dict[str, Any]:
    """Return the reading in a YAML text, or at the head of a Markdown page.

    Raises:
        ValueError: If it is not YAML, names a key twice, or holds no keys at all.
    """
    if text.startswith("---\n"):
        text = text.split("\n---", 1)[0]
    try:
        reading = yaml.load(text, _EachKeyOnce)
    except yaml.MarkedYAMLError as error:
        line = (error.problem_mark.line if error.problem_mark else 0) + 1
        advice = "; a text with a colon or a # in it must stand in quotes"
        raise ValueError(f"line {line} is not YAML: {error.problem}{advice}") from None
    if not isinstance(reading, dict):
        raise ValueError(f"a reading must have keys such as year, got {reading!r}")
    return reading


# --8<-- [start:problems]
def problems(reading: Mapping[str, Any]) -> list[str]:
    """Return what is missing or unclear in a reading, a line for each; none if it is whole."""
    said = _flat(reading)
    found = [f"{name} is missing: {QUESTIONS[name]}" for name in _missing(said)]
    for name in [name for name in said if name not in QUESTIONS]:
        if near := difflib.get_close_matches(name, QUESTIONS, n=1, cutoff=0.8):
            found.append(f"{name} is not asked for: do you mean {near[0]}?")
    return found or list(_unclear(said))


# --8<-- [end:problems]


def table(readings: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the readings as a Markdown table, the oldest first.

    A paper is called by the title of its page, where it has a page, which is shorter than its own.

    Args:
        readings: The reading of each paper, by what the link in the table points to.

    Raises:
        ValueError: If a reading has problems.
    """
    rows = [
        [*head, *(reading["points"][point] for point in POINTS), reading["claim"]["verdict"]]
        for _, head, reading in _oldest_first(readings)
    ]
    points = [f'<span class="point {point}">{point.capitalize()}</span>' for point in POINTS]
    return _table(["Year", "Paper", *points, "Verdict"], rows)


def claims(readings: Mapping[str, Mapping[str, Any]], measured: Mapping[str, str]) -> str:
    """Return what the papers claim, and what came of it, as a Markdown table, the oldest first.

    Args:
        readings: As in `table`.
        measured: What was measured of each, by the same links; as in `card`.

    Raises:
        ValueError: If a reading has problems.
    """
    rows = []
    for link, head, reading in _oldest_first(readings):
        claim = reading["claim"]
        number = f"{claim['number']} ({claim['where']})"
        proof = f"{measured[link].strip()}: {_proof(claim, link)}"
        rows.append([*head, claim["text"], number, proof, claim["verdict"]])
    return _table(["Year", "Paper", "Claim", "Its number", "Measured here", "Verdict"], rows)


def card(reading: Mapping[str, Any], measured: str) -> str:
    """Return the claim of a reading, and what came of it, as an admonition in Markdown.

    Args:
        reading: A whole reading, whose claim was tested.
        measured: What the program named in it measured, in one sentence.

    Raises:
        ValueError: If the reading has problems, its claim is untested, or nothing was measured.
    """
    if wrong := problems(reading):
        raise ValueError(f"a card must have a whole reading: {'; '.join(wrong)}")
    claim = reading["claim"]
    if claim["verdict"] == "untested" or not measured.strip():
        raise ValueError(f"a card must have a measurement, got {measured!r}, {claim['verdict']}")
    return f"""!!! claim {claim["verdict"]} "{HEADLINES[claim["verdict"]]}"

    - **The paper claims:** {claim["text"]}
    - **Its number:** {claim["number"]} ({claim["where"]})
    - **What shrinks to a minute on one core:** {claim["shrinks"]}
    - **Measured here:** {measured.strip()}, by {_proof(claim)}
"""


def _proof(claim: Mapping[str, Any], page: str = "") -> str:
    """Return a link to the program that tested a claim, where it stands on its page."""
    program = claim["measured_by"].rpartition("/")[2]
    return f"[{program}]({page}#{program.replace('.', '-')})"


class _EachKeyOnce(yaml.SafeLoader):
    """Reads YAML, and refuses a key that stands there twice, where YAML would keep the last."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen = set()
        for key, _ in node.value:
            if key.value in seen:
                what = f"{key.value} stands there twice"
                raise yaml.constructor.ConstructorError(None, None, what, key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def _oldest_first(
    readings: Mapping[str, Mapping[str, Any]],
) -> list[tuple[str, list[Any], Mapping[str, Any]]]:
    """Return of each reading what the table links to, its year and title, and all of it."""
    for link, reading in readings.items():
        if wrong := problems(reading):
            raise ValueError(f"{link} must hold a whole reading: {'; '.join(wrong)}")
    order = sorted(readings, key=lambda link: (readings[link]["year"], link))
    heads = {link: readings[link].get("title", readings[link]["paper"]["title"]) for link in order}
    return [
        (link, [readings[link]["year"], f"[{heads[link]}]({link})"], readings[link])
        for link in order
    ]


def _table(columns: list[str], rows: list[list[Any]]) -> str:
    cells = [[str(cell).replace("|", "\\|") for cell in row] for row in rows]
    lines = [columns, ["---"] * len(columns), *cells]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _flat(reading: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values by names such as points.data."""
    flat = {}
    for key, value in reading.items():
        fields = value.items() if isinstance(value, Mapping) else [(None, value)]
        flat |= {f"{key}.{field}" if field else str(key): text for field, text in fields}
    return flat


def _missing(said: Mapping[str, Any]) -> list[str]:
    missing = [name for name in QUESTIONS if str(said.get(name) or "").strip() == ""]
    if said.get("claim.verdict") == "untested" and "claim.measured_by" in missing:
        missing.remove("claim.measured_by")
    return missing


def _unclear(said: Mapping[str, Any]) -> Iterator[str]:
    this_year = datetime.date.today().year
    if not (isinstance(said["year"], int) and 1900 <= said["year"] <= this_year):
        yield f"year must be a number from 1900 to {this_year}, got {said['year']}"
    if not str(said["paper.link"]).startswith(("https://", "http://")):
        yield f"paper.link must be an address such as https://…, got {said['paper.link']}"
    points: dict[str, str] = {}
    for point in POINTS:
        text = " ".join(str(said[f"points.{point}"]).split())
        if not 3 <= len(text.split()) <= MAX_WORDS:
            yield f"points.{point} must be a phrase of 3 to {MAX_WORDS} words, got: {text}"
        if text in points:
            yield f"points.{point} must say something else than points.{points[text]}, got: {text}"
        points.setdefault(text, point)
    where = str(said["claim.where"])
    if not any(place in where.lower() for place in PLACES):
        yield f"claim.where must name a place in the paper, such as sec. 4 or table 2, got {where}"
    if said["claim.verdict"] not in VERDICTS:
        yield f"claim.verdict must be one of {', '.join(VERDICTS)}, got {said['claim.verdict']}"


def main() -> int:
    """Check a reading; without a file, print a blank one."""
    program = "python -m dlbasic.foundations.reading_papers"
    parser = argparse.ArgumentParser(prog=program, description=main.__doc__)
    parser.add_argument("file", nargs="?", type=Path, help="such as my_paper.yaml")
    file = parser.parse_args().file
    if file is None:
        print(template(), end="")
        return 0
    try:
        wrong = problems(parse(file.read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        wrong = [str(error)]
    print("\n".join(f"{file}: {line}" for line in wrong) or f"{file}: a whole reading")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
