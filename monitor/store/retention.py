"""Forgetting what nothing rests on. Evidence, the items it was found in, reviews and the log are never touched."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, or_, select

from monitor.store.tables import evidence, items, polls, quarantine, versions

# Items are forgotten in portions, so that other writers get their turn.
_BATCH = 500


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How much was forgotten, and whether there is more."""

    items: int = 0
    polls: int = 0
    more: bool = False


def forget(
    connection: Connection, now: datetime, keep_items: timedelta | None, keep_polls: timedelta | None
) -> Forgotten:
    """Forget items without evidence and records of polls that are older than this; ``None`` keeps all.

    An item that its feed still carried within ``keep_items`` is kept, or it would come back as new.
    """
    gone: list[str] = []
    if keep_items is not None:
        limit = now - keep_items
        unneeded = (
            select(items.c.id)
            .where(
                items.c.first_seen < limit,
                or_(items.c.served_at.is_(None), items.c.served_at < limit),
                items.c.id.not_in(select(evidence.c.item)),
            )
            .limit(_BATCH)
        )
        gone = list(connection.scalars(unneeded))
        connection.execute(delete(versions).where(versions.c.item.in_(gone)))
        connection.execute(delete(items).where(items.c.id.in_(gone)))
        connection.execute(delete(quarantine).where(quarantine.c.seen < limit, quarantine.c.released.is_(None)))
    old = 0
    if keep_polls is not None:
        # The first poll stays: it says since when somebody has been watching.
        first = select(func.min(polls.c.id)).scalar_subquery()
        done = connection.execute(delete(polls).where(polls.c.at < now - keep_polls, polls.c.id != first))
        old = done.rowcount
    return Forgotten(len(gone), old, more=len(gone) == _BATCH)
