"""The second clock: moments at which something is recorded. They only ever increase."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, insert, select, update

from monitor.store.tables import clock, transitions

_TICK = timedelta(microseconds=1)


def last_moment(connection: Connection) -> datetime | None:
    """The latest moment at which anything was recorded."""
    last = connection.scalar(select(clock.c.last))
    # A database of the first release kept no clock; its log has one.
    return last or connection.scalar(select(transitions.c.recorded).order_by(transitions.c.seq.desc()).limit(1))


def next_moment(connection: Connection, now: datetime) -> datetime:
    """``now``, or just after the latest moment where the machine's clock stands still or was set back.

    No two transactions share a moment: what was known when is never in doubt.
    """
    last = last_moment(connection)
    moment = now if last is None else max(now, last + _TICK)
    if connection.execute(update(clock).values(last=moment)).rowcount == 0:
        connection.execute(insert(clock).values(id=1, last=moment))
    return moment
