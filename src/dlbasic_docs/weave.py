"""The Markdown extension that shows a program, and below it what it printed and drew."""

import html
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

from markdown import Extension, Markdown
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor

from dlbasic_docs.figure import inline
from dlbasic_docs.page import FIGURE, Fence, fences, figure_files
from dlbasic_docs.program import Outcome
from dlbasic_docs.run import results
from dlbasic_docs.standalone import alone, foldable


class Weave(Preprocessor):
    """Replaces each include by the text that ran, and each figure's name by the figure."""

    def run(self, lines: list[str]) -> list[str]:
        """Weave the outcomes into the lines of a page."""
        found = list(fences(lines))
        made = results(Path.cwd(), [fence.program for fence in found if fence.program])
        outcomes: dict[Fence, Outcome] = {}
        drawn: dict[str, str] = {}
        for fence in found:
            outcome = made.get(fence.program) if fence.program else None
            if fence.problem or not fence.program or not isinstance(outcome, Outcome):
                reason = fence.problem or f"{fence.program}: {getattr(outcome, 'reason', '')}"
                raise ValueError(f"line {fence.line}: {reason}")
            outcomes[fence] = outcome
            files = figure_files(fence.program, len(outcome.figures))
            drawn |= dict(zip(files, outcome.figures, strict=True))
        woven: list[str] = []
        position = 0
        for fence, outcome in outcomes.items():
            woven += self._with_figures(lines[position : fence.line - 1], drawn)
            woven += [fence.indent + line for line in self._shown(fence, outcome)]
            position = fence.end
        return woven + self._with_figures(lines[position:], drawn)

    def _shown(self, fence: Fence, outcome: Outcome) -> list[str]:
        program = fence.program
        assert program
        marks = "`" * 10  # longer than any that a program holds
        # An excerpt has no copy button: pasted alone it would not run.
        kind = ".python .no-copy" if program.section else ".python"
        if not program.section and "/exercises/" not in program.path:
            kind += f" #{Path(program.path).name.replace('.', '-')}"  # so that one can point to it
        opening = f'{marks} {{{kind} title="{program.path}"}}'
        shown = [opening, *outcome.source.splitlines(), marks, ""]
        if program.path.startswith("snippets/") and not program.section:
            shown += [_take_home(program.path, outcome.source), "{ .take }", ""]
        if outcome.printed:
            printed = html.escape(outcome.printed.rstrip("\n"))
            block = f'<pre class="printed"><samp>{printed}</samp></pre>'
            shown += [self.md.htmlStash.store(block), ""]
        if program.section:
            page = program.path.removeprefix("src/dlbasic/").removesuffix(".py")
            shown += [f"[View the whole file](/reference/{page}.md#source){{ .source }}", ""]
        return shown

    def _with_figures(self, lines: list[str], drawn: dict[str, str]) -> list[str]:
        placed = []
        for line in lines:
            if (match := FIGURE.fullmatch(line.rstrip())) and match["file"] in drawn:
                svg = inline(drawn[match["file"]], match["file"], match["alt"])
                caption = f"<figcaption>{html.escape(match['caption'])}</figcaption>"
                figure = f'<figure class="drawn">{svg}{caption}</figure>'
                line = match["indent"] + self.md.htmlStash.store(figure)
            placed.append(line)
        return placed


def _take_home(path: str, source: str) -> str:
    """Return links to a program as it stands, and to the one that needs no dlbasic."""
    name = Path(path).name
    links = [f'[Download {name}](/{path}){{ download="{name}" }}']
    if foldable(source):
        links.append(f'[{name} without dlbasic](/{alone(path)}){{ download="{name}" }}')
    return " · ".join(links)


class NoIndentedCode(Treeprocessor):
    """Refuses the blocks that Markdown makes of indented lines, which no fence announces."""

    def run(self, root: Element) -> None:
        """Raise if the page holds such a block."""
        for block in root.iter("pre"):
            text = "".join(block.itertext()).strip()
            raise ValueError(f"indented code is not run, put it into a snippet: {text[:60]!r}")


class WeaveExtension(Extension):
    """Weaves between the normalising of white space (30) and the formatting of fences (25).

    Indented code is found before it is formatted (30).
    """

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        """Register with Python-Markdown."""
        md.preprocessors.register(Weave(md), "weave", 28)
        md.treeprocessors.register(NoIndentedCode(md), "no_indented_code", 35)


def makeExtension(**options: Any) -> Extension:  # noqa: N802
    """Return the extension, as Python-Markdown asks for it."""
    return WeaveExtension(**options)
