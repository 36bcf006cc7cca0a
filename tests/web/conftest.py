"""A kept demo to look around in, served on loopback, and a browser."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from browsing import CHROMIUM, CHROMIUM_FLAGS, Client, dashboard_of
from databases import ENGINE, database

from monitor.cli import run_command
from monitor.config import load_config

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture
def demo(kept_demo: Path, tmp_path: Path) -> Iterator[Path]:
    """A copy of the kept demo that a test may change."""
    copy = Path(shutil.copytree(kept_demo, tmp_path / "demo"))
    with own_database(kept_demo, copy):
        yield copy


@contextmanager
def own_database(original: Path, copy: Path) -> Iterator[None]:
    """A database of its own for the copy of a folder; of SQLite the file was copied with the folder."""
    if ENGINE == "sqlite":
        yield
        return
    with database(ENGINE, copy) as url:
        assert run_command(["-c", str(original / "config.toml"), "db", "copy", url, "--format", "json"]) == 0
        was = load_config(original / "config.toml", {}).database_url
        config = copy / "config.toml"
        config.write_text(config.read_text().replace(was, url))
        yield


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
