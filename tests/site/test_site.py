"""The site as it is built: every block of code on it is a file that ran, and nothing is foreign."""

import re
from pathlib import Path

import pytest

from dlbasic_docs.outcomes import load
from dlbasic_docs.page import excerpt, fences
from tests.site.conftest import ROOT
from tests.site.test_page import Blocks

PAGES = sorted(path.relative_to(ROOT / "docs/en") for path in (ROOT / "docs/en").rglob("*.md"))


def html(site: Path, page: Path) -> str:
    return (site / page).with_suffix(".html").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", PAGES, ids=str)
def test_the_code_on_a_page_is_what_ran_and_the_output_is_its_own(site, name):
    lines = (ROOT / "docs/en" / name).read_text(encoding="utf-8").splitlines()
    expected = []
    for fence in fences(lines):
        assert fence.program
        text = (ROOT / fence.program.path).read_text(encoding="utf-8")
        outcome = load(ROOT, fence.program)
        assert outcome
        expected.append(excerpt(fence.program, text)[0].strip())
        if outcome.printed:
            expected.append(outcome.printed.rstrip("\n"))
    shown = [text.rstrip("\n") for _, text in Blocks(html(site, name)).blocks]
    assert [text for text in shown if text in expected] == expected
    labelled = sum(line.startswith(("```console", "```text", "````text")) for line in lines)
    bibliography = "paper:" in lines  # a paper is cited in BibTeX, at the end
    assert len(shown) == len(expected) + labelled + bibliography


def test_the_reference_shows_every_module_whole(site):
    for module in (ROOT / "src/dlbasic").rglob("*.py"):
        if module.name != "__init__.py":
            page = Path("reference") / module.relative_to(ROOT / "src/dlbasic")
            blocks = [text.strip() for _, text in Blocks(html(site, page)).blocks]
            assert module.read_text(encoding="utf-8").strip() in blocks


def test_nothing_comes_from_another_host(site):
    for page in site.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        for tag in re.findall(r"<(?:link|script|img|iframe|source|video)\b[^>]*>", text):
            assert not re.search(r"""(?:src|href)=["']?(?:https?:)?//""", tag), (page, tag)
    for style in site.rglob("*.css"):
        assert not re.search(r"url\(['\"]?(?:https?:)?//", style.read_text(encoding="utf-8")), style


@pytest.mark.parametrize("name", PAGES, ids=str)
def test_figures_and_formulas_are_whole(site, name):
    text = html(site, name)
    for figure in re.findall(r'<figure class="drawn">.*?</figure>', text, re.DOTALL):
        assert re.search(r"<title id=[^>]*>[^<]{20,}</title>", figure)
        assert re.search(r"<figcaption>[^<]{10,}\?</figcaption>", figure), "a caption asks"
        assert not re.search(r"#0102|#010101|#fefefe|DejaVu", figure)
    ids = re.findall(r'\bid="([^"]+)"', text)
    assert len(ids) == len(set(ids)), sorted(name for name in ids if ids.count(name) > 1)
    assert "arithmatex" not in re.sub(r'class="arithmatex"><math', "", text)
    assert "\\(" not in re.sub(r"<(pre|code).*?</\1>", "", text, flags=re.DOTALL)
