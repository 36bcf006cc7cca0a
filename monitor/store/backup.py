"""A consistent copy of the database, made while others go on writing to it."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from sqlalchemy import URL

from monitor.store.database import Store, StoreError, open_store
from monitor.store.transitions import log_head


def back_up(store: Store, target: Path) -> int:
    """Copy the whole database of ``store`` to the new file ``target``; returns the number of the log's last entry.

    SQLite copies itself page by page within one reading transaction; PostgreSQL's own ``pg_dump`` writes an archive
    for ``pg_restore``. Raises :class:`~monitor.store.database.StoreError`; no half copy is left behind then.
    """
    if target.exists():
        raise StoreError(f"{target} exists already; a backup never overwrites anything")
    partial = target.with_name(f".{target.name}.partial")
    try:
        partial.unlink(missing_ok=True)
        if store.engine.dialect.name == "sqlite":
            head = _copy_sqlite(store, partial)
        else:
            head = _dump_postgresql(store, partial)
        with partial.open("rb") as file:
            os.fsync(file.fileno())
        partial.replace(target)
    except (OSError, sqlite3.Error) as error:
        raise StoreError(f"{target} cannot be written: {getattr(error, 'strerror', None) or error}") from error
    finally:
        partial.unlink(missing_ok=True)
    return head


def _copy_sqlite(store: Store, partial: Path) -> int:
    with store.read() as connection, closing(sqlite3.connect(partial)) as copy:
        driver = connection.connection.driver_connection
        if driver is None:
            raise StoreError("the database has no open connection")
        driver.backup(copy)
        # A file of its own, complete without a journal beside it.
        copy.execute("PRAGMA journal_mode=DELETE")
        sound = copy.execute("PRAGMA quick_check").fetchone()[0]
        if sound != "ok":
            raise StoreError(f"the copy is not sound: {sound}")
    opened = open_store(f"sqlite:///{partial.resolve()}")
    try:
        with opened.read() as connection:
            head = log_head(connection)[0]
    finally:
        opened.close()
    with closing(sqlite3.connect(partial)) as copy:
        copy.execute("PRAGMA journal_mode=DELETE")
    return head


def _dump_postgresql(store: Store, partial: Path) -> int:
    program = shutil.which("pg_dump")
    if program is None:
        raise StoreError("a backup of PostgreSQL needs its program pg_dump; install the package postgresql-client")
    with store.read() as connection:
        head = log_head(connection)[0]
    url: URL = store.engine.url
    command = [program, "--format=custom", f"--file={partial}"]
    command += [f"--host={url.host}"] if url.host else []
    command += [f"--port={url.port}"] if url.port else []
    command += [f"--username={url.username}"] if url.username else []
    # The password travels in the environment, where other users of the machine cannot read it.
    environment = {**os.environ, **({"PGPASSWORD": str(url.password)} if url.password else {})}
    done = subprocess.run(  # noqa: S603 - no shell, and every argument is the operator's own setting
        [*command, f"--dbname={url.database or ''}"], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        said = " ".join(done.stderr.split())[:300]
        raise StoreError(f"pg_dump failed: {said}")
    return head
