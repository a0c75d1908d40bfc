"""A small project in a temporary folder, for the tests of the engine."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


class Project:
    """Files below a root, and the commands that a person runs there."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def write(self, files: dict[str, str]) -> None:
        for name, text in files.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")

    def page(self, *programs: str, name: str = "docs/en/page.md") -> None:
        """Write a page that shows these programs, the first on line 3, then every fifth line."""
        fences = [f'\n```python\n--8<-- "{program}"\n```\n' for program in programs]
        self.write({name: "# Page\n" + "\n".join(fences)})

    def command(self, *words: str, environment: dict[str, str] | None = None) -> list[str]:
        """Run a module of Python here; return what it printed, its errors and its status."""
        done = subprocess.run(
            [sys.executable, "-m", *words],
            cwd=self.root,
            env=os.environ | {"NO_MKDOCS_2_WARNING": "1"} | (environment or {}),
            capture_output=True,
            text=True,
            timeout=120,
        )
        return [done.stdout, done.stderr, str(done.returncode)]

    def run(self, *words: str, environment: dict[str, str] | None = None) -> set[str]:
        """Run the engine, which must succeed; return the names of the programs that it ran."""
        _, progress, status = self.command("dlbasic_docs.run", *words, environment=environment)
        assert status == "0", progress
        return {line.split()[1] for line in progress.splitlines() if line.startswith("[")}

    def outcomes(self) -> dict[str, bytes]:
        """Return every kept outcome, by its file's name."""
        kept = self.root / ".cache" / "outcomes"
        return {str(p.relative_to(kept)): p.read_bytes() for p in kept.rglob("*") if p.is_file()}


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path.resolve())


@pytest.fixture
def edit(project: Project) -> Callable[[str, str], None]:
    """Append a line to a file of the project."""

    def appending(name: str, line: str) -> None:
        with (project.root / name).open("a", encoding="utf-8") as file:
            file.write(line + "\n")

    return appending


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the site as `make site` does, strictly."""
    folder = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--site-dir", str(folder)],
        cwd=ROOT,
        env=os.environ | {"NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return folder
