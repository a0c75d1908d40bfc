"""A kept outcome is used when it holds, and only then."""

import json
import os
import py_compile
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.site.conftest import Project

A, B, C, EXCERPT = "snippets/a.py", "snippets/b.py", "snippets/c.py", "src/course/deep.py:part"
METADATA = "Metadata-Version: 2.1\nName: Fake-Lib\nVersion: {}\n"
FIGURE = """
import matplotlib.pyplot as plt
figure, axes = plt.subplots()
axes.plot([1, 3, 2], label="line")
axes.imshow([[0, 1], [2, 3]])
axes.legend()
plt.show()
print({"sets", "have", "an", "order"})
"""


two_cores = pytest.mark.skipif((os.cpu_count() or 1) < 2, reason="needs two cores")


@pytest.fixture
def course(project: Project) -> Project:
    """Programs that have run: `a` needs what `b` does not, `c` counts, the excerpt needs `deep`."""
    lists = str(project.root / "lists")
    project.write(
        {
            A: "import course.near, fake_lib\nprint(course.near.x, fake_lib.x)\n",
            B: f"print(open({str(project.root / 'src/data.txt')!r}).read())\n",
            C: f"from pathlib import Path\nprint(sum(1 for _ in Path({lists!r}).glob('*.md')))\n",
            "src/data.txt": "some data",
            "lists/one.md": "one",
            "src/course/__init__.py": "",
            "src/course/near.py": "from course.deep import x\n",
            "src/course/deep.py": "# --8<-- [start:part]\nx = 1\n# --8<-- [end:part]\n",
            "src/course/other.py": "nobody = 'reads this'\n",
            "lib/fake_lib.py": "x = 5\n",
            "lib/fake_lib-1.0.dist-info/METADATA": METADATA.format("1.0"),
            "lib/fake_lib-1.0.dist-info/top_level.txt": "fake_lib\n",
            "lib/fake_lib-1.0.dist-info/RECORD": "fake_lib.py,,\n",
        }
    )
    project.page(A, B, C, EXCERPT)
    assert run(project) == {A, B, C, EXCERPT}
    return project


def run(project: Project) -> set[str]:
    return project.run(environment={"PYTHONPATH": str(project.root / "lib")})


def test_nothing_runs_twice(course):
    assert run(course) == set()


def test_touching_files_runs_nothing(course):
    for path in course.root.rglob("*.*"):
        path.touch()
    assert run(course) == set()


def test_editing_the_prose_runs_nothing(course, edit):
    edit("docs/en/page.md", "One more sentence.")
    assert run(course) == set()


@pytest.mark.parametrize(
    ("file", "needed_by"),
    [
        (A, {A}),
        (B, {B}),
        ("src/course/near.py", {A}),
        ("src/course/deep.py", {A, EXCERPT}),
        ("src/course/__init__.py", {A, EXCERPT}),
        ("src/data.txt", {B}),
        ("src/course/other.py", set()),
    ],
)
def test_a_change_runs_exactly_what_depends_on_it(course, edit, file, needed_by):
    edit(file, "# changed")
    assert run(course) == needed_by
    assert run(course) == set()


def test_a_file_that_appears_or_goes_runs_what_listed_its_folder(course):
    for name in ("lists/two.md", "src/course/new.py", "src/course/__pycache__/new.pyc"):
        course.write({name: "# nothing"})
    assert run(course) == {C}
    assert b'"printed": "2' in course.outcomes()[f"{C}.json"]
    course.write({"lists/__pycache__/one.pyc": "Python's own"})
    assert run(course) == set()
    (course.root / "lists/one.md").unlink()
    assert run(course) == {C}


