"""What the tests share: a real HTTP server on loopback, a folder set up by ``monitor init``, and the command line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from commandline import Monitor, Ran
from databases import ENGINE, ENGINES, database
from loopback import LOOPBACK, FeedServer

from monitor.cli import run_command
from monitor.match.lookup.compiled import CompiledRules
from monitor.rules.read import read_rule_book
from monitor.starter import starter_folder
from monitor.store.database import Store, open_store


@pytest.fixture(scope="session", autouse=True)
def _cache_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Nothing that a test leaves behind is found by the next one, or by whoever runs the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture
def server() -> Iterator[FeedServer]:
    feed_server = FeedServer()
    yield feed_server
    feed_server.close()


@pytest.fixture
def database_url(tmp_path: Path) -> Iterator[str]:
    """The database that the settings in ``folder`` come down to."""
    with database(ENGINE, tmp_path) as url:
        yield url


@pytest.fixture(autouse=True)
def _only_on_its_engine(request: pytest.FixtureRequest) -> None:
    if ENGINE != "sqlite" and (mark := request.node.get_closest_marker("sqlite")):
        pytest.skip(f"this is about SQLite: {mark.args[0]}")


@pytest.fixture
def monitor(
    request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Monitor:
    """Run a command as a user would: ``monitor("status", "--format", "json")``."""
    monkeypatch.setenv("COLUMNS", "140")
    monkeypatch.delenv("MONITOR_DATABASE", raising=False)
    if ENGINE != "sqlite" and "kept_demo" not in request.fixturenames:
        # Whatever settings a test writes.
        monkeypatch.setenv("MONITOR_DATABASE", request.getfixturevalue("database_url"))
    monkeypatch.delenv("MONITOR_CONFIG", raising=False)

    def run(*arguments: str) -> Ran:
        capsys.readouterr()
        code = run_command(list(arguments))
        captured = capsys.readouterr()
        return Ran(code, captured.out, captured.err)

    return run


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, and the working directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def workspace(folder: Path, monitor: Monitor, server: FeedServer) -> Path:
    """A folder from ``monitor init`` whose only feed is the test server's."""
    assert monitor("init").code == 0
    (folder / "config.toml").write_text(LOOPBACK + f'[[feeds]]\nurl = "{server.url()}"\npublisher = "Test Agency"\n')
    return folder


@contextmanager
def moved_to_engine(folder: Path) -> Iterator[None]:
    """What a folder's database holds, in a database of the engine that is tested."""
    if ENGINE == "sqlite":
        yield
        return
    config = folder / "config.toml"
    with database(ENGINE, folder) as url:
        assert run_command(["-c", str(config), "db", "copy", url, "--format", "json"]) == 0
        (folder / "monitor.db").unlink()
        config.write_text(f'monitor.database = "{url}"\n' + config.read_text())
        yield


@pytest.fixture(scope="session")
def kept_demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The demo's folder, to look at only."""
    folder = tmp_path_factory.mktemp("demo") / "kept"
    assert run_command(["demo", str(folder), "--format", "json"]) == 0
    with moved_to_engine(folder):
        yield folder


@pytest.fixture(scope="session")
def starter_rules() -> CompiledRules:
    """The shipped rules."""
    return CompiledRules(read_rule_book([starter_folder() / "rules"], starter_folder() / "seeds").rulesets)


@pytest.fixture(params=ENGINES)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty store, once on each engine."""
    with database(request.param, tmp_path) as url:
        opened = open_store(url)
        yield opened
        opened.close()
