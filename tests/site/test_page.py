"""What a page may hold, and how it comes out: shown is what ran, and all that ran is shown."""

from html.parser import HTMLParser
from textwrap import dedent, indent

import markdown
import pytest

from dlbasic_docs.page import Program, excerpt, fences, figure_files, figures
from tests.site.conftest import Project

INCLUDE = '--8<-- "snippets/a.py"'
PROGRAM = 'print("<one> & two")\nprint("```")\n\n# a comment\nassert 1 < 2\n'
EXTENSIONS = ["admonition", "attr_list", "dlbasic_docs.mathml", "dlbasic_docs.weave"]
EXTENSIONS += ["pymdownx.arithmatex", "pymdownx.highlight", "pymdownx.superfences"]
OPTIONS = {"pymdownx.arithmatex": {"generic": True}}


def only(text: str):
    (found,) = fences(text.splitlines())
    return found


class TestFences:
    def test_a_program_and_where_it_stands(self):
        fence = only(f"# Title\n\n```python\n{INCLUDE}\n```\n\nText.\n")
        assert fence == (3, 5, "", Program("snippets/a.py"), None)

    def test_an_excerpt(self):
        fence = only('```python\n--8<-- "src/course/deep.py:part"\n```')
        assert fence.program == Program("src/course/deep.py", "part")

    @pytest.mark.parametrize("lead", ['!!! note "Title"\n\n', "- item\n\n", "1. item\n\n"])
    def test_a_fence_inside_a_block_counts(self, lead):
        fence = only(lead + indent(f"```python\n{INCLUDE}\n```", "    "))
        assert (fence.program, fence.indent) == (Program("snippets/a.py"), "    ")

    def test_a_fence_after_tabs_is_not_in_them(self):
        text = f'=== "One"\n\n    text\n\nAfter.\n\n```python\n{INCLUDE}\n```'
        assert only(text).program == Program("snippets/a.py")

    @pytest.mark.parametrize("language", ["console", "text", "yaml", "bibtex"])
    def test_other_fences_are_left_alone(self, language):
        text = f"```{language}\n$ make site\nn: 1 of 3\n```\n"
        assert list(fences(text.splitlines())) == []

    def test_a_longer_fence_may_speak_of_fences(self):
        text = f"````text\n```python\n{INCLUDE}\n```\n````"
        assert list(fences(text.splitlines())) == []

    def test_a_figure_is_named_outside_fences(self):
        line = '![It rises](a.svg "Where to?")'
        found = list(figures(f"```text\n{line}\n```\n\n    {line}".splitlines()))
        assert [(number, match["file"]) for number, match in found] == [(5, "a.svg")]

    @pytest.mark.parametrize(
        ("text", "line", "problem"),
        [
            ("```python\nx = 1\n```", 1, "holds one include and nothing else, got: 'x = 1'"),
            (f"```python\n{INCLUDE}\nx = 1\n```", 1, "holds one include and nothing else"),
            ('```python\n--8<-- "tests/a.py"\n```', 1, "holds one include and nothing else"),
            (f"```py\n{INCLUDE}\n```", 1, "a fence names one language of python, bibtex"),
            (f"``` {{.python}}\n{INCLUDE}\n```", 1, "a fence names one language"),
            ("```\ntext\n```", 1, "a fence names one language"),
            ("```text\nimport torch\n```", 1, "Python in a text fence is not run"),
            ("```text\nx = torch.ones(3)\n```", 1, "Python in a text fence is not run"),
            ("```console\n>>> 1 + 1\n```", 1, "Python in a console fence is not run"),
            (f'=== "Tab"\n\n    ```python\n    {INCLUDE}\n    ```', 3, "in a tab is skipped"),
            (f'=== "A"\n\n    !!! note\n\n        ```python\n        {INCLUDE}\n        ```', 5,
             "in a tab is skipped"),
            (f"~~~python\n{INCLUDE}\n~~~", 1, "code outside a fence: ~~~python"),
            (f"- ```python\n  {INCLUDE}\n  ```", 1, "code outside a fence: - ```python"),
            (f"> ```python\n> {INCLUDE}\n> ```", 1, "code outside a fence: > ```python"),
            (f"text\n\n{INCLUDE}", 3, "code outside a fence: --8<--"),
            ("<pre>x = 1</pre>", 1, "code outside a fence: <pre>"),
            (">>> 1 + 1", 1, "code outside a fence: >>> 1 + 1"),
            (f"```python\n{INCLUDE}", 1, "the fence is never closed"),
        ],
    )  # fmt: skip
    def test_refuses(self, text, line, problem):
        found = next(fences(text.splitlines()))
        assert found.line == line
        assert problem in (found.problem or "")


class TestExcerpt:
    TEXT = "a = 1\n# --8<-- [start:b] B: the second\n\nb = 2\n# --8<-- [end:b]\nc = 3\n"

    def test_a_section_and_its_first_line(self):
        assert excerpt(Program("m.py", "b"), self.TEXT) == ("b = 2", 4)

    def test_the_whole_file(self):
        assert excerpt(Program("m.py"), "a = 1\n\nb = 2\n") == ("a = 1\n\nb = 2", 1)

    @pytest.mark.parametrize("text", ["", TEXT + TEXT, TEXT.replace("end:b", "end:c")])
    def test_a_section_must_be_there_once(self, text):
        with pytest.raises(ValueError, match=r"m.py must open and close the section b once"):
            excerpt(Program("m.py", "b"), text)


