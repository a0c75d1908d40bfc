"""Building twice in one process, as `make serve` does, gives the pages of one build."""

import logging
from pathlib import Path

import pytest
import yaml
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.exceptions import Abort

from tests.foundations.test_reading_papers import WHOLE
from tests.site.conftest import Project

HOOKS = Path(__file__).parents[2] / "src/dlbasic_docs/hooks.py"
CONFIG = f"""
site_name: Small
docs_dir: docs/en
nav: [page.md, other.md]
use_directory_urls: false
validation: {{links: {{absolute_links: relative_to_docs}}}}
theme: {{name: material, font: false}}
hooks: [{HOOKS}]
plugins: []
markdown_extensions:
  [admonition, attr_list, dlbasic_docs.weave, dlbasic_docs.mathml, md_in_html,
   pymdownx.superfences, tables]
"""


@pytest.fixture
def served(project: Project, monkeypatch: pytest.MonkeyPatch):
    """Build the small site once, and return what builds it again and reads its pages."""
    monkeypatch.chdir(project.root)
    logging.getLogger("mkdocs").setLevel(logging.CRITICAL)
    project.write({"mkdocs.yml": CONFIG, "snippets/a.py": "print('one')\n"})
    project.write({"docs/en/assets/site.css": ""})
    project.page("snippets/a.py")
    project.write({"docs/en/other.md": "# Other\n\n## A heading\n\nSome text.\n"})

    def rebuild() -> dict[str, str]:
        build(load_config("mkdocs.yml"))
        return {page.stem: page.read_text() for page in (project.root / "site").rglob("*.html")}

    return rebuild


def test_an_unchanged_page_comes_out_the_same(served):
    first = served()
    assert "Some text." in first["other"]
    assert 'href="#a-heading"' in first["other"]
    assert served() == first


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
