"""Entries set aside because they look like a server's error page: never read as news, and never thrown away."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from monitor.store.tables import feeds, quarantine
from monitor.store.turns import lock_feeds


@dataclass(frozen=True, slots=True)
class Quarantined:
    """An entry set aside. ``released`` is when a person found it to be news after all (UTC)."""

    id: str
    feed: str
    why: str
    seen: datetime
    released: datetime | None
    title: str
    text: str


def set_aside(connection: Connection, entries: Iterable[Quarantined]) -> frozenset[str]:
    """Keep ``entries`` in quarantine and return the identities of those that were released before."""
    released = set()
    for entry in entries:
        known = connection.execute(select(quarantine.c.released).where(quarantine.c.id == entry.id)).one_or_none()
        if known is None:
            connection.execute(
                insert(quarantine).values({n: getattr(entry, n) for n in Quarantined.__dataclass_fields__})
            )
        elif known.released is not None:
            released.add(entry.id)
    return frozenset(released)


def quarantined(connection: Connection) -> list[Quarantined]:
    """Every entry in quarantine or released from it, the latest first."""
    rows = connection.execute(select(quarantine).order_by(quarantine.c.seen.desc(), quarantine.c.id))
    return [Quarantined(**row._mapping) for row in rows]


def held_by_feed(connection: Connection) -> Counter[str]:
    """How many entries of each feed are still set aside."""
    return Counter(entry.feed for entry in quarantined(connection) if entry.released is None)


def release(connection: Connection, entry: str, now: datetime) -> bool:
    """Let an entry be read as news when its feed carries it at the next poll; whether there is such an entry."""
    held = quarantine.c.id == entry, quarantine.c.released.is_(None)
    feed = connection.scalar(select(quarantine.c.feed).where(*held))
    if feed is None:
        return False
    lock_feeds(connection, [feed])
    connection.execute(update(quarantine).where(*held).values(released=now))
    # The feed is to be read again, even if it has not changed.
    connection.execute(update(feeds).where(feeds.c.url == feed).values(etag="", last_modified="", body_digest=""))
    return True
