"""Opening databases: old, new, newer, and broken."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from databases import ENGINES, database
from sqlalchemy import text

from monitor.store.database import CURRENT_REVISION, Store, StoreError, open_store
from monitor.store.feeds import add_poll
from monitor.store.tables import metadata


@pytest.mark.parametrize("engine", ENGINES)
def test_migrations_make_exactly_the_tables(engine: str, tmp_path: Path) -> None:
    with database(engine, tmp_path) as url:
        store = open_store(url)
        with store.engine.connect() as connection:
            context = MigrationContext.configure(connection)
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
        add_poll(connection, "u", datetime(2022, 1, 1, tzinfo=UTC), "ok")
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