def test_the_names_of_figures():
    assert figure_files(Program("snippets/x/pull.py"), 3) == [
        "pull.svg",
        "pull-2.svg",
        "pull-3.svg",
    ]


class Blocks(HTMLParser):
    """Collects the text inside each <pre>, with its class."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.blocks: list[tuple[str, str]] = []
        self.inside = False
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        if tag == "pre":
            self.inside = True
            self.blocks.append((dict(attrs).get("class") or "", ""))

    def handle_endtag(self, tag):
        self.inside = self.inside and tag != "pre"

    def handle_data(self, data):
        if self.inside:
            kind, text = self.blocks[-1]
            self.blocks[-1] = (kind, text + data)


@pytest.fixture
def render(project: Project, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(project.root)
    project.write({"snippets/a.py": PROGRAM, "src/course.py": TestExcerpt.TEXT})

    def rendering(text: str) -> str:
        return markdown.markdown(text, extensions=EXTENSIONS, extension_configs=OPTIONS)

    return rendering


class TestWeave:
    def test_shown_is_what_ran_and_below_it_what_it_printed(self, render):
        blocks = Blocks(render(f"```python\n{INCLUDE}\n```")).blocks
        assert [text.strip() for _, text in blocks] == [PROGRAM.strip(), "<one> & two\n```"]

    @pytest.mark.parametrize("lead", ['!!! note "Title"\n\n', "- item\n\n"])
    def test_inside_a_block_too(self, render, lead):
        page = render(lead + indent(f"```python\n{INCLUDE}\n```", "    ") + "\n\nAfter.\n")
        shown, printed = (text.strip() for _, text in Blocks(page).blocks)
        assert (shown, printed) == (PROGRAM.strip(), "<one> & two\n```")
        assert page.index("two") < page.index("</div>\n<p>After" if "!!!" in lead else "</li>")

    def test_an_excerpt_links_to_its_file_and_can_not_be_copied(self, render):
        page = render('```python\n--8<-- "src/course.py:b"\n```')
        assert Blocks(page).blocks[0][1].strip() == "b = 2"
        assert "no-copy" in page
        assert 'href="/reference/src/course.md#source"' in page or "#source" in page

    def test_a_figure_stands_where_it_is_named(self, render, project):
        drawing = "import matplotlib.pyplot as plt\nplt.plot([1, 2], label='up')\nplt.show()\n"
        project.write({"snippets/a.py": drawing})
        page = render(f'```python\n{INCLUDE}\n```\n\nText.\n\n![It rises](a.svg "Where to?")\n')
        figure = page[page.index("<figure") :]
        assert page.index("Text.") < page.index("<figure")
        assert 'role="img" aria-labelledby="a-title"' in figure
        assert '<title id="a-title">It rises</title>' in figure
        assert "<figcaption>Where to?</figcaption>" in figure
        assert "var(--figure-0)" in figure
        assert "currentColor" in figure
        assert "#0102" not in figure
        assert "<style" not in figure

    def test_a_figure_may_stand_before_its_program(self, render, project):
        drawing = "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()\n"
        project.write({"snippets/a.py": drawing, "snippets/b.py": "x = 1\n"})
        other = INCLUDE.replace("a.py", "b.py")
        named = '![It rises](a.svg "Where to?")'
        page = render(f"{named}\n\n```python\n{other}\n```\n\n```python\n{INCLUDE}\n```\n")
        assert page.startswith("<figure")

    @pytest.mark.parametrize("text", ["```python\nx = 1\n```", "```py\nx\n```", "<pre>x</pre>"])
    def test_refuses_what_the_page_may_not_hold(self, render, text):
        with pytest.raises(ValueError, match="line 1: "):
            render(text)

    def test_refuses_indented_code(self, render):
        with pytest.raises(ValueError, match="indented code is not run"):
            render("Text.\n\n    import torch\n")

    def test_refuses_a_program_that_fails(self, render, project):
        project.write({"snippets/a.py": "assert False\n"})
        with pytest.raises(ValueError, match=r"line 1: snippets/a.py: AssertionError"):
            render(f"```python\n{INCLUDE}\n```")


class TestMath:
    def test_formulas_are_mathml(self, render):
        page = render("Let $a < b$.\n\n$$\n\\begin{aligned} x &= 1 \\end{aligned}\n$$\n")
        assert page.count("<math") == 2
        assert "<mo>&lt;</mo>" in page
        assert 'display="block"' in page

    def test_refuses_what_it_does_not_know(self, render):
        with pytest.raises(ValueError, match=r"a formula can't be shown: \\nonsense"):
            render("$\\nonsense{x}$")


def test_figures_without_a_place_and_places_without_a_figure_are_problems(project):
    drawing = "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()\n"
    project.write({"snippets/a.py": drawing})
    project.page("snippets/a.py")
    assert (
        'page.md:3: a figure has no place: write ![the answer](a.svg "'
        in project.command("dlbasic_docs.run")[0]
    )
    text = dedent(f"""
        ```python
        {INCLUDE}
        ```

        ![alt](a.svg "Question?")

        ![alt](b.svg "Question?")
    """)
    project.write({"docs/en/page.md": text})
    said = project.command("dlbasic_docs.run")[0]
    assert said.strip() == "docs/en/page.md:8: no program that ran on this page draws b.svg"
