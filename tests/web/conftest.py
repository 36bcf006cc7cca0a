"""A kept demo to look around in, served on loopback, and a browser."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from browsing import CHROMIUM, CHROMIUM_FLAGS, Client, dashboard_of

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture
def demo(kept_demo: Path, tmp_path: Path) -> Path:
    """A copy of the kept demo that a test may change."""
    return Path(shutil.copytree(kept_demo, tmp_path / "demo"))


@pytest.fixture(scope="module")
def served(kept_demo: Path) -> Iterator[str]:
    """The address of a dashboard over the kept demo, for tests that only look."""
    with dashboard_of(kept_demo) as address:
        yield address


@pytest.fixture
def client(served: str) -> Client:
    """Somebody at this machine who has not said a name."""
    return Client(served)


# Playwright runs an event loop for as long as the browser is open, beside which no other test could run one of its own.
@pytest.fixture(scope="module")
def browser(kept_demo: Path) -> Iterator[Browser]:
    playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    if not CHROMIUM:
        pytest.skip("no Chromium on this machine; Debian's package is called chromium")
    with playwright.sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        yield started
        started.close()
