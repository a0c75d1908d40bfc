"""A reading is refused for each thing that it lacks; a whole one, and each of ours, passes."""

import copy
import datetime
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from dlbasic.foundations.reading_papers import (
    POINTS,
    QUESTIONS,
    card,
    claims,
    parse,
    problems,
    table,
    template,
)

ROOT = Path(__file__).parents[2]
PAPERS = sorted((ROOT / "docs/en/history").glob("*.md"))
PAPERS = [page for page in PAPERS if page.stem != "index"]  # which tells of all

WHOLE = {
    "year": 2015,
    "paper": {
        "title": "A | B",
        "authors": "Two authors",
        "venue": "A workshop",
        "link": "https://example.org/paper",
    },
    "points": {
        "data": "pictures in, words out",
        "model": "a stack of layers",
        "loss": "the sum of errors",
        "algorithm": "small steps down the slope",
    },
    "claim": {
        "text": "It is better than chance.",
        "number": "8 of 10, against 5 of 10",
        "where": "Table 3",
        "shrinks": "all of it does",
        "measured_by": "my_test.py",
        "verdict": "holds",
    },
}


def changed(name: str, value: object) -> dict:
    reading = copy.deepcopy(WHOLE)
    group, _, field = name.rpartition(".")
    (reading[group] if group else reading)[field] = value
    return reading


def without(name: str) -> dict:
    reading = copy.deepcopy(WHOLE)
    group, _, field = name.rpartition(".")
    del (reading[group] if group else reading)[field]
    return reading


@pytest.mark.parametrize("page", PAPERS, ids=lambda page: page.stem)
def test_our_own_readings_are_whole(page):
    assert problems(parse(page.read_text(encoding="utf-8"))) == []


def test_a_whole_reading_has_no_problems():
    assert problems(WHOLE) == []


@pytest.mark.parametrize("name", QUESTIONS)
@pytest.mark.parametrize("how", ["missing", "none", "blank"])
def test_each_answer_is_missed(name, how):
    reading = without(name) if how == "missing" else changed(name, None if how == "none" else " ")
    assert problems(reading) == [f"{name} is missing: {QUESTIONS[name]}"]


@pytest.mark.parametrize("group", ["paper", "points", "claim"])
def test_each_group_is_missed(group):
    asked = [name for name in QUESTIONS if name.startswith(f"{group}.")]
    for reading in (without(group), changed(group, "words"), changed(group, ["a", "list"])):
        assert problems(reading) == [f"{name} is missing: {QUESTIONS[name]}" for name in asked]


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("year", "2015", "year must be a number from 1900 to"),
        ("year", 1492, "year must be a number from 1900 to"),
        ("year", datetime.date.today().year + 1, "year must be a number from 1900 to"),
        ("paper.link", "example.org", "paper.link must be an address such as https://"),
        ("points.model", "a CNN", "points.model must be a phrase of 3 to 30 words, got: a CNN"),
        ("points.data", "word " * 31, "points.data must be a phrase of 3 to 30 words, got: word"),
        ("points.loss", "a  stack of layers", "points.loss must say something else than points.mo"),
        ("claim.where", "the results", "claim.where must name a place in the paper"),
        ("claim.verdict", "true", "claim.verdict must be one of holds, null, reverses, untested"),
    ],
)  # fmt: skip
def test_an_unclear_answer_is_named(name, value, words):
    (problem,) = problems(changed(name, value))
    assert problem.startswith(words)
    assert str(value).split()[-1] in problem


def test_a_claim_may_be_untested_and_then_needs_no_program():
    reading = changed("claim.verdict", "untested")
    reading["claim"]["measured_by"] = None
    assert problems(reading) == []


def test_a_mistyped_key_is_recognised_and_a_foreign_one_is_left_alone():
    reading = without("points.loss")
    reading["points"]["los"] = "the sum of errors"
    assert problems(reading)[-1] == "points.los is not asked for: do you mean points.loss?"
    assert problems(WHOLE | {"title": "A page", "description": "of ours"}) == []


def test_the_blank_asks_every_question_and_answers_none():
    blank = parse(template())
    assert problems(blank) == [f"{name} is missing: {asked}" for name, asked in QUESTIONS.items()]
    assert tuple(blank["points"]) == POINTS
    assert all(question in template() for question in QUESTIONS.values())


