"""A history moves from one database to another, whole and the same."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from commandline import Monitor
from databases import database, execute, fetch
from loopback import FeedServer

from monitor.config import load_config
from monitor.store.copy import copy_database
from monitor.store.database import StoreError, open_store
from monitor.store.sole_daemon import sole_daemon

BAN = {"guid": "1", "title": "Taliban ban women from universities"}
RETURN = {"guid": "2", "title": "Taliban reopen girls' high schools in Kunduz"}


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[str]:
    """An empty PostgreSQL database."""
    with database("postgresql", tmp_path) as url:
        yield url


def test_a_history_moves_to_postgresql_and_goes_on_there(
    workspace: Path, server: FeedServer, monitor: Monitor, elsewhere: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.serve(BAN)
    assert monitor("run", "--once").code == 0
    reviewed = json.loads(monitor("review", "list", "--format", "json").out)
    assert reviewed
    log = monitor("log", "--format", "json").out
    copied = monitor("db", "copy", elsewhere, "--format", "json")
    assert copied.code == 0, copied.err
    record = json.loads(copied.out)
    assert (record["rows"]["items"], record["last_entry"]) == (1, len(json.loads(log)))
    monkeypatch.setenv("MONITOR_DATABASE", elsewhere)
    assert monitor("log", "--format", "json").out == log
    assert monitor("log", "verify", "--rebuild").code == 0
    server.serve(BAN, RETURN)
    assert monitor("run", "--once").code == 0
    assert json.loads(monitor("log", "--format", "json").out)[: record["last_entry"]] == json.loads(log)
    assert fetch(elsewhere, "SELECT count(*), count(DISTINCT id) FROM polls") == [(2, 2)]
    assert fetch(elsewhere, "SELECT count(*) FROM items") == [(2,)]


def test_the_demo_says_the_same_from_both(
    kept_demo: Path, tmp_path: Path, elsewhere: str, monitor: Monitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = ("-c", str(kept_demo / "config.toml"))
    assert monitor(*settings, "db", "copy", elsewhere).code == 0
    pages = (("log",), ("report", "--format", "csv"), ("review", "list"), ("log", "export"))
    here = [monitor(*settings, *page).out for page in pages]
    monkeypatch.setenv("MONITOR_DATABASE", elsewhere)
    assert [monitor(*settings, *page).out for page in pages] == here
    assert monitor(*settings, "db", "copy", str(tmp_path / "back.db")).code == 0
    monkeypatch.setenv("MONITOR_DATABASE", str(tmp_path / "back.db"))
    assert [monitor(*settings, *page).out for page in pages] == here


def test_a_database_that_holds_something_is_not_copied_over(
    workspace: Path, server: FeedServer, monitor: Monitor, elsewhere: str
) -> None:
    server.serve(BAN)
    monitor("run", "--once")
    assert monitor("db", "copy", elsewhere).code == 0
    refused = monitor("db", "copy", elsewhere)
    assert refused.code == 2
    assert "holds something already" in refused.err
    assert monitor("db", "copy", "nonsense://x").code == 2


def test_a_history_is_not_copied_while_a_daemon_adds_to_it(
    workspace: Path, monitor: Monitor, database_url: str, elsewhere: str
) -> None:
    with closing(open_store(database_url)) as store, sole_daemon(store):
        refused = monitor("db", "copy", elsewhere)
    assert refused.code == 2
    assert "stop that one first" in refused.err


def test_a_copy_that_is_not_the_same_is_not_kept(kept_demo: Path, elsewhere: str) -> None:
    """A server that alters what it is given."""
    open_store(elsewhere).close()
    execute(
        elsewhere,
        "CREATE FUNCTION alter_title() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN NEW.title = 'altered'; RETURN NEW; END $$",
    )
    execute(elsewhere, "CREATE TRIGGER t BEFORE INSERT ON versions FOR EACH ROW EXECUTE FUNCTION alter_title()")
    original = load_config(kept_demo / "config.toml", {}).database_url
    with (
        closing(open_store(original)) as old,
        closing(open_store(elsewhere)) as new,
        pytest.raises(StoreError, match="the copy of versions differs"),
    ):
        copy_database(old, new)
    assert fetch(elsewhere, "SELECT count(*) FROM items") == [(0,)]
