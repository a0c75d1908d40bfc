"""What becomes of a lab: formulas, links, code, output and figures as on every other page."""

import base64
import io
import json

import matplotlib.pyplot as plt
import pytest

from dlbasic_docs import lab

TEXT = """# %% [markdown]
# # A lab
# Words.
# %% alt="A line that rises."
print(1 < 2)
"""


def rendered(*, images: int = 1, prose: str = "") -> str:
    figure, axes = plt.subplots()
    axes.plot([0, 1])
    buffer = io.BytesIO()
    figure.savefig(buffer, format="svg")
    plt.close(figure)
    svg = base64.b64encode(buffer.getvalue()).decode()
    output = f'<div class="jp-OutputArea-output"><img src="data:;base64,{svg}"></div>' * images
    return f"""<style>p {{ color: red }}</style><script>alert(1)</script>
        <div class="jp-MarkdownOutput">{prose}</div>
        <div class="jp-CodeMirrorEditor"><div class="highlight-ipynb"><pre><span></span><span
        class="nb">print</span>(1 &lt; 2)</pre></div></div>
        <div class="jp-OutputArea-output"><pre>True &lt;b&gt;
        </pre></div>{output}"""


def test_nothing_is_left_of_styles_and_scripts():
    made = lab.page(rendered(), TEXT)
    assert "<style" not in made
    assert "<script" not in made


def test_code_and_output_look_like_those_of_a_chapter():
    made = lab.page(rendered(), TEXT)
    assert '<div class="highlight"><pre><code>' in made
    assert '<span class="nb">print</span>(1 &lt; 2)' in made
    assert '<pre class="printed"><samp>True &lt;b&gt;' in made


def test_a_figure_says_what_it_shows_and_follows_light_and_dark():
    made = lab.page(rendered(), TEXT)
    assert '<title id="lab-0-title">A line that rises.</title>' in made
    assert "data:;base64" not in made


@pytest.mark.parametrize("images", [0, 2])
def test_a_figure_without_words_is_refused(images, refuses):
    with refuses(f"every figure must have an alt, got {images} and 1"):
        lab.page(rendered(images=images), TEXT)


def test_formulas_become_mathml_but_not_in_code():
    prose = "<p>If $a &lt; b$ &amp; so, $$\\frac{1}{2}$$ <code>$c$</code></p>"
    made = lab.page(rendered(prose=prose), TEXT)
    assert made.count("<math") == 2
    assert "<mo>&lt;</mo>" in made
    assert "&amp; so" in made
    assert 'display="block"' in made
    assert "<code>$c$</code>" in made


def test_links_lead_to_built_pages():
    prose = '<p><a href="../tasks/index.md#a">a</a> <a href="https://x.org/b.md">b</a></p>'
    made = lab.page(rendered(prose=prose), TEXT)
    assert 'href="../tasks/index.html#a"' in made
    assert 'href="https://x.org/b.md"' in made


def test_the_notebook_has_its_cells_and_is_the_same_each_time():
    notebook = json.loads(lab.as_notebook(TEXT))
    assert [cell["cell_type"] for cell in notebook["cells"]] == ["markdown", "code"]
    assert lab.as_notebook(TEXT) == lab.as_notebook(TEXT)


def test_outcomes_are_kept_until_what_a_lab_imports_changes(project, monkeypatch):
    monkeypatch.chdir(project.root)
    for name in ("MATPLOTLIBRC", "OMP_NUM_THREADS", "IPYTHONDIR", "PYTHONHASHSEED", "TZ"):
        monkeypatch.setenv(name, "as before")
    project.write({"labs/a.py": "from dlbasic.a import a\n", "src/dlbasic/a.py": "a = 1\n"})
    project.write({"src/dlbasic/b.py": "b = 1\n", "constraints.txt": "torch==1\n"})
    labs = project.root / "labs"
    first = lab.prepare(labs)
    project.write({"src/dlbasic/b.py": "b = 2\n"})
    assert lab.prepare(labs) == first
    first.mkdir(parents=True)
    project.write({"src/dlbasic/a.py": "a = 2\n"})
    assert lab.prepare(labs) != first
    assert not first.exists()
