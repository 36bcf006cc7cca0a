"""Databases for the tests: SQLite in a temporary folder, and PostgreSQL where one can be found.

What is about any database runs on SQLite, or on PostgreSQL with ``MONITOR_TEST_ENGINE=postgresql``; what is about both
runs on both.
"""

from __future__ import annotations

import atexit
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import URL, Connection, create_engine, make_url, text
from sqlalchemy.exc import OperationalError

from monitor.config import load_config
from monitor.store.database import open_store

ENGINE = os.environ.get("MONITOR_TEST_ENGINE", "sqlite")
ENGINES = ("sqlite", "postgresql") if ENGINE == "sqlite" else (ENGINE,)
_DEFAULT = "postgresql+psycopg://postgres@127.0.0.1:5432/test"


@contextmanager
def database(engine: str, folder: Path, *, bare: bool = False) -> Iterator[str]:
    """The URL of an empty database, gone afterwards. SQLite's is where the settings expect it in ``folder``.

    PostgreSQL's has all tables already, unless it is to be ``bare``: making them takes longer than most tests.
    """
    if engine == "sqlite":
        yield f"sqlite:///{folder / 'monitor.db'}"
        return
    name = f"monitor_test_{uuid.uuid4().hex[:12]}"
    like = _BARE if bare else f"TEMPLATE {_template()}"
    _administer(f"CREATE DATABASE {name} {like}")
    try:
        yield _server().set(database=name).render_as_string(hide_password=False)
    finally:
        _administer(f"DROP DATABASE {name} WITH (FORCE)")


# As most servers are set up: names are in the order of a language, not in that of their characters.
_BARE = "TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'en-US'"


def _server() -> URL:
    return make_url(os.environ.get("MONITOR_TEST_DATABASE_URL", _DEFAULT))


def _administer(statement: str) -> None:
    admin = create_engine(_server(), isolation_level="AUTOCOMMIT", connect_args={"connect_timeout": 3})
    try:
        with admin.connect() as connection:
            connection.execute(text(statement))
    except (OperationalError, ModuleNotFoundError) as error:
        pytest.skip(f"no PostgreSQL at {_server().render_as_string()}: {str(error).splitlines()[0]}")
    finally:
        admin.dispose()


@cache
def _template() -> str:
    """A database with all tables, which this process makes once and copies."""
    name = f"monitor_test_template_{uuid.uuid4().hex[:12]}"
    _administer(f"CREATE DATABASE {name} {_BARE}")
    atexit.register(_administer, f"DROP DATABASE {name} WITH (FORCE)")
    open_store(_server().set(database=name).render_as_string(hide_password=False)).close()
    return name


def execute(url: str, statement: str) -> int:
    """Change a database behind the monitor's back; how many rows that was."""
    with _connected(url) as connection:
        return connection.execute(text(statement)).rowcount


def fetch(url: str, query: str) -> list[tuple[Any, ...]]:
    """The rows that a query finds."""
    with _connected(url) as connection:
        return [tuple(row) for row in connection.execute(text(query))]


@contextmanager
def _connected(url: str) -> Iterator[Connection]:
    engine = create_engine(url)
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


def url_in(folder: Path) -> str:
    """The database that the settings in a folder, and the environment, come down to."""
    return load_config(folder / "config.toml").database_url
