"""What a program uses of dlbasic is folded in: all of it, nothing else, and each under one name."""

import contextlib
import io
import os
import re
import subprocess
import sys

import pytest

from dlbasic_docs.fold import fold, packages
from dlbasic_docs.standalone import standalone
from tests.site.conftest import ROOT

BASE = '''"""Words at the top of a module."""

from math import pi as PI

# --8<-- [start:rate] A rate
RATE, UNUSED = 2, 3


# --8<-- [end:rate]
def helper(x):
    """Twice."""
    # why it is so
    return RATE * x


def area(radius):
    return PI * helper(radius)


def other():
    return "not asked for"
'''
ABOVE = """from dlbasic.base import RATE
from dlbasic.base import helper as double


def helper(x):
    area = double(x) + 1  # a local name that another module gives to a function
    return area


def rate():
    return RATE
"""


@pytest.fixture
def course(tmp_path, monkeypatch):
    """Write two modules whose names clash, and go there."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "src" / "dlbasic"
    folder.mkdir(parents=True)
    (folder / "base.py").write_text(BASE)
    (folder / "above.py").write_text(ABOVE)
    return folder


def printed(text: str) -> list[str]:
    assert not re.search(r"^(from|import) dlbasic", text, re.MULTILINE)
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(text, "program", "exec"), {"__name__": "__main__"})
    return out.getvalue().split()


CASES = {
    "one thing": ("from dlbasic.base import helper\nprint(helper(4))", ["8"]),
    "under another name": ("from dlbasic.base import helper as f\nprint(f(4))", ["8"]),
    "two of one name": (
        "from dlbasic.above import helper\nfrom dlbasic.base import helper as h\n"
        "print(helper(4), h(4))",
        ["9", "8"],
    ),
    "a module": ("from dlbasic import base as b\nprint(b.helper(4))", ["8"]),
    "two modules": (
        "from dlbasic import above, base\nprint(above.helper(4), base.helper(4))",
        ["9", "8"],
    ),
    "a constant is changed for all": (
        "from dlbasic import above, base\nbase.RATE = 5\nprint(base.helper(4))",
        ["20"],
    ),
    "what was imported there": ("from dlbasic.above import RATE\nprint(RATE)", ["2"]),
    "the program's own name": (
        "from dlbasic.base import area\nhelper = 7\nprint(round(area(1)), helper)",
        ["6", "7"],
    ),
    "a name that only a function has": (
        "from dlbasic import base\ndef f():\n    helper = base.helper(4)\n    return helper\n"
        "print(f())",
        ["8"],
    ),
    "the name of what is built in": (
        "from dlbasic.base import helper as print_\nprint(print_(1))",
        ["2"],
    ),
    "words in a text": (
        "from dlbasic.base import helper as f\nx = 1\nprint(f'{f(x)}f', 'f(x)')",
        ["2f", "f(x)"],
    ),
}


@pytest.mark.parametrize(("program", "says"), CASES.values(), ids=CASES)
def test_a_program_says_the_same_when_it_stands_alone(course, program, says):
    assert printed(standalone("snippets/x.py", program)) == says


def test_only_what_is_used_is_folded_in_and_no_marker_is_left(course):
    text = standalone("snippets/x.py", "from dlbasic.base import helper\nprint(helper(1))")
    assert "RATE, UNUSED = 2, 3" in text
    assert "# why it is so" in text
    assert "--8<--" not in text
    assert "def other" not in text
    assert "pi" not in text.split("def helper")[0].split()


def test_several_programs_share_what_they_use(course):
    texts = ["from dlbasic.base import helper\nprint(helper(1))", "helper = 3\nprint(helper)"]
    imports, parts, programs, _ = fold(texts)
    assert (imports, len(programs)) == ("", 2)
    assert printed("\n".join([parts, *programs])) == ["2", "3"]


def test_what_is_folded_does_not_hang_on_the_order_of_sets():
    """Python orders a set anew in every process."""
    say = """
from pathlib import Path
from dlbasic_docs.fold import fold
paths = sorted(Path("snippets/history/adam").glob("*.py"))
print(fold([path.read_text() for path in paths]))
"""
    said = {
        subprocess.run(
            [sys.executable, "-c", say],
            cwd=ROOT,
            env=os.environ | {"PYTHONHASHSEED": str(seed)},
            capture_output=True,
            check=True,
        ).stdout
        for seed in range(4)
    }
    assert len(said) == 1


@pytest.mark.parametrize(
    ("program", "problem"),
    [
        ("from dlbasic import base\nprint(base)", "a module can't be folded in as a value: base"),
        ("from dlbasic.base import nothing\nnothing", "dlbasic.base defines no nothing"),
        ("from dlbasic.absent import x\nx", "not a module that can be folded in: dlbasic.absent"),
    ],
)
def test_what_can_not_be_folded_in_is_refused(course, program, problem):
    with pytest.raises(ValueError, match=re.escape(problem)):
        standalone("snippets/x.py", program)


def test_a_change_of_the_course_is_seen(course):
    program = "from dlbasic.above import helper\nprint(helper(4))"
    assert printed(standalone("snippets/x.py", program)) == ["9"]
    (course / "base.py").write_text(BASE.replace("2, 3", "3, 3"))
    assert printed(standalone("snippets/x.py", program)) == ["13"]


def test_what_must_be_installed_is_named_with_its_version():
    names = [
        line.split("==")[0] for line in packages("import os\nfrom sklearn.x import (\n  y,\n)")
    ]
    assert names == ["scikit-learn"]
