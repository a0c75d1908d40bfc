"""The Markdown extension that turns TeX into MathML, which browsers read without a script."""

import html
from typing import Any
from xml.etree.ElementTree import Element

from markdown import Extension, Markdown
from markdown.treeprocessors import Treeprocessor
from math_core import LatexError, LatexToMathML


class MathML(Treeprocessor):
    """Replaces what `pymdownx.arithmatex` marked, and refuses TeX that it does not know."""

    def run(self, root: Element) -> None:
        """Convert every formula of a page."""
        converter = LatexToMathML()
        for element in root.iter():
            if element.get("class") != "arithmatex" or not element.text:
                continue
            tex = html.unescape(element.text.strip())
            try:
                block = tex.startswith("\\[")
                math = converter.convert_with_local_state(tex[2:-2], displaystyle=block)
            except LatexError as error:
                raise ValueError(
                    f"a formula can't be shown: {tex[2:-2].strip()}\n{error}"
                ) from None
            element.text = self.md.htmlStash.store(math)


class MathMLExtension(Extension):
    """Runs after the formulas are found and before inline text is serialised."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        """Register with Python-Markdown."""
        md.treeprocessors.register(MathML(md), "mathml", 15)


def makeExtension(**options: Any) -> Extension:  # noqa: N802
    """Return the extension, as Python-Markdown asks for it."""
    return MathMLExtension(**options)
