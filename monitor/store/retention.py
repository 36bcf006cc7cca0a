"""Forgetting what nothing rests on. Evidence, the items it was found in, reviews and the log are never touched."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, select

from monitor.store.counts import ITEMS, VERSIONS, count_more
from monitor.store.tables import evidence, feeds, items, polls, quarantine, versions

# Items are forgotten in portions, so that other writers get their turn.
_BATCH = 500
# What a feed carried when it was last read is noted to within a day.
_NOTED_WITHIN = timedelta(days=2)


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

    An item is kept for as long as its feed carries it, however old it is, or it would come back as new.
    """
    gone = _unneeded(connection, now - keep_items) if keep_items is not None else []
    if keep_items is not None:
        wordings = connection.execute(delete(versions).where(versions.c.item.in_(gone))).rowcount
        count_more(connection, {ITEMS: -len(gone), VERSIONS: -wordings})
        connection.execute(delete(items).where(items.c.id.in_(gone)))
        old_entries = quarantine.c.seen < now - keep_items, quarantine.c.released.is_(None)
        connection.execute(delete(quarantine).where(*old_entries))
    old = 0
    if keep_polls is not None:
        # The first poll stays: it says since when somebody has been watching.
        first = select(func.min(polls.c.id)).scalar_subquery()
        old = connection.execute(delete(polls).where(polls.c.at < now - keep_polls, polls.c.id != first)).rowcount
    return Forgotten(len(gone), old, more=len(gone) >= _BATCH)


def _unneeded(connection: Connection, limit: datetime) -> list[str]:
    """Items first seen before ``limit`` that no evidence was found in and that their feed no longer carries."""
    gone: list[str] = []
    read = select(feeds.c.url, feeds.c.read_at).where(feeds.c.read_at.is_not(None)).order_by(feeds.c.url)
    for feed, read_at in connection.execute(read).all():
        found = (
            select(items.c.id)
            .where(
                items.c.feed == feed,
                items.c.first_seen < limit,
                items.c.served_at < min(limit, read_at - _NOTED_WITHIN),
                items.c.id.not_in(select(evidence.c.item)),
            )
            .limit(_BATCH - len(gone))
        )
        gone += connection.scalars(found)
        if len(gone) >= _BATCH:
            break
    return gone
