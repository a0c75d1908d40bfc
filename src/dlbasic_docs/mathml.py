"""The Markdown extension that turns TeX into MathML, which browsers read without a script."""

import html
from typing import Any
from xml.etree.ElementTree import Element

from markdown import Extension, Markdown
from markdown.treeprocessors import Treeprocessor
from math_core import LatexError, LatexToMathML


def mathml(tex: str, *, block: bool) -> str:
    """Return a formula, in a line of its own if it is a block.

    Raises:
        ValueError: If the TeX is not known.
    """
    try:
        return LatexToMathML().convert_with_local_state(tex.strip(), displaystyle=block)
    except LatexError as error:
        raise ValueError(f"a formula can't be shown: {tex.strip()}\n{error}") from None


class MathML(Treeprocessor):
    """Replaces what `pymdownx.arithmatex` marked, and refuses TeX that it does not know."""

    def run(self, root: Element) -> None:
        """Convert every formula of a page."""
        for element in root.iter():
            if element.get("class") != "arithmatex" or not element.text:
                continue
            tex = html.unescape(element.text.strip())
            math = mathml(tex[2:-2], block=tex.startswith("\\["))
            element.text = self.md.htmlStash.store(math)


class MathMLExtension(Extension):
    """Runs after the formulas are found and before inline text is serialised."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        """Register with Python-Markdown."""
        md.treeprocessors.register(MathML(md), "mathml", 15)


def makeExtension(**options: Any) -> Extension:  # noqa: N802
    """Return the extension, as Python-Markdown asks for it."""
    return MathMLExtension(**options)