def test_a_change_of_the_same_length_in_the_same_second_counts(course):
    module = course.root / "src/course/deep.py"
    times = os.stat(module)
    py_compile.compile(str(module))  # bytecode, which Python would take for the edited file's
    module.write_text(module.read_text().replace("x = 1", "x = 2"))
    os.utime(module, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert run(course) == {A, EXCERPT}
    assert b"2 5" in course.outcomes()[f"{A}.json"]


def test_another_version_of_a_package_runs_what_imports_it(course):
    old, new = (course.root / f"lib/fake_lib-{version}.dist-info" for version in ("1.0", "2.0"))
    shutil.move(old, new)
    (new / "METADATA").write_text(METADATA.format("2.0"))
    assert run(course) == {A}


def test_a_package_that_is_gone_runs_what_imported_it(course):
    shutil.rmtree(course.root / "lib/fake_lib-1.0.dist-info")
    assert run(course) == {A}


@pytest.mark.parametrize("kept", [b"", b"not json", None])
def test_a_damaged_entry_is_not_believed(course, kept):
    entry = course.root / ".cache/outcomes" / f"{B}.json"
    whole = entry.read_bytes()
    entry.write_bytes(whole.replace(b"some data", b"more data") if kept is None else kept)
    assert run(course) == {B}
    assert entry.read_bytes() == whole


def test_two_cold_runs_are_equal_to_the_byte(project, edit):
    project.write({A: FIGURE, B: "print(hash('text'), {'a', 'set'})\n"})
    project.page(A, B)
    edit("docs/en/page.md", '![A line over four squares](a.svg "What is drawn?")')
    project.run()
    first = project.outcomes()
    shutil.rmtree(project.root / ".cache")
    project.run()
    assert project.outcomes() == first
    assert len(first) == 2


def test_two_builds_at_once_do_no_harm(course):
    shutil.rmtree(course.root / ".cache")
    environment = os.environ | {"PYTHONPATH": str(course.root / "lib")}
    command = [sys.executable, "-m", "dlbasic_docs.run"]
    both = [subprocess.Popen(command, cwd=course.root, env=environment) for _ in range(2)]
    assert [process.wait(60) for process in both] == [0, 0]
    assert run(course) == set()
    assert not [name for name in course.outcomes() if not name.endswith(".json")]


@two_cores
def test_a_run_that_is_killed_leaves_nothing_to_believe(project, tmp_path_factory):
    hold = tmp_path_factory.mktemp("hold") / "on"
    hold.touch()
    waits = f"""import pathlib, time
print("half")
while pathlib.Path({str(hold)!r}).exists():
    time.sleep(0.05)
print("whole")
"""
    project.write({A: waits, B: "print(1)\n"})
    project.page(A, B)
    with subprocess.Popen(
        [sys.executable, "-m", "dlbasic_docs.run"], cwd=project.root, process_group=0
    ) as process:
        deadline = time.monotonic() + 60
        while not (project.root / ".cache/outcomes" / f"{B}.json").exists():
            assert time.monotonic() < deadline
            time.sleep(0.05)
        os.killpg(process.pid, signal.SIGKILL)
    hold.unlink()
    assert set(project.outcomes()) == {f"{B}.json"}
    assert project.run() == {A}
    assert b"whole" in project.outcomes()[f"{A}.json"]


def test_a_full_disk_leaves_nothing_to_believe(project):
    project.write({A: "print('x' * 100_000)\n"})
    project.page(A)
    limited = 'ulimit -f 8; exec "$0" -m dlbasic_docs.run'  # files of at most 8 blocks
    done = subprocess.run(["bash", "-c", limited, sys.executable], cwd=project.root, check=False)
    assert done.returncode != 0
    assert project.outcomes() == {}
    assert project.run() == {A}


def test_a_file_that_changes_under_a_run_is_not_kept_as_it_is_now(project):
    module = project.root / "src/course.py"
    project.write(
        {
            A: "import course, pathlib\n"
            f"pathlib.Path({str(module)!r}).write_text('x = 2')\n"
            "print(course.x)\n",
            "src/course.py": "x = 1",
        }
    )
    project.page(A)
    said, _, status = project.command("dlbasic_docs.run")
    assert status == "1"
    assert "changed while it ran" in said


@two_cores
def test_programs_run_side_by_side(project, tmp_path_factory):
    meet = tmp_path_factory.mktemp("meet")
    wait = """import pathlib, time
here, there = pathlib.Path({!r}), pathlib.Path({!r})
here.touch()
while not there.exists():
    time.sleep(0.01)
"""
    one, two = str(meet / "one"), str(meet / "two")
    project.write({A: wait.format(one, two), B: wait.format(two, one)})
    project.page(A, B)
    assert project.run(environment={"DLBASIC_LIMIT": "20"}) == {A, B}


def test_the_heaviest_starts_first(project, tmp_path_factory):
    order = tmp_path_factory.mktemp("order") / "order.txt"
    names = [f"snippets/{letter}.py" for letter in "abcdef"]
    log = "import time\nwith open({!r}, 'a') as file:\n    file.write('{} ')\ntime.sleep(1)\n"
    project.write({name: log.format(str(order), name) for name in names})
    seconds = dict(zip(names, [1, 9, 4, 2, 8, 3], strict=True))
    project.write({".cache/seconds.json": str(seconds).replace("'", '"')})
    project.page(*names)
    project.run()
    started = order.read_text().split()
    rank = {name: started.index(name) for name in names}
    heaviest, lightest = sorted(names, key=lambda name: seconds[name])[-2:], names[0]
    assert max(rank[name] for name in heaviest) < rank[lightest]
    assert rank[lightest] >= len(names) - 2


def test_a_program_depends_on_the_packages_that_it_imports_and_no_others(project):
    project.write({A: "import torch\n", B: "import matplotlib.pyplot\n"})
    project.page(A, B)
    project.run()
    kept = {name: text.decode().partition("\n")[2] for name, text in project.outcomes().items()}
    needs = {name: set(json.loads(text)["needs"]["packages"]) for name, text in kept.items()}
    assert needs[f"{A}.json"] & {"torch", "sympy", "matplotlib"} == {"torch", "sympy"}
    assert needs[f"{B}.json"] & {"torch", "numpy", "matplotlib"} == {"numpy", "matplotlib"}


def test_a_program_has_one_thread_an_empty_folder_and_fixed_hashes(project):
    project.write(
        {
            A: "import os, pathlib, torch\n"
            "assert torch.get_num_threads() == 1\n"
            "assert not list(pathlib.Path.cwd().iterdir())\n"
            "assert os.environ['PYTHONHASHSEED'] == '0'\n"
        }
    )
    project.page(A)
    assert project.run() == {A}
    assert Path.cwd() != project.root