def test_a_reading_stands_alone_or_heads_a_page():
    text = yaml.safe_dump(WHOLE)
    assert parse(text) == parse(f"---\n{text}---\n\n# Title\n\n---\nnot: [yaml") == WHOLE


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("year: 2015\npaper: On: colons", "line 2 is not YAML: mapping values are not allowed"),
        ("year: 2015\nyear: 2016", "line 2 is not YAML: year stands there twice"),
        ("points:\n  loss: one\n  loss: two", "line 3 is not YAML: loss stands there twice"),
        ("year: [2015", "is not YAML"),
        ("a paper", "a reading must have keys such as year, got 'a paper'"),
        ("", "a reading must have keys such as year, got None"),
    ],
)
def test_what_is_no_reading_is_refused(text, words, refuses):
    with refuses(words):
        parse(text)


def test_the_table_has_a_row_for_each_paper_the_oldest_first(refuses):
    older = changed("year", 2012) | {"title": "Older"}
    head, _, first, second = table({"b.md": WHOLE, "a.md": older}).splitlines()
    words = re.sub(r"<[^>]*>", "", head)  # without the signs of the four points
    assert words == "| Year | Paper | Data | Model | Loss | Algorithm | Verdict |"
    assert head.count('class="point ') == 4
    assert first.startswith("| 2012 | [Older](a.md) | pictures in, words out | a stack of layers |")
    assert second.startswith("| 2015 | [A \\| B](b.md) |")
    assert second.endswith("| the sum of errors | small steps down the slope | holds |")
    with refuses("b.md must hold a whole reading: points.loss is missing"):
        table({"b.md": without("points.loss")})


def test_the_columns_follow_the_names_and_not_the_order_of_the_file():
    points = dict(reversed(WHOLE["points"].items()))
    assert table({"b.md": WHOLE | {"points": points}}) == table({"b.md": WHOLE})


@pytest.mark.parametrize("verdict", ["holds", "null", "reverses"])
def test_the_card_says_what_was_claimed_and_what_was_measured(verdict):
    reading = changed("claim.verdict", verdict)
    reading["claim"]["measured_by"] = "snippets/a/b/my_test.py"
    head, *lines = card(reading, "8 ± 1 of 10\n").splitlines()
    assert head.startswith(f'!!! claim {verdict} "')
    text = "\n".join(lines)
    for words in (
        "It is better than chance.",
        "8 of 10, against 5 of 10 (Table 3)",
        "all of it does",
        "8 ± 1 of 10, by [my_test.py](#my_test-py)",
    ):
        assert words in text


def test_the_table_of_claims_shows_each_measurement_and_its_proof(refuses):
    older = changed("year", 2012) | {"title": "Older"}
    head, _, first, second = claims(
        {"b.md": WHOLE, "a.md": older}, {"a.md": "a | b", "b.md": "8 ± 1 of 10"}
    ).splitlines()
    assert head == "| Year | Paper | Claim | Its number | Measured here | Verdict |"
    assert first == (
        "| 2012 | [Older](a.md) | It is better than chance. | 8 of 10, against 5 of 10 (Table 3) "
        "| a \\| b: [my_test.py](a.md#my_test-py) | holds |"
    )
    assert "| 8 ± 1 of 10: [my_test.py](b.md#my_test-py) |" in second
    with refuses("b.md must hold a whole reading: claim.number is missing"):
        claims({"b.md": without("claim.number")}, {"b.md": "8"})


def test_a_card_without_a_measurement_is_refused(refuses):
    with refuses("a card must have a measurement, got ' ', holds"):
        card(WHOLE, " ")
    with refuses("a card must have a measurement, got '8 of 10', untested"):
        card(changed("claim.verdict", "untested"), "8 of 10")
    with refuses("a card must have a whole reading: claim.number is missing"):
        card(without("claim.number"), "8 of 10")


def run(*arguments: str) -> tuple[int, str]:
    command = [sys.executable, "-m", "dlbasic.foundations.reading_papers", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    return done.returncode, done.stdout


def test_the_command_line(tmp_path):
    assert run() == (0, template())
    file = tmp_path / "my_paper.yaml"
    assert run(str(file))[0] == 1
    file.write_text(yaml.safe_dump(WHOLE))
    assert run(str(file)) == (0, f"{file}: a whole reading\n")
    file.write_text(yaml.safe_dump(without("points.loss")))
    assert run(str(file)) == (1, f"{file}: points.loss is missing: {QUESTIONS['points.loss']}\n")
    file.write_text("year: 1: 2")
    assert run(str(file))[1].startswith(f"{file}: line 1 is not YAML: ")
