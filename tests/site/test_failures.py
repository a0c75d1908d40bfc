"""Whatever goes wrong stops the build and the tests, with page, line, reason and source line."""

import re
from pathlib import Path

import pytest

from tests.site.conftest import Project

# name: (program, line that is blamed, reason, source line)
BROKEN = {
    "assertion": ("x = 1\nassert x == 2\n", 2, "AssertionError", "assert x == 2"),
    "exception": ("def f():\n    return 1 / 0\n\nf()\n", 2, "ZeroDivisionError", "return 1 / 0"),
    "syntax": ("x = 1\nx = = 2\n", 2, "SyntaxError: invalid syntax", "x = = 2"),
    "import": ("import nowhere\n", 1, "ModuleNotFoundError", "import nowhere"),
    "hang": ("import time\ntime.sleep(600)\n", 2, "took longer than 4 seconds", "time.sleep(600)"),
    "killed": (
        "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n",
        2,
        "its process ended early, with SIGKILL",
        "os.kill(os.getpid(), signal.SIGKILL)",
    ),
    "vanished": ("import os\nos._exit(0)\n", 2, "ended early, with exit status 0", "os._exit(0)"),
    "exit": ("import sys\nsys.exit(0)\n", 2, "SystemExit: 0", "sys.exit(0)"),
    "warning": (
        "import warnings\ndef f():\n    warnings.warn('careful')\nf()\n",
        3,
        "UserWarning: careful",
        "warnings.warn('careful')",
    ),
    "deprecated": (
        "import warnings\nwarnings.warn('old', DeprecationWarning)\n",
        2,
        "DeprecationWarning: old",
        "warnings.warn('old', DeprecationWarning)",
    ),
    "stderr": (
        "import sys\nprint('oh', file=sys.stderr)\nx = 1\n",
        2,
        "wrote to standard error: oh",
        "print('oh', file=sys.stderr)",
    ),
    "compiled": (
        "import os\nos.write(2, b'from below')\n",
        2,
        "wrote to standard error: from below",
        "os.write(2, b'from below')",
    ),
    "hidden": (
        "import matplotlib.pyplot as plt\nplt.plot([1, 2])\n",
        2,
        "drew a figure and never showed it: end with plt.show()",
        "plt.plot([1, 2])",
    ),
    "module": (
        "import course.bad\n",
        1,
        "(raised in src/course/bad.py:2: 1 / 0)",
        "import course.bad",
    ),
}
MISSING = {
    "snippets/nowhere.py": "snippets/nowhere.py:1: there is no such file",
    "src/course/good.py:absent": "src/course/good.py must open and close the section absent once",
    "src/course/good.py:open": "src/course/good.py must open and close the section open once",
}


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, dict[str, str]]:
    """A project in which everything fails, and for each program the place where it is shown."""
    project = Project(tmp_path_factory.mktemp("broken").resolve())
    project.write({f"snippets/{name}.py": text for name, (text, *_) in BROKEN.items()})
    project.write(
        {
            "snippets/fine.py": "print('fine')\n",
            "src/course/__init__.py": "",
            "src/course/bad.py": "x = 1\n1 / 0\n",
            "src/course/good.py": "# --8<-- [start:open]\nx = 1\n",
            "mkdocs.yml": "site_name: Broken\ndocs_dir: docs/en\nnav: [page.md]\n"
            f"hooks: [{Path(__file__).parents[2] / 'src/dlbasic_docs/hooks.py'}]\n"
            "markdown_extensions: [dlbasic_docs.weave, pymdownx.superfences]\n",
            "site/index.html": "the site as it was",
        }
    )
    shown = ["snippets/fine.py", *(f"snippets/{name}.py" for name in BROKEN), *MISSING]
    project.page(*shown)
    return project, {name: f"docs/en/page.md:{3 + 5 * n}" for n, name in enumerate(shown)}


@pytest.fixture(scope="module")
def said(broken: tuple[Project, dict[str, str]]) -> str:
    said, progress, status = broken[0].command(
        "dlbasic_docs.run", environment={"DLBASIC_LIMIT": "4"}
    )
    assert status == "1", progress
    return said


@pytest.mark.parametrize("name", BROKEN)
def test_each_failure_names_page_line_reason_and_source(name, broken, said):
    _, line, reason, source = BROKEN[name]
    place = broken[1][f"snippets/{name}.py"]
    pattern = rf"{re.escape(place)}: snippets/{name}\.py:{line}: .*{re.escape(reason)}"
    assert re.search(rf"{pattern}[^\n]*\n +{re.escape(source)}\n", said, re.DOTALL), said


@pytest.mark.parametrize("name", MISSING)
def test_a_missing_file_or_section_is_named(name, broken, said):
    assert f"{broken[1][name]}: {name.partition(':')[0]}" in said
    assert MISSING[name] in said


def test_all_failures_are_reported_at_once_and_nothing_else(said, broken):
    places = [line.partition(": ")[0] for line in said.splitlines() if line.startswith("docs/")]
    expected = [place for name, place in broken[1].items() if name != "snippets/fine.py"]
    assert places == expected


def test_the_tests_of_the_page_fail_with_the_same_words(broken):
    said, _, status = broken[0].command(
        "pytest", "-p", "dlbasic_docs.pytest_plugin", "-p", "no:cacheprovider", "docs/en/page.md",
        environment={"DLBASIC_LIMIT": "4"},
    )  # fmt: skip
    assert status == "1", said
    assert f"{len(BROKEN) + len(MISSING)} failed, 1 passed" in said
    for name, (_, line, _, _) in BROKEN.items():
        assert f"{broken[1][f'snippets/{name}.py']}: snippets/{name}.py:{line}: " in said


def test_the_build_fails_with_the_same_words_and_leaves_the_site_alone(broken, said):
    project = broken[0]
    _, errors, status = project.command("mkdocs", "build", environment={"DLBASIC_LIMIT": "4"})
    assert status == "1"
    for line in said.splitlines():
        assert line in errors
    assert (project.root / "site" / "index.html").read_text() == "the site as it was"
    assert [path.name for path in (project.root / "site").iterdir()] == ["index.html"]
