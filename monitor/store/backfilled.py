"""Which portions of archives were read, so that nothing is read twice."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, insert, select

from monitor.store.tables import backfilled


def portions_done(connection: Connection, archive: str) -> set[str]:
    """The keys of the portions of an archive that were read and stored."""
    return set(connection.scalars(select(backfilled.c.portion).where(backfilled.c.archive == archive)))


def note_done(connection: Connection, archive: str, portion: str, records: int, now: datetime) -> None:
    """Note that a portion of so many records is stored."""
    row = {"portion": portion, "archive": archive, "records": records, "done": now}
    connection.execute(insert(backfilled).values(row))
