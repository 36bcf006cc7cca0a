"""The pages in a real browser: for everybody, on a phone and at a desk, in both themes, with the keyboard alone, on
paper, and whatever a feed has put into them."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from browsing import Client, dashboard_of
from commandline import Monitor

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

RULESET = "uk-taliban-recognition"
PAGES = {
    "overview": "/",
    "a look back": "/?as_of=2022-12-24&known=then",
    "condition": f"/conditions/{RULESET}/womens-rights?as_of=2022-12-24",
    "consequence": f"/conditions/{RULESET}/recognition",
    "evidence": "/evidence?q=girls",
    "review": "/review",
    "log": "/log",
    "feeds": "/feeds",
    "rules": "/rules",
    "explain": "/explain?text=Taliban+ban+women+from+universities",
    "login": "/login",
    "error": "/nothing",
}
pytestmark = pytest.mark.xdist_group("browser")
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1440, "height": 900}


@pytest.fixture
def address(demo: Path) -> Iterator[str]:
    with dashboard_of(demo) as served:
        yield served


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    opened = browser.new_context(viewport=DESK, reduced_motion="reduce")
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A page that fails the test for whatever the browser complains of."""
    opened = context.new_page()
    opened.on("pageerror", lambda error: pytest.fail(f"a script failed: {error}"))
    opened.on("dialog", lambda dialog: pytest.fail(f"something was run: {dialog.message}"))
    return opened


def violations(page: Page, *rules: str) -> list[str]:
    """What axe finds against WCAG 2 at levels A and AA, or against these rules of it, each with where."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")
    wanted = list(rules) or ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
    options = {"runOnly": wanted, "resultTypes": ["violations"]}
    found: dict[str, Any] = axe.Axe().run(page, options=options).response
    return [f"{v['id']}: {node['html'][:120]}" for v in found["violations"] for node in v["nodes"]]


def test_axe_would_find_something(page: Page) -> None:
    page.set_content("<html><body><img src='data:,'><p style='color:#aaa'>pale</p></body></html>")
    assert {found.split(":")[0] for found in violations(page)} >= {"image-alt", "color-contrast", "html-has-lang"}


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_every_page_is_for_everybody_at_every_width(served: str, page: Page, path: str) -> None:
    page.emulate_media(color_scheme="light")
    page.goto(served + path)
    fits_and_is_for_everybody(page)


def fits_and_is_for_everybody(page: Page) -> None:
    for size in (DESK, PHONE):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    assert violations(page) == []
    # The other theme changes colours and nothing else.
    page.emulate_media(color_scheme="dark")
    assert violations(page, "color-contrast") == []


def test_the_report_is_for_everybody_and_asks_the_network_for_nothing(
    kept_demo: Path, tmp_path: Path, page: Page, monitor: Monitor
) -> None:
    file = tmp_path / "report.html"
    settings = ("-c", str(kept_demo / "config.toml"))
    assert monitor(*settings, "report", "--format", "html", "--as-of", "2022-12-24", "-o", str(file)).code == 0
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: asked.append(message.text))
    page.goto(file.as_uri())
    fits_and_is_for_everybody(page)
    assert set(asked) == {file.as_uri()}


def test_the_report_is_read_without_scripts_and_prints_whole(
    kept_demo: Path, tmp_path: Path, browser: Browser, monitor: Monitor
) -> None:
    file = tmp_path / "report.html"
    assert monitor("-c", str(kept_demo / "config.toml"), "report", "--format", "html", "-o", str(file)).code == 0
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(file.as_uri())
    assert page.get_by_text("What recognition requires is not met").is_visible()
    page.emulate_media(media="print")
    hidden = page.locator("details .evidence > li")
    assert hidden.count() > 0
    assert all(hidden.nth(number).is_visible() for number in range(hidden.count()))
    assert page.pdf(format="A4").startswith(b"%PDF")
    context.close()


def test_the_desk_is_worked_with_the_keyboard_alone(address: str, page: Page) -> None:
    page.goto(address + "/login?next=/review")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "To the content"
    page.get_by_label("Your name").focus()
    page.keyboard.type("Ana")
    page.keyboard.press("Enter")
    page.wait_for_url("**/review")
    waiting = page.locator(".queue li")
    first, second = (waiting.nth(number).text_content() for number in (0, 1))
    page.keyboard.press("n")
    page.wait_for_function("document.querySelectorAll('.queue li')[1].querySelector('[aria-current]')")
    page.keyboard.press("p")
    page.wait_for_function("document.querySelectorAll('.queue li')[0].querySelector('[aria-current]')")
    page.keyboard.press("c")
    page.keyboard.type("read rightly, k, r and c")
    page.keyboard.press("Control+Enter")
    page.get_by_text("Recorded: Ana, confirm").wait_for()
    assert waiting.nth(0).text_content() == second
    page.keyboard.press("u")
    page.keyboard.type("a slip")
    page.keyboard.press("Enter")
    page.get_by_text("Recorded: Ana, undo of review 1: “a slip”").wait_for()
    assert waiting.nth(0).text_content() == first
    page.keyboard.press("k")
    page.keyboard.type("ment")
    assert page.get_by_label("Stance to reclassify to").input_value() == "mention"


def test_shortcuts_can_be_switched_off_for_good(served: str, page: Page) -> None:
    page.goto(served + "/review")
    page.get_by_label("Keyboard shortcuts").uncheck()
    page.reload()
    page.locator("body").press("c")
    assert not page.get_by_label("Confirm").is_checked()
    page.get_by_label("Keyboard shortcuts").check()
    page.locator("h1").press("c")
    assert page.get_by_label("Confirm").is_checked()


def test_the_slider_looks_back(served: str, page: Page) -> None:
    page.goto(served + "/")
    slider = page.get_by_role("slider")
    slider.focus()
    page.keyboard.press("Home")
    assert slider.get_attribute("aria-valuetext") == "17 Aug 2021"
    page.get_by_label("by what was known then").check()
    page.get_by_role("button", name="Look").click()
    page.wait_for_url("**/?as_of=2021-08-17&known=then")
    assert "as known on 17 Aug 2021" in str(page.locator("main").text_content())
    assert page.locator(".badge.breached").count() == 0
    page.get_by_role("link", name="Back to now").click()
    assert page.locator(".badge.breached").count() > 0


def test_what_is_recorded_elsewhere_appears_by_itself(address: str, page: Page) -> None:
    page.clock.install()
    page.goto(address + f"/conditions/{RULESET}/refugee-crisis")
    page.get_by_text("no deed reported").first.wait_for()
    by_hand = {"condition": "refugee-crisis", "status": "met", "until": "2099-01-01", "reason": "so", "by": "Ana"}
    assert Client(address).post("/api/statuses", by_hand).status == 201
    page.clock.fast_forward("00:06")
    page.locator(".badge", has_text="met, by hand").wait_for()
    assert "Brought up to date" in str(page.get_by_role("status").text_content())


HOSTILE = [
    "Taliban ban women from universities <script>alert(1)</script>",
    "Taliban ban women from universities <img src=x onerror=alert(1)>",
    'Taliban ban women from universities "><svg onload=alert(1)>',
    "Taliban ban women from universities </script><script>alert(1)</script>",
    "Taliban ban women from universities {{ 7 * 7 }} {% raw %}",
    "Taliban ban women from universities </style></title><iframe src=//evil.example>",
    "Taliban ban women from universities \x1b]8;;x\x07 \u202egnp.exe",
]


@pytest.fixture
def poisoned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A monitor whose only feed was written to do harm."""
    monkeypatch.chdir(tmp_path)
    _as_a_process("init")
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "<b onmouseover=alert(1)>Feed</b>",
        "items": [
            {"id": f"{n}'\"><script>alert(1)</script>", "title": title, "content_text": title, "url": url}
            for n, title in enumerate(HOSTILE)
            for url in ("javascript:alert(1)", 'https://example.org/"onclick="alert(1)')[n % 2 :][:1]
        ],
    }
    (tmp_path / "feed.json").write_text(json.dumps(feed))
    name = 'Agency <script>alert("p")</script>'
    (tmp_path / "config.toml").write_text(f"[[feeds]]\nurl = 'feed.json'\npublisher = '{name}'\n")
    _as_a_process("run", "--once")
    return tmp_path


