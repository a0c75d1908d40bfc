"""What a page asks for by a line of its own: the map of a part, and what came of the claims."""

import logging

import pytest
from mkdocs.exceptions import Abort

from tests.site.test_hooks import a_paper, served  # noqa: F401

CHAPTER = "---\ntitle: {0}\n---\n\n# {0}\n\n**{1}**\nAn answer.\n"


def test_the_map_of_a_part_lists_its_chapters_in_the_order_of_the_navigation(served, project):  # noqa: F811
    nav = "nav: [page.md, other.md, part/index.md, part/b.md, {More: [part/a.md]}]"
    text = (project.root / "mkdocs.yml").read_text()
    project.write({"mkdocs.yml": text.replace("nav: [page.md, other.md]", nav)})
    project.write(
        {"docs/en/part/index.md": "# Part\n\n{{ chapters }}\n\nA line `{{ chapters }}`.\n"}
    )
    project.write({"docs/en/part/a.md": CHAPTER.format("First", "Why one?")})
    project.write({"docs/en/part/b.md": CHAPTER.format("Second", "Why is it so,\nand how?")})
    made = served()["index"]
    assert made.index("<strong>Second</strong> Why is it so,") < made.index(
        "<strong>First</strong>"
    )
    assert 'href="a.html"' in made
    assert "Part</strong>" not in made
    assert "A line <code>{{ chapters }}</code>." in made


def test_a_chapter_on_a_map_has_a_question(served, project, caplog):  # noqa: F811
    text = (project.root / "mkdocs.yml").read_text()
    nav = "nav: [page.md, other.md, part/index.md, part/a.md]"
    project.write({"mkdocs.yml": text.replace("nav: [page.md, other.md]", nav)})
    project.write({"docs/en/part/index.md": "# Part\n\n{{ chapters }}\n"})
    project.write({"docs/en/part/a.md": "---\ntitle: A\n---\n\n# A\n\nNo question.\n"})
    logging.getLogger("mkdocs").setLevel(logging.ERROR)
    with pytest.raises(Abort):
        served()
    assert "part/a.md must open with its question, in bold" in caplog.text


def test_the_home_page_shows_what_came_of_each_claim(served, project):  # noqa: F811
    a_paper(project, "print('measured:', 3 + 4, '< 10')\n")
    project.write({"docs/en/other.md": "# Other\n\n{{ verdicts }}\n"})
    made = served()["other"]
    assert '<b class="holds">holds</b> <a href="history/paper.html">' in made
    assert "7 &lt; 10" in made
