"""The last touches to a page that the theme has made: light to make, safe, and named throughout."""

import base64
import functools
import hashlib
import html
import importlib.metadata
import io
import re
import unicodedata
from pathlib import Path

from mkdocs.structure.pages import Page

from dlbasic_docs.kept import kept

STRETCHY = "()[]{}|‖⌊⌋⌈⌉√∑∏∫⏞⏟‾_"  # signs that a formula may need though its text lacks them
# A browser sets a variable in italics, whose letters are characters of their own.
ITALIC_CODES = [0x210E, *range(0x1D434, 0x1D468), *range(0x1D6E2, 0x1D716)]
ITALIC = {unicodedata.normalize("NFKC", chr(code)): chr(code) for code in ITALIC_CODES}

# The navigation of a part, and its title, which is not inside the label that should name it.
UNNAMED = re.compile(
    r'aria-labelledby="(__nav_[\d_]+)_label"'
    r'( [^>]*>\s*<label class="md-nav__title" for="\1">\s*<span[^>]*></span>\s*)'
    r"([^<]*?)(?=\s*</label>)"
)

# Figures, code and formulas wait aside while the search and the theme go through a page.
HEAVY = re.compile(
    r'(?<=<figure class="drawn">)<svg.*?</svg>|<pre\b.*?</pre>|<math\b.*?</math>', re.DOTALL
)
ASIDE = re.compile(r"<(pre|span) data-aside>.*?</\1>", re.DOTALL)


def put_aside(page: Page) -> list[str]:
    """Leave a page with the plain text of its code and formulas, for the search; return the rest.

    The reference has no such text: its sources would be most of what is found for any word.
    """
    silent = page.file.src_uri.startswith("reference/")
    aside: list[str] = []

    def plain(heavy: re.Match[str]) -> str:
        aside.append(heavy[0])
        element = "pre" if heavy[0].startswith("<pre") else "span"
        shown = not silent and not heavy[0].startswith("<svg")
        text = re.sub(r"<[^>]*>", "", heavy[0]) if shown else ""
        return f"<{element} data-aside>{text}</{element}>"

    page.content = HEAVY.sub(plain, page.content or "")
    return aside


def finished(output: str, aside: list[str]) -> str:
    """Return a page with what was put aside, a name for everything, and no other host allowed."""
    rest = iter(aside)
    output = ASIDE.sub(lambda _: next(rest), output)
    output = output.replace('role="dialog"', 'role="dialog" aria-label="Search"')
    output = re.sub(UNNAMED, r'aria-label="\3"\2\3', output)
    return output.replace('<meta charset="utf-8">', f'<meta charset="utf-8">{_policy(output)}', 1)


def _policy(output: str) -> str:
    """Return the content-security policy of a page: its own scripts by hash, and no other host."""
    scripts = re.findall(r"<script>(.*?)</script>", output, re.DOTALL)
    hashes = [base64.b64encode(hashlib.sha256(s.encode()).digest()).decode() for s in scripts]
    allowed = {
        "default-src": "'none'",
        "script-src": " ".join(["'self'", *(f"'sha256-{value}'" for value in hashes)]),
        "style-src": "'self' 'unsafe-inline'",  # matplotlib writes style attributes
        "img-src": "'self' data:",
        "font-src": "'self'",
        "connect-src": "'self'",
        "worker-src": "'self' blob:",
        "base-uri": "'self'",
        "form-action": "'none'",
    }
    policy = "; ".join(f"{kind} {sources}" for kind, sources in allowed.items())
    return f'\n<meta http-equiv="Content-Security-Policy" content="{policy}">'


def write_math_font(site: Path) -> None:
    """Write the font of formulas, with the characters that those of the site use."""
    formulas = [
        formula
        for page in site.rglob("*.html")
        for formula in re.findall(r"<math.*?</math>", page.read_text("utf-8"), re.DOTALL)
    ]
    text = html.unescape(re.sub(r"<[^>]*>", "", "".join(formulas))) + STRETCHY
    text += "".join(ITALIC.get(character, "") for character in text)
    font = site / "assets" / "math.woff2"
    font.parent.mkdir(parents=True, exist_ok=True)
    characters = "".join(sorted(set(text)))
    made = kept("math_font", [characters], functools.partial(_math_font, characters))
    font.write_bytes(base64.b64decode(made))


def _math_font(characters: str) -> str:
    """Return STIX Two Math (OFL), from the wheel that carries it, cut to some characters."""
    from fontTools import subset

    wheel = importlib.metadata.distribution("ziamath")
    source = wheel.locate_file("ziamath/fonts/STIXTwoMath-Regular.ttf")
    # Letters without dots and flat signs, which go under and over others. What a font offers for
    # small scripts would double its size, and a browser scales the letters anyway.
    options = subset.Options(flavor="woff2", layout_features=["dtls", "flac"], hinting=False)
    buffer = io.BytesIO()
    with subset.load_font(str(source), options) as font:
        cutter = subset.Subsetter(options)
        cutter.populate(text=characters)
        cutter.subset(font)
        subset.save_font(font, buffer, options)
    return base64.b64encode(buffer.getvalue()).decode()
