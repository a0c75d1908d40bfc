"""What is kept from one build to the next gives the pages that a first build would give."""

import logging
import shutil
from pathlib import Path

import pytest
import yaml
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.exceptions import Abort

from dlbasic_docs.kept import sealed
from tests.foundations.test_reading_papers import WHOLE
from tests.site.conftest import Project

MODULE = '''"""A module."""


class Thing:
    """Something."""


def change(thing: Thing) -> Thing:
    """Change a thing."""
    return thing
'''
HOOKS = Path(__file__).parents[2] / "src/dlbasic_docs/hooks.py"
CONFIG = f"""
site_name: Small
docs_dir: docs/en
nav: [page.md, other.md]
use_directory_urls: false
validation: {{links: {{absolute_links: relative_to_docs, anchors: warn}}}}
theme: {{name: material, font: false}}
hooks: [{HOOKS}]
plugins:
  search: {{}}
  mkdocstrings: {{enable_inventory: false, handlers: {{python: {{paths: [src]}}}}}}
markdown_extensions:
  [admonition, attr_list, dlbasic_docs.weave, dlbasic_docs.mathml, md_in_html,
   pymdownx.superfences, tables]
"""


@pytest.fixture
def served(project: Project, monkeypatch: pytest.MonkeyPatch):
    """Build the small site once, and return what builds it again and reads its pages."""
    monkeypatch.chdir(project.root)
    logging.getLogger("mkdocs").setLevel(logging.WARNING)
    project.write({"mkdocs.yml": CONFIG, "snippets/a.py": "print('one')\n"})
    project.write({"docs/en/assets/site.css": "", "src/dlbasic/__init__.py": ""})
    project.write({"src/dlbasic/things.py": MODULE})
    project.page("snippets/a.py")
    project.write({"docs/en/other.md": "# Other things\n\n## A heading\n\nSome text.\n"})

    def rebuild() -> dict[str, str]:
        build(load_config("mkdocs.yml"))
        return {page.stem: page.read_text() for page in (project.root / "site").rglob("*.html")}

    return rebuild


def everything(project: Project) -> dict[str, bytes]:
    site = project.root / "site"
    return {str(p.relative_to(site)): p.read_bytes() for p in site.rglob("*") if p.is_file()}


def test_a_site_is_made_the_same_from_what_is_kept(served, project):
    pages = served()
    assert "Some text." in pages["other"]
    assert "<title>Other things" in pages["other"]
    assert 'href="#a-heading"' in pages["other"]
    assert 'href="#dlbasic.things.Thing"' in pages["things"]
    first = everything(project)
    assert len(first) > 10
    assert first["dl-basic.zip"]
    for _ in range(2):
        served()
        assert everything(project) == first
    shutil.rmtree(project.root / ".cache/made")
    served()
    assert everything(project) == first


def test_what_is_kept_is_used(served, project):
    served()
    kept = project.root / ".cache/made/pages/other.md.json"
    text = kept.read_text().partition("\n")[2].replace("Some text.", "As it was kept.")
    kept.write_text(sealed(text))
    assert "As it was kept." in served()["other"]


@pytest.mark.parametrize("how", ["damaged", "settings", "a page more", "a module"])
def test_what_no_longer_holds_is_made_again(served, project, how):
    served()
    name = "reference/things.md" if how == "a module" else "other.md"
    kept = project.root / f".cache/made/pages/{name}.json"
    checksum, _, text = kept.read_text().partition("\n")
    text = text.replace("</h", "<!-- stale --></h")
    assert "stale" in text
    kept.write_text(f"{checksum}\n{text}" if how == "damaged" else sealed(text))
    if how == "settings":
        project.write({"mkdocs.yml": CONFIG + "  # a remark\n"})
    if how == "a page more":
        project.write({"docs/en/more.md": "# More\n"})
    if how == "a module":
        project.write({"src/dlbasic/__init__.py": '"""The course."""'})
    assert "stale" not in served()[Path(name).stem]


def test_a_broken_link_is_said_in_every_build(served, project, caplog):
    project.write({"docs/en/other.md": "# Other\n\n[Nowhere](absent.md)\n\n[No](page.md#no)\n"})
    for level in (logging.ERROR, logging.WARNING, logging.WARNING):  # the first build is quiet
        logging.getLogger("mkdocs").setLevel(level)
        caplog.clear()
        served()
        assert ("absent.md" in caplog.text) == (level == logging.WARNING)


def test_an_anchor_that_goes_is_missed_by_a_page_that_is_kept(served, project, caplog):
    project.write({"docs/en/page.md": "# Page\n\n[There](other.md#a-heading)\n"})
    served()
    assert "a-heading" not in caplog.text
    project.write({"docs/en/other.md": "# Other\n\n## Another heading\n"})
    served()
    assert "does not contain an anchor '#a-heading'" in caplog.text


def test_a_changed_page_and_a_changed_program_show(served, project):
    served()
    project.write({"docs/en/other.md": "# Other\n\nOther text.\n"})
    assert "Other text." in served()["other"]
    project.write({"snippets/a.py": "print('two')\n"})
    assert "two" in served()["page"]


def test_a_page_that_failed_is_not_left_empty(served, project):
    served()
    project.write({"docs/en/other.md": "# Other\n\n    indented code\n"})
    for _ in range(2):
        with pytest.raises(ValueError, match="indented code is not run"):
            served()


def a_paper(project: Project, program: str) -> None:
    claim = WHOLE["claim"] | {"measured_by": "snippets/a.py"}
    head = yaml.safe_dump(WHOLE | {"claim": claim}, allow_unicode=True)
    fence = '```python\n--8<-- "snippets/a.py"\n```'
    text = f"---\n{head}---\n\n# Paper\n\n{{{{ claim }}}}\n\n{fence}\n"
    project.write({"docs/en/history/paper.md": text, "snippets/a.py": program})
    project.write(
        {"docs/en/other.md": "# Other\n\nA line `{{ claim }}`.\n\n{{ claims }}\n\n{{ papers }}\n"}
    )


def test_a_card_shows_what_the_program_measured(served, project):
    a_paper(project, "print('one')\nprint('measured:', 3 + 4, 'of 10')\n")
    made = served()
    page = made["paper"]
    assert "7 of 10, by" in page
    assert 'class="admonition claim holds"' in page
    assert 'href="#a-py"' in page
    assert 'id="a-py"' in page
    assert '7 of 10: <a href="history/paper.html#a-py">a.py</a>' in made["other"]
    assert "the sum of errors" in made["other"]
    assert "A line <code>{{ claim }}</code>." in made["other"]
    a_paper(project, "print('measured:', 3 + 5, 'of 10')\n")
    made = served()
    assert "8 of 10, by" in made["paper"]
    assert "8 of 10:" in made["other"]


@pytest.mark.parametrize("lines", ["print('one')", "print('measured: 1\\nmeasured: 2')"])
def test_a_card_needs_one_measurement(served, project, lines, caplog):
    a_paper(project, lines + "\n")
    logging.getLogger("mkdocs").setLevel(logging.ERROR)
    with pytest.raises(Abort):
        served()
    assert (
        "history/paper.md: snippets/a.py must print one line that begins with 'measured: '"
        in caplog.text
    )
