"""What a reader's browser must fetch: little, and what a page needs, as a server compresses it."""

import gzip
import statistics
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.site.test_browser import address, browser, pytestmark  # noqa: F401

KILOBYTE = 1000
PACKED = {".woff2"}  # which a server does not compress again


@pytest.fixture(scope="module")
def weights(browser: Browser, address, site: Path) -> dict[str, int]:  # noqa: F811
    """Bytes of each chapter and lab with all that it asks for, in a browser that kept nothing."""
    found = {}
    pages = [p for p in site.glob("*/*.html") if p.parent.name != "reference"]
    for name in sorted(str(page.relative_to(site)) for page in pages):
        page = browser.new_page()
        asked: set[str] = set()
        page.on("request", lambda request, asked=asked: asked.add(request.url))
        page.goto(f"{address}/{name}", wait_until="networkidle")
        page.close()
        paths = [site / url.removeprefix(f"{address}/") for url in asked if address in url]
        found[name] = sum(map(fetched, paths))
    return found


def fetched(path: Path) -> int:
    data = path.read_bytes()
    return len(data) if path.suffix in PACKED else len(gzip.compress(data, 6))


def test_the_pages_are_light(weights):
    chapters = {name: weight for name, weight in weights.items() if "labs/" not in name}
    heaviest = max(chapters, key=lambda name: chapters[name])
    assert statistics.median(chapters.values()) <= 150 * KILOBYTE
    assert chapters[heaviest] <= 300 * KILOBYTE, heaviest


def test_the_labs_are_light(weights):
    labs = {name: weight for name, weight in weights.items() if "labs/" in name}
    assert len(labs) == 2
    assert max(labs.values()) <= 250 * KILOBYTE
