"""Databases for the tests: SQLite in a temporary folder, and PostgreSQL where one can be found."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import OperationalError

ENGINES = ("sqlite", "postgresql")
_DEFAULT = "postgresql+psycopg://postgres@127.0.0.1:5432/test"


@contextmanager
def database(engine: str, folder: Path) -> Iterator[str]:
    """The URL of an empty database, gone afterwards."""
    if engine == "sqlite":
        yield f"sqlite:///{folder / 'test.db'}"
        return
    url = make_url(os.environ.get("MONITOR_TEST_DATABASE_URL", _DEFAULT))
    admin = create_engine(url, isolation_level="AUTOCOMMIT", connect_args={"connect_timeout": 3})
    name = f"monitor_test_{uuid.uuid4().hex[:12]}"
    try:
        with admin.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
    except (OperationalError, ModuleNotFoundError) as error:
        admin.dispose()
        pytest.skip(f"no PostgreSQL at {url.render_as_string()}: {str(error).splitlines()[0]}")
    try:
        yield url.set(database=name).render_as_string(hide_password=False)
    finally:
        with admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        admin.dispose()