def _as_a_process(*command: str) -> None:
    subprocess.run([sys.executable, "-m", "monitor", *command], check=True, capture_output=True)


def test_nothing_that_a_feed_says_is_ever_run(poisoned: Path, page: Page, monitor: Monitor) -> None:
    strangers: list[str] = []
    page.on("request", lambda request: strangers.append(request.url) if "evil" in request.url else None)
    with dashboard_of(poisoned) as address:
        items = {piece["item"] for piece in Client(address).ask("/api/evidence").json()["evidence"]}
        assert len(items) >= len(HOSTILE) - 1
        own = [f"/conditions/{RULESET}/womens-rights", "/evidence", "/review", "/log", "/feeds", "/"]
        for path in [*own, *(f"/items/{item}" for item in sorted(items))]:
            page.goto(address + path)
            _unharmed(page)
    file = poisoned / "report.html"
    assert monitor("report", "--format", "html", "-o", str(file)).code == 0
    page.goto(file.as_uri())
    _unharmed(page)
    assert strangers == []


def _unharmed(page: Page) -> None:
    text = page.content()
    assert "ban women" in text or page.url.endswith(("/feeds", "/log"))
    own = page.locator("script:not([src^='/static/']):not([type='application/ld+json'])")
    assert own.count() == 0
    assert page.locator("iframe, [onerror], [onload], [onclick], [onmouseover], img").count() == 0
    links = page.eval_on_selector_all("a[href]", "links => links.map(link => link.getAttribute('href'))")
    assert not [link for link in links if not re.match(r"(https?://|/|#)", link)]
    for block in page.locator("script[type='application/ld+json']").all_text_contents():
        json.loads(block)


def test_pending_is_striped_and_a_status_stands_where_its_colour_need_not_tell(served: str, page: Page) -> None:
    page.goto(f"{served}/conditions/{RULESET}/recognition?as_of=2025-07-04")
    bands = page.locator(".picture .band")
    looks = {
        str(bands.nth(number).get_attribute("class")): bands.nth(number)
        .locator(".body")
        .evaluate("band => [getComputedStyle(band).fill, band.getAttribute('y')]")
        for number in range(bands.count())
    }
    assert looks["band breached pending"][0] == 'url("#pending-breached")'
    assert looks["band met confirmed"][0].startswith("rgb")
    assert len({y for _, y in looks.values()}) == 3
