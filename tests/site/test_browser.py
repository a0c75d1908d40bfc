"""The built site in a real browser: it loads alone, reads well on a phone, and can be copied."""

import http.server
import io
import json
import os
import shutil
import threading
import zipfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Request, ViewportSize, sync_playwright

from tests.site.conftest import ROOT

CHROMIUM = shutil.which("chromium")
QUIET = "gpu quic background-networking component-update sync"
ARGUMENTS = [
    "--no-sandbox",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
]
SIZES: dict[str, ViewportSize] = {
    "desktop": {"width": 1280, "height": 800},
    "phone": {"width": 390, "height": 844},
}

pytestmark = pytest.mark.skipif(
    CHROMIUM is None and os.environ.get("REQUIRE_BROWSER") != "1",
    reason="no chromium on this machine (REQUIRE_BROWSER=1 makes this a failure)",
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    assert CHROMIUM, "REQUIRE_BROWSER=1 and no chromium on this machine"
    arguments = [*ARGUMENTS, *(f"--disable-{name}" for name in QUIET.split())]
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Keep the console for the tests."""


@pytest.fixture(scope="session")
def address(site: Path) -> Iterator[str]:
    handler = partial(Quiet, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="session")
def names(site: Path) -> list[str]:
    return sorted(str(path.relative_to(site)) for path in site.rglob("*.html"))


@pytest.mark.parametrize("size", SIZES)
def test_every_page_loads_alone_and_fits(browser: Browser, address, names, size):
    context = browser.new_context(viewport=SIZES[size])
    page = context.new_page()
    wrong: list[str] = []

    def failed(request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # cut off, because we go on to the next page
            wrong.append(f"{page.url}: {request.url} {request.failure}")

    def asked(request: Request) -> None:
        if not request.url.startswith((address, "data:", "blob:")):
            wrong.append(f"{page.url}: asks another host for {request.url}")

    page.on("console", lambda message: wrong.append(f"{page.url}: {message.text}"))
    page.on("pageerror", lambda error: wrong.append(f"{page.url}: {error}"))
    page.on("requestfailed", failed)
    page.on("request", asked)
    for name in names:
        page.goto(f"{address}/{name}", wait_until="load")
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > SIZES[size]["width"]:
            wrong.append(f"{name}: {width} pixels wide")
    context.close()
    assert wrong == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    "name",
    [
        "404",
        "index",
        "foundations/index",
        "labs/a_claim_you_doubt",
        "losses/mse",
        "foundations/hierarchy",
        "foundations/reading_papers",
        "history/index",
        "history/adam",
        "reference/losses/mse",
    ],
)
def test_no_barrier_is_found(browser: Browser, address, name, size, scheme):
    context = browser.new_context(viewport=SIZES[size], color_scheme=scheme)
    page = context.new_page()
    page.goto(f"{address}/{name}.html")
    found = Axe().run(page)
    context.close()
    assert found.violations_count == 0, found.generate_report()


def test_what_is_copied_is_the_program(browser: Browser, address):
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(f"{address}/losses/mse.html")
    block = page.locator(".highlight", has_text="snippets/losses/mse/pull.py")
    block.hover()
    block.locator("[data-md-type=copy], .md-clipboard").first.click()
    copied = page.evaluate("navigator.clipboard.readText()")
    context.close()
    program = (ROOT / "snippets/losses/mse/pull.py").read_text(encoding="utf-8")
    assert copied.strip() == program.strip()


@pytest.mark.parametrize("place", ["server", "disk"])
def test_the_search_finds(browser: Browser, site, address, place):
    page = browser.new_page()
    wrong: list[str] = []
    page.on("console", lambda message: wrong.append(message.text))
    page.goto(f"{address if place == 'server' else site.as_uri()}/index.html")
    page.keyboard.press("f")
    page.keyboard.type("outlier")
    found = page.locator("a[href*='mse.html']", has_text="Mean squared error")
    found.first.wait_for(timeout=10_000)
    found.first.click()
    page.wait_for_url("**/losses/mse.html*")
    page.close()
    assert wrong == []


def test_the_table_of_papers_is_sorted_by_any_column(browser: Browser, address):
    page = browser.new_page()
    page.goto(f"{address}/foundations/reading_papers.html")
    page.evaluate("""() => {
        const body = document.querySelector(".sortable tbody"), row = body.rows[0];
        body.replaceChildren();
        for (const [year, title] of [["2020", "B"], ["2012", "C"], ["1998", "A"]]) {
            const other = row.cloneNode(true);
            [other.cells[0].textContent, other.cells[1].textContent] = [year, title];
            body.append(other);
        }
    }""")

    def column(number: int) -> list[str]:
        return page.locator(f".sortable td:nth-child({number})").all_inner_texts()

    page.get_by_role("button", name="Year").click()
    assert column(1) == ["1998", "2012", "2020"]
    page.get_by_role("button", name="Year").press("Enter")
    assert column(1) == ["2020", "2012", "1998"]
    assert page.locator("th[aria-sort]").all_inner_texts() == ["Year"]
    page.get_by_role("button", name="Paper").click()
    assert column(2) == ["A", "B", "C"]
    assert page.locator("th[aria-sort=ascending]").all_inner_texts() == ["Paper"]
    page.close()


def test_the_palette_switches(browser: Browser, address):
    context = browser.new_context(color_scheme="light")
    page = context.new_page()
    page.goto(f"{address}/losses/mse.html")
    schemes = set()
    for _ in range(3):
        schemes.add(page.evaluate("document.body.dataset.mdColorScheme"))
        page.locator("form[data-md-component=palette] label:visible").click()
    context.close()
    assert schemes == {"default", "slate"}


def test_downloads_are_what_they_say(browser: Browser, address, site):
    page = browser.new_page()

    def download(name: str, *, of: str) -> tuple[str, bytes]:
        page.goto(f"{address}/{of}")
        with page.expect_download() as started:
            page.get_by_role("link", name=name).first.click()
        return started.value.suggested_filename, Path(started.value.path()).read_bytes()

    program = (ROOT / "snippets/losses/mse/pull.py").read_bytes()
    assert download("Download pull.py", of="losses/mse.html") == ("pull.py", program)
    name, alone = download("pull.py without dlbasic", of="losses/mse.html")
    assert name == "pull.py"
    assert b"from dlbasic" not in alone
    assert alone.count(b"From src/dlbasic") >= 1
    name, notebook = download("This chapter as a notebook", of="losses/mse.html")
    assert name == "mse.ipynb"
    assert json.loads(notebook)["nbformat"] == 4
    name, notebook = download("This lab as a notebook", of="labs/a_claim_you_doubt.html")
    assert name == "a_claim_you_doubt.ipynb"
    assert json.loads(notebook)["nbformat"] == 4
    name, whole = download("Offline?", of="index.html")
    page.close()
    assert name == "dl-basic.zip"
    with zipfile.ZipFile(io.BytesIO(whole)) as packed:
        files = {f"dl-basic/{p.relative_to(site)}" for p in site.rglob("*") if p.is_file()}
        assert set(packed.namelist()) == files - {"dl-basic/dl-basic.zip"}
        inside = packed.read("dl-basic/losses/mse.html")
    assert inside == (site / "losses/mse.html").read_bytes()


def test_a_policy_keeps_out_what_the_page_did_not_bring(browser: Browser, address):
    page = browser.new_page()
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text))
    page.goto(f"{address}/losses/mse.html")
    ran = page.evaluate("""() => {
        for (const [name, set] of [
            ["script", { textContent: "window.ran = true" }],
            ["script", { src: "https://example.org/a.js" }],
            ["img", { src: "https://example.org/a.png" }],
        ]) document.body.append(Object.assign(document.createElement(name), set));
        return window.ran;
    }""")
    page.wait_for_timeout(100)
    page.close()
    assert ran is None
    assert sum("Content Security Policy" in text for text in refused) == 3


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_who_wants_no_motion_sees_none(browser: Browser, address, motion):
    context = browser.new_context(reduced_motion=motion)
    page = context.new_page()
    page.goto(f"{address}/losses/mse.html")
    longest = page.evaluate("""() => Math.max(...[...document.querySelectorAll("*")].map(
        (part) => parseFloat(getComputedStyle(part).transitionDuration)))""")
    context.close()
    assert (longest < 0.001) == (motion == "reduce")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    "name", ["index", "losses/index", "losses/mse", "tasks/index", "labs/your_own_scenes"]
)
def test_nothing_moves_while_a_page_loads(browser: Browser, address, name, size):
    page = browser.new_page(viewport=SIZES[size])
    page.goto(f"{address}/{name}.html")
    page.wait_for_timeout(500)
    moved = page.evaluate("""() => new Promise((told) => {
        let sum = 0;
        new PerformanceObserver((list) => {
            for (const entry of list.getEntries()) sum += entry.value;
        }).observe({ type: "layout-shift", buffered: true });
        setTimeout(() => told(sum), 200);
    })""")
    page.close()
    assert moved < 0.01


def test_a_keyboard_reaches_everything(browser: Browser, address):
    page = browser.new_page(viewport=SIZES["desktop"])
    page.goto(f"{address}/losses/mse.html")
    reached: list[str] = []
    for _ in range(400):
        page.keyboard.press("Tab")
        where = page.evaluate("""() => {
            const part = document.activeElement;
            // The palette's buttons are not seen themselves: the label after them is.
            const seen = part.matches(".md-option") ? part.nextElementSibling : part;
            return [part.innerText || part.ariaLabel || part.title || part.placeholder || "",
                part === document.body, seen.getBoundingClientRect().width > 0];
        }""")
        if where[1]:
            break
        assert where[2], f"nobody sees where {where[0]} is"
        reached.append(where[0].strip())
    page.close()
    assert reached[0] == "Skip to content"
    for name in ("Search", "Cross-entropy", "Download pull.py", "View the whole file"):
        assert name in reached
    assert any("Copy to clipboard" in name for name in reached)
