"""A figure as matplotlib wrote it, made part of a page: its colours, its font, its words."""

import base64
import html
import io
import re

from PIL import Image

# The colours of `matplotlibrc` stand for roles. A page gives each role its colour.
ROLES = {
    "#010101": "currentColor",
    "#fefefe": "var(--md-default-bg-color)",
    "#808080": "var(--figure-grey)",  # matplotlib's "grey"
    "#010203": "var(--figure-0)",
    "#010204": "var(--figure-1)",
    "#010205": "var(--figure-2)",
    "#010206": "var(--figure-3)",
    "#010207": "var(--figure-4)",
    "#010208": "var(--figure-5)",
}

SIDE, COLOURS = 256, 128  # of a picture within a figure


def inline(svg: str, file: str, alt: str) -> str:
    """Return the `<svg>` element of a figure, ready to stand inside a page.

    Args:
        svg: The file that matplotlib wrote.
        file: The figure's name on its page; its ids are made unique with it.
        alt: What a reader learns who cannot see it.
    """
    svg = svg[svg.index("<svg") :].strip()
    svg = re.sub(r"<metadata>.*?</metadata>|<style[^>]*>\*.*?</style>", "", svg, flags=re.DOTALL)
    svg = re.sub(r' id="image[0-9a-f]+"', "", svg)  # the same for the same picture, and not used
    prefix = file.removesuffix(".svg")
    svg = re.sub(r'( id="|href="#|url\(#)', rf"\g<1>{prefix}-", svg)
    svg = re.sub(r"data:image/png;base64,([^\"]*)", _light, svg)
    svg = re.sub("|".join(ROLES), lambda match: ROLES[match[0]], svg)
    svg = re.sub(r"font-family: [^;\"]*", "font-family: var(--figure-font)", svg)
    svg = re.sub(r"<[^>]*>", lambda tag: re.sub(r"-?\d+\.\d{3,}", _rounded, tag[0]), svg)
    width = float(re.findall(r'viewBox="0 0 ([\d.]+)', svg)[0]) * 4 / 3  # points to pixels
    size = f'class="{"wide" if width > 640 else "narrow"}" style="--width:{width:.0f}px"'
    svg = re.sub(r'(<svg [^>]*?)width="[^"]*"', rf"\1{size}", svg, count=1)
    svg = re.sub(r'(<svg [^>]*?) height="[^"]*"', r"\1", svg, count=1)
    svg = svg.replace("<svg ", f'<svg role="img" aria-labelledby="{prefix}-title" ', 1)
    title = f'<title id="{prefix}-title">{html.escape(alt)}</title>'
    return re.sub(r"\s*\n\s*", "\n", svg.replace(">", f">{title}", 1))


def _light(data: re.Match[str]) -> str:
    """Return a picture in a figure with fewer pixels and colours, if it has more than one sees."""
    with Image.open(io.BytesIO(base64.b64decode(data[1]))) as picture:
        picture.thumbnail((SIDE, SIDE))
        opaque = picture.convert("RGBA").getchannel("A").getextrema() == (255, 255)
        few = picture.convert("RGB" if opaque else "RGBA").quantize(COLOURS)
    buffer = io.BytesIO()
    few.save(buffer, "PNG", optimize=True)
    return f"data:image/png;base64,{base64.b64encode(buffer.getvalue()).decode()}"


def _rounded(number: re.Match[str]) -> str:
    value = float(number[0])
    return f"{value:.2f}" if abs(value) >= 1 else f"{value:.4f}"


def coloured(svg: str, style: str) -> str:
    """Return a figure for a page that is not ours: the colours of light mode, on white.

    Args:
        svg: The file that matplotlib wrote.
        style: The style sheet, whose first value of each variable is that of light mode.
    """
    light = {"currentColor": "#222", "var(--md-default-bg-color)": "#fff"}
    for name, value in reversed(re.findall(r"(--figure-\w+): (#\w+);", style)):
        light[f"var({name})"] = value
    svg = re.sub("|".join(ROLES), lambda match: light[ROLES[match[0]]], svg[svg.index("<svg") :])
    return svg.replace("<svg ", '<svg style="background: #fff" ', 1)
