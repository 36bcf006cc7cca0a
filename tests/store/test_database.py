"""Opening databases: old, new, newer, and broken."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from databases import ENGINES, database
from first_release import NOW, make_first_release
from sqlalchemy import text

from monitor.assess.log import first_break
from monitor.match.lookup.compiled import CompiledRules
from monitor.model import Status
from monitor.pipeline.absorb import read_waiting
from monitor.pipeline.rebuild import what_does_not_follow
from monitor.store.counts import ITEMS, counted
from monitor.store.database import CURRENT_REVISION, Store, StoreError, open_store
from monitor.store.evidence import evidence_for
from monitor.store.feeds import Poll, add_polls
from monitor.store.sole_daemon import sole_daemon
from monitor.store.tables import metadata
from monitor.store.transitions import read_log


def _is_ours(_object: object, name: str | None, *_: object) -> bool:
    """The full-text index is each database's own kind of table and stands in the migration only."""
    return not (name or "").startswith(("evidence_words", "ix_evidence_words"))


@pytest.mark.parametrize("engine", ENGINES)
def test_migrations_make_exactly_the_tables(engine: str, tmp_path: Path) -> None:
    with database(engine, tmp_path, bare=True) as url:
        store = open_store(url)
        with store.engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"include_object": _is_ours})
            assert compare_metadata(context, metadata) == []
            assert context.get_current_revision() == CURRENT_REVISION
        store.close()
        open_store(url).close()


@pytest.mark.parametrize("engine", ENGINES)
def test_a_database_from_a_newer_version_is_refused_by_name(engine: str, tmp_path: Path) -> None:
    with database(engine, tmp_path) as url:
        store = open_store(url)
        with store.write() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        store.close()
        with pytest.raises(StoreError, match=r"newer monitor .*9999"):
            open_store(url)


def _write_and_fail(store: Store) -> None:
    with store.write() as connection:
        add_polls(connection, [Poll("u", datetime(2022, 1, 1, tzinfo=UTC), "ok")])
        raise ZeroDivisionError


@pytest.mark.parametrize("engine", ENGINES)
def test_a_failed_transaction_leaves_no_trace(engine: str, tmp_path: Path) -> None:
    with database(engine, tmp_path) as url:
        store = open_store(url)
        with pytest.raises(ZeroDivisionError):
            _write_and_fail(store)
        with store.read() as connection:
            assert connection.scalar(text("SELECT count(*) FROM polls")) == 0
        store.close()


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("sqlite:////nowhere/at/all/monitor.db", "cannot be opened"),
        ("nonsense", "is not a database address"),
        ("oracle9://x", "is not a database address"),
        ("postgresql://nobody@127.0.0.1:1/none", "cannot be opened"),
    ],
)
def test_what_cannot_be_opened_is_said_in_one_sentence(url: str, said: str) -> None:
    with pytest.raises(StoreError, match=said) as error:
        open_store(url)
    assert "\n" not in str(error.value)


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "monitor.db").write_bytes(b"this is a text about databases" * 100)
    with pytest.raises(StoreError, match="not a database"):
        open_store(f"sqlite:///{tmp_path / 'monitor.db'}")


def test_sqlite_is_in_wal_mode(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'monitor.db'}")
    with store.read() as connection:
        assert connection.scalar(text("PRAGMA journal_mode")) == "wal"
    store.close()


@pytest.mark.parametrize("engine", ENGINES)
def test_a_database_has_one_daemon_at_a_time(engine: str, tmp_path: Path) -> None:
    with database(engine, tmp_path) as url:
        first, second = open_store(url), open_store(url)
        with sole_daemon(first):
            with pytest.raises(StoreError, match="another daemon"), sole_daemon(second):
                pass
            with second.write() as connection:
                add_polls(connection, [Poll("u", NOW, "ok")])
        with sole_daemon(second):
            pass
        first.close()
        second.close()


def test_a_server_that_forgot_who_the_daemon_is_is_reminded(tmp_path: Path) -> None:
    """PostgreSQL frees the lock when it is restarted, or when a session is ended from outside."""
    with database("postgresql", tmp_path) as url:
        first, second = open_store(url), open_store(url)
        with sole_daemon(first) as right:
            _end_other_sessions(second)
            right.take()
            with pytest.raises(StoreError, match="another daemon"), sole_daemon(second):
                pass
            _end_other_sessions(second)
            with sole_daemon(second), pytest.raises(StoreError, match="another daemon"):
                right.take()
            right.take()
        first.close()
        second.close()


def _end_other_sessions(store: Store) -> None:
    """End them and wait until they have ended, which frees what they held."""
    with store.engine.connect() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )


@pytest.mark.parametrize("engine", ENGINES)
def test_a_database_of_the_first_release_is_taken_over_with_its_log(
    engine: str, tmp_path: Path, starter_rules: CompiledRules
) -> None:
    """What was stored stands, its log still verifies, and the same rules add nothing to it."""
    with database(engine, tmp_path, bare=True) as url:
        (key,) = make_first_release(url, starter_rules, ("Agency", "Taliban ban women from universities"))
        store = open_store(url)
        assert read_waiting(store, starter_rules, NOW + timedelta(days=1)) == []
        with store.read() as connection:
            (entry,) = read_log(connection)
            (piece,) = evidence_for(connection, "uk-taliban-recognition", "womens-rights")
            assert first_break([entry.record()]) is None
            assert (entry.after, entry.cause, entry.evidence) == (Status.BREACHED, None, (key,))
            assert piece.id == key
            # What later releases keep beside it is made up for.
            assert piece.story
            assert counted(connection)[ITEMS] == 1
            (said,) = what_does_not_follow(connection, lambda *_: None)
            assert "first release" in said
        store.close()
