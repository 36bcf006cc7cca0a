"""One daemon to a database: a second would put its own rules in force again and again."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from monitor.store.database import Store, StoreError, StoreUnavailable

# Any number that all monitors share, other than the one that serialises writers.
_DAEMON_LOCK = 0x6D6F6E69


class AnotherDaemon(StoreError):
    """Another daemon has the right to this database."""


class SoleDaemon:
    """The right to be the only daemon of a database, which the operating system or the server keeps: a daemon that is
    killed leaves none behind."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._file: int | None = None
        self._connection: Connection | None = None

    def take(self) -> None:
        """Take the right, or make sure that it is still held: a server that was restarted has forgotten who held it.

        Raises :class:`AnotherDaemon` if another has it.
        """
        if self._store.engine.dialect.name == "postgresql":
            self._take_from_server()
        elif self._file is None:
            self._take_file()

    def _take_file(self) -> None:
        database = self._store.engine.url.database
        if not database or database == ":memory:":
            return
        file = os.open(f"{database}.lock", os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(file)
            raise self._taken() from error
        self._file = file

    def _take_from_server(self) -> None:
        if self._connection is not None:
            try:
                self._connection.execute(text("SELECT 1"))
            except SQLAlchemyError:
                self._drop()
            else:
                return
        try:
            connection = self._store.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            free = connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": _DAEMON_LOCK})
        except SQLAlchemyError as error:
            raise StoreUnavailable(f"the database {self._store.shown_url} does not answer") from error
        if not free:
            connection.close()
            raise self._taken()
        self._connection = connection

    def _taken(self) -> AnotherDaemon:
        return AnotherDaemon(f"another daemon watches with {self._store.shown_url} already; stop that one first")

    def _drop(self) -> None:
        if self._connection is not None:
            # A session that was ended from outside has no lock to give back. Any other frees it here, and is not put
            # into the pool, where a lock would live on.
            with contextlib.suppress(SQLAlchemyError):
                self._connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _DAEMON_LOCK})
            with contextlib.suppress(SQLAlchemyError):
                self._connection.invalidate()
                self._connection.close()
            self._connection = None

    def give_back(self) -> None:
        self._drop()
        if self._file is not None:
            os.close(self._file)
            self._file = None


@contextmanager
def sole_daemon(store: Store) -> Iterator[SoleDaemon]:
    """Be the only daemon of this database for as long as the block lasts.

    Raises :class:`AnotherDaemon` if another has it.
    """
    right = SoleDaemon(store)
    right.take()
    try:
        yield right
    finally:
        right.give_back()
