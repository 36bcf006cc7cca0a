"""One daemon to a database: a second would put its own rules in force again and again."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import text

from monitor.store.database import Store, StoreError

# Any number that all monitors share, other than the one that serialises writers.
_DAEMON_LOCK = 0x6D6F6E69


@contextmanager
def sole_daemon(store: Store) -> Iterator[None]:
    """Be the only daemon of this database for as long as the block lasts.

    The lock is the operating system's or the server's own: a daemon that is killed leaves none behind. Raises
    :class:`~monitor.store.database.StoreError` if another daemon has it.
    """
    taken = StoreError(f"another daemon watches with {store.shown_url} already; stop that one first")
    if store.engine.dialect.name == "postgresql":
        with store.engine.connect() as connection:
            held = connection.execution_options(isolation_level="AUTOCOMMIT")
            if not held.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": _DAEMON_LOCK}):
                raise taken
            try:
                yield
            finally:
                held.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _DAEMON_LOCK})
        return
    database = store.engine.url.database
    if not database or database == ":memory:":
        yield
        return
    with Path(f"{database}.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise taken from error
        yield
