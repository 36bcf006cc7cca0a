"""The second clock: moments at which something is recorded. They only ever increase."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, func, insert, select, update

from monitor.store.tables import clock, due, transitions

_TICK = timedelta(microseconds=1)
_CLOCK = select(
    clock.c.last, clock.c.reading, clock.c.publishers, select(func.min(due.c.at)).scalar_subquery().label("due")
)
_SET = update(clock).values(last=bindparam("moment"))


def last_moment(connection: Connection) -> datetime | None:
    """The latest moment at which anything was recorded."""
    last = connection.scalar(select(clock.c.last))
    # A database of the first release kept no clock; its log has one.
    return last or connection.scalar(select(transitions.c.recorded).order_by(transitions.c.seq.desc()).limit(1))


class Moment(NamedTuple):
    """A moment of the second clock, the one before it, the digests of the rules in force until then and of the
    publishers by which reports were attributed, and whether time alone has changed a status since."""

    at: datetime
    last: datetime | None
    reading: str
    publishers: str
    has_due: bool


def next_moment(connection: Connection, now: datetime) -> Moment:
    """``now``, or just after the latest moment where the machine's clock stands still or was set back.

    No two transactions share a moment: what was known when is never in doubt.
    """
    row = connection.execute(_CLOCK).one_or_none()
    last = row.last if row else last_moment(connection)
    moment = now if last is None else max(now, last + _TICK)
    if row:
        connection.execute(_SET, {"moment": moment})
    else:
        connection.execute(insert(clock).values(id=1, last=moment))
    if row is None:
        return Moment(moment, last, "", "", has_due=False)
    return Moment(moment, last, row.reading, row.publishers, has_due=bool(row.due and row.due <= moment))


def note_reading(connection: Connection, digest: str) -> None:
    """Note that from this moment on the rules of this digest are in force."""
    connection.execute(update(clock).values(reading=digest))


def note_publishers(connection: Connection, digest: str) -> None:
    """Note that from this moment on reports are attributed by the publishers of this digest."""
    connection.execute(update(clock).values(publishers=digest))
