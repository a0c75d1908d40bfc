"""CPU seconds of a site whose programs have run: `make site` against MyST-NB with jupyter-cache.

    .venv/bin/python tests/bench/warm_site.py [PART …]

Both make the same chapters, those of the parts named (foundations and losses if none is): this
project's pages from Markdown, and MyST-NB's from the notebooks that this project offers of them.
Each makes its pages once, so that nothing is left to run, and then again into an empty folder,
three times in turn; the fastest counts. MyST-NB reads all notebooks again, or takes what it keeps
of them, as this project takes what it keeps. This project makes the reference, the notebooks and
the archive besides.
"""

import os
import resource
import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).parents[2]
OTHERS = ("myst-nb==1.4.0", "sphinx-book-theme==1.4.0")
CONF = """
project = "DL Basic"
extensions = ["myst_nb"]
exclude_patterns = ["_build*", "_again*", "jupyter_execute"]
nb_execution_mode = "cache"
nb_execution_timeout = 600
nb_execution_raise_on_error = True
html_theme = "sphinx_book_theme"
"""
KERNEL = '{{"argv": ["{}", "-m", "ipykernel_launcher", "-f", "{{connection_file}}"], \
"display_name": "Python 3", "language": "python"}}'


def cpu_seconds(command: list[str], folder: Path, **environment: str) -> float:
    """Return what a command took on the processor, with all that it started."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    settings = os.environ | {"NO_MKDOCS_2_WARNING": "1", "OMP_NUM_THREADS": "1"} | environment
    done = subprocess.run(command, cwd=folder, env=settings, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(command)}\n{done.stdout}\n{done.stderr}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def our_project(folder: Path, parts: list[str]) -> None:
    """Write the project with the chapters of some parts and a page that leads to them."""
    for part in [*parts, "assets"]:
        shutil.copytree(ROOT / "docs/en" / part, folder / "docs/en" / part)
    (folder / "docs/en/index.md").write_text("# DL Basic\n\nThe chapters.\n", encoding="utf-8")
    for name in ("snippets", "src", ".cache/outcomes"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "constraints.txt", folder)
    text = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    kept = [line for line in text.splitlines() if not line.lstrip().startswith("strict:")]
    nav, rest = "\n".join(kept).split("\nnav:\n")[0], "\ntheme:\n" + text.split("\ntheme:\n")[1]
    pages = ["index.md", *sorted(str(p.relative_to(folder / "docs/en")) for p in chapters(folder))]
    rest = rest.split("\nvalidation:\n")[0]  # links lead to chapters that are not here
    (folder / "mkdocs.yml").write_text(f"{nav}\nnav: {pages}\n{rest}\n", encoding="utf-8")


def chapters(folder: Path) -> list[Path]:
    return list((folder / "docs/en").glob("*/*.md"))


def their_project(folder: Path, notebooks: Path, parts: list[str]) -> Path:
    """Write MyST-NB's project with the notebooks of some parts; return its `sphinx-build`."""
    for part in parts:
        shutil.copytree(notebooks / part, folder / part)
    names = sorted(str(path.relative_to(folder)) for path in folder.rglob("*.ipynb"))
    lines = ["# DL Basic", "", "```{toctree}", *names, "```", ""]
    (folder / "index.md").write_text("\n".join(lines), encoding="utf-8")
    (folder / "conf.py").write_text(CONF, encoding="utf-8")
    tools = ROOT / ".cache" / "bench"
    if not (tools / "ready").is_file():
        venv.create(tools, clear=True, with_pip=True)
        pip = [tools / "bin/python", "-m", "pip", "install", "--quiet"]
        subprocess.run([*pip, *OTHERS], check=True)
        kernel = tools / "share/jupyter/kernels/python3/kernel.json"
        kernel.parent.mkdir(parents=True, exist_ok=True)
        kernel.write_text(KERNEL.format(sys.executable), encoding="utf-8")
        (tools / "ready").touch()
    return tools / "bin/sphinx-build"


def main() -> None:
    """Make both sites and print the ratio."""
    parts = sys.argv[1:] or ["foundations", "losses"]
    with tempfile.TemporaryDirectory() as name:
        ours, theirs = Path(name, "ours"), Path(name, "theirs")
        our_project(ours, parts)
        mkdocs = [sys.executable, "-m", "mkdocs", "build", "--site-dir"]
        cpu_seconds([*mkdocs, "site"], ours)
        sphinx = [str(their_project(theirs, ours / "site/notebooks", parts)), "-q", "-E", "-a"]
        cpu_seconds([*sphinx, ".", "_build"], theirs)
        again = [sphinx[0], "-q", "-d", "_build/.doctrees"]
        times = [
            (
                cpu_seconds([*mkdocs, f"site{number}"], ours),
                cpu_seconds([*sphinx, ".", f"_build{number}"], theirs),
                cpu_seconds([*again, ".", f"_again{number}"], theirs),
            )
            for number in range(3)
        ]
        count = len(chapters(ours))
    ours_took, read_again, kept = (min(column) for column in zip(*times, strict=True))
    print(f"{count} pages: DL Basic {ours_took:.1f} CPU s")
    for name, took in {"reads all again": read_again, "takes what it keeps": kept}.items():
        print(f"MyST-NB {name}: {took:.1f} CPU s, ratio {ours_took / took:.2f}")


if __name__ == "__main__":
    main()
