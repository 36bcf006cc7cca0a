"""Opening a database: the right version, the right modes, and transactions that are whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, OperationalError, SQLAlchemyError

from monitor.clock import utc_now

# Any number that all monitors share: it serialises writers on PostgreSQL, as BEGIN IMMEDIATE does on SQLite.
_WRITER_LOCK = 0x636F6E64
_LOCK_SECONDS = 30
# A connection that was cut is given up on within some 20 seconds, at both ends: only then is a lock that it held free.
# Seconds, and milliseconds for the last.
_PATIENCE = {"keepalives_idle": 5, "keepalives_interval": 5, "keepalives_count": 3, "tcp_user_timeout": 20_000}
_SERVERS_PATIENCE = " ".join(
    f"-c {name if name.startswith('tcp') else f'tcp_{name}'}={value}" for name, value in _PATIENCE.items()
)
_CONNECT_SECONDS = 10
# The latest migration.
CURRENT_REVISION = "0007"


class StoreError(Exception):
    """The database cannot be used; the message says why and what to do."""


class StoreUnavailable(StoreError):
    """The database cannot be used now, and may be later: it is away, locked, full or read-only."""


class Store:
    """A database of the current version. ``read`` and ``write`` give connections inside one transaction each."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One transaction, which sees the database as it stood at its beginning, whatever others write."""
        with _plainly(self.engine), self.engine.connect() as plain:
            is_server = plain.dialect.name == "postgresql"
            connection = plain.execution_options(isolation_level="REPEATABLE READ") if is_server else plain
            with connection.begin():
                yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction, alone among writers from its beginning; it is committed whole or leaves no trace."""
        with _plainly(self.engine), self.engine.connect() as plain:
            connection = plain.execution_options(monitor_writes=True)
            with connection.begin():
                if connection.dialect.name == "postgresql":
                    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _WRITER_LOCK})
                yield connection

    @contextmanager
    def write_beside(self) -> Iterator[Connection]:
        """One transaction beside other writers, which must see to it that it touches nothing of theirs; whole or not at
        all. SQLite has one writer at a time all the same."""
        if self.engine.dialect.name != "postgresql":
            with self.write() as connection:
                yield connection
            return
        with _plainly(self.engine), self.engine.connect() as connection, connection.begin():
            yield connection

    def clock_ahead(self) -> timedelta:
        """How far this machine's clock is ahead of the database's; a file has no clock of its own."""
        if self.engine.dialect.name != "postgresql":
            return timedelta(0)
        with self.read() as connection:
            theirs: datetime = connection.scalar(text("SELECT clock_timestamp()"))
        return utc_now() - theirs

    @property
    def shown_url(self) -> str:
        """The database's address without its password."""
        return self.engine.url.render_as_string(hide_password=True)

    def close(self) -> None:
        self.engine.dispose()


def open_store(url: str) -> Store:
    """Open the database at ``url``, making or migrating it as needed. Raises :class:`StoreError`."""
    store = Store(_engine(url))
    try:
        with store.write() as connection:
            _migrate(connection, store.shown_url)
    except StoreError:
        store.close()
        raise
    return store


def _engine(url: str) -> Engine:
    try:
        parsed = make_url(url)
        if parsed.drivername == "postgresql":
            parsed = parsed.set(drivername="postgresql+psycopg")
        # Writers of SQLite wait for each other, unless the address itself says for how long.
        patient = parsed.get_backend_name() == "sqlite" and "timeout" not in parsed.query
        arguments: dict[str, Any] = {"timeout": _LOCK_SECONDS} if patient else {}
        if parsed.get_backend_name() == "postgresql":
            arguments = server_arguments(parsed)
        # The connection used last is used next: each that is used at all fills a cache of pages.
        engine = create_engine(parsed, connect_args=arguments, pool_use_lifo=True)
    except (ArgumentError, NoSuchModuleError) as error:
        message = f"`{url}` is not a database address; use a file name, or postgresql://user@host/name"
        raise StoreError(message) from error
    except ModuleNotFoundError as error:
        message = f"this database needs the package {error.name}; install the extra: condition-monitor[postgresql]"
        raise StoreError(message) from error
    if engine.dialect.name == "sqlite":
        _prepare_sqlite(engine)
    return engine


def server_arguments(url: URL) -> dict[str, Any]:
    """How libpq is to connect to PostgreSQL, unless the address itself says so."""
    wanted = {"connect_timeout": _CONNECT_SECONDS, **_PATIENCE, "options": _SERVERS_PATIENCE}
    return {name: value for name, value in wanted.items() if name not in url.query}


def _prepare_sqlite(engine: Engine) -> None:
    """WAL, so that readers never wait for the writer; the driver's own transaction handling switched off."""

    @event.listens_for(engine, "connect")
    def connect(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("monitor_writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _migrate(connection: Connection, shown: str) -> None:
    current = _revision(connection)
    if current == CURRENT_REVISION:
        return
    # Alembic is slow to load and rarely needed.
    from alembic import command
    from alembic.config import Config as AlembicConfig
    from alembic.script import ScriptDirectory

    config = AlembicConfig()
    config.set_main_option("script_location", "monitor.store:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    known = {revision.revision for revision in ScriptDirectory.from_config(config).walk_revisions()}
    if current is not None and current not in known:
        message = f"{shown} was written by a newer monitor (its version is {current}); upgrade this one to open it"
        raise StoreError(message)
    command.upgrade(config, "head")


def _revision(connection: Connection) -> str | None:
    """The database's version as Alembic keeps it; ``None`` for a new database."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return str(found) if found is not None else None


@contextmanager
def _plainly(engine: Engine) -> Iterator[None]:
    """Database errors as one plain sentence."""
    try:
        yield
    except SQLAlchemyError as error:
        shown = engine.url.render_as_string(hide_password=True)
        cause = getattr(error, "orig", None) or error
        said = str(cause).strip().splitlines()[0] if str(cause).strip() else type(cause).__name__
        if isinstance(error, OperationalError):
            raise StoreUnavailable(f"the database {shown} cannot be opened: {said}") from error
        raise StoreError(f"the database {shown} cannot be used: {said}") from error
