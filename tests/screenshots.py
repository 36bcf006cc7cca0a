"""The pictures of the README, made from the demo by a real browser.

    python tests/screenshots.py [FOLDER]

writes them to ``.readme``, if not told otherwise. Needs what the tests need: Playwright and Chromium.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from browsing import CHROMIUM, CHROMIUM_FLAGS, dashboard_of
from playwright.sync_api import sync_playwright

from monitor.cli import run_command

_CONDITION = "/conditions/uk-taliban-recognition/safe-passage?as_of=2022-12-24"
# Name, page, width and height in pixels, and theme.
_SHOTS = (
    ("overview", "/?as_of=2022-12-24", 1280, 900, "light"),
    ("condition", _CONDITION, 1280, 860, "dark"),
    ("desk", "/review", 1280, 720, "light"),
    ("phone", "/?as_of=2022-12-24", 360, 720, "light"),
)


def main(folder: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="monitor-screenshots-") as passing:
        kept = Path(passing) / "demo"
        run_command(["demo", str(kept), "--format", "json"])
        with dashboard_of(kept) as address, sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
            for name, path, width, height, theme in _SHOTS:
                context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=theme)  # type: ignore[arg-type]
                page = context.new_page()
                page.goto(address + path)
                page.screenshot(path=folder / f"{name}.png")
            browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent.parent / ".readme")
