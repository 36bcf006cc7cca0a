"""Items and their versions: one item is stored once, an edited one keeps every wording it had."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, Row, Select, bindparam, func, insert, literal, or_, select, tuple_, update

from monitor.model import DateMark, Item
from monitor.store.counts import ITEMS, VERSIONS, counted
from monitor.store.tables import UtcDateTime, items, versions

_BATCH = 500
_NOTED = timedelta(hours=12)
_ADD_ITEMS, _ADD_VERSIONS = insert(items), insert(versions)
_VERSIONS = select(versions.c.item, versions.c.version, versions.c.latest).where(
    versions.c.item.in_(bindparam("ids", expanding=True))
)
_NOTE_SERVED = (
    update(items)
    .where(items.c.id.in_(bindparam("ids", expanding=True)))
    .where(or_(items.c.served_at.is_(None), items.c.served_at < bindparam("stale")))
    .values(served_at=bindparam("now"))
)
# Each list is looked up by the index. That a former wording of an item may be that of another changes nothing: it is
# read again if ever it comes back.
_MARK_READ = (
    update(versions)
    .where(versions.c.item.in_(bindparam("ids", expanding=True)))
    .where(versions.c.version.in_(bindparam("wordings", expanding=True)))
    .values(read_with=bindparam("digest"))
)


@dataclass(frozen=True, slots=True)
class StoredItem:
    """One version of an item, with the feed's grade and when this version was first seen (UTC)."""

    item: Item
    feed: str
    grade: str
    version: str
    number: int
    seen: datetime
    latest: bool


@dataclass(frozen=True, slots=True)
class Saved:
    """What a poll brought: items never seen before, items whose wording changed, and how many wordings never seen
    before there are among both."""

    new: tuple[StoredItem, ...]
    edited: tuple[StoredItem, ...]
    wordings: int


class KnownVersion(NamedTuple):
    """The latest version of a known item, and how many it has had."""

    version: str
    number: int


def save_items(
    connection: Connection,
    feed: str,
    grade: str,
    received: Sequence[Item],
    known: Mapping[str, KnownVersion],
    now: datetime,
    reading: str = "",
) -> Saved:
    """Store what is new in ``received``. Safe to repeat: what is known already is left alone.

    ``known`` is what :func:`latest_versions` says of all these items. ``reading`` is the digest of the rules that new
    items are read with in the same transaction.
    """
    note_served(connection, [item.id for item in received if item.id in known], now)
    new = [item for item in received if item.id not in known]
    edited = [item for item in received if item.id in known and known[item.id].version != item.version]
    if new:
        connection.execute(_ADD_ITEMS, [_item_row(item, feed, grade, now) for item in new])
        connection.execute(_ADD_VERSIONS, [_version_row(item, 1, now, reading) for item in new])
    wordings = len(new)
    for item in edited:
        connection.execute(update(versions).where(versions.c.item == item.id).values(latest=False))
        again = connection.execute(
            update(versions)
            .where(versions.c.item == item.id, versions.c.version == item.version)
            .values(latest=True, read_with="")
        )
        if again.rowcount == 0:
            wordings += 1
            connection.execute(insert(versions).values(_version_row(item, known[item.id].number + 1, now)))
    stored = [
        StoredItem(
            item if item.published else replace(item, published=now), feed, grade, item.version, 1, now, latest=True
        )
        for item in new
    ]
    renewed = latest_of(connection, [item.id for item in edited]) if edited else ()
    return Saved(tuple(stored), tuple(renewed), wordings)


def note_served(connection: Connection, ids: Sequence[str], now: datetime) -> None:
    """Remember, twice a day at most, that a feed still carries its items."""
    for start in range(0, len(ids), _BATCH):
        batch = ids[start : start + _BATCH]
        connection.execute(_NOTE_SERVED, {"ids": batch, "stale": now - _NOTED, "now": now})


def latest_versions(connection: Connection, ids: Sequence[str]) -> dict[str, KnownVersion]:
    """What is known of those of these items that are known."""
    known: dict[str, KnownVersion] = {}
    for start in range(0, len(ids), _BATCH):
        batch = ids[start : start + _BATCH]
        rows = connection.execute(_VERSIONS, {"ids": batch}).all()
        numbers = Counter(row.item for row in rows)
        known |= {row.item: KnownVersion(row.version, numbers[row.item]) for row in rows if row.latest}
    return known


def _item_row(item: Item, feed: str, grade: str, now: datetime) -> dict[str, object]:
    return {
        "id": item.id,
        "feed": feed,
        "publisher": item.publisher,
        "grade": grade,
        "link": item.link,
        "author": item.author,
        "published": item.published or now,
        "date_mark": item.date_mark.value,
        "first_seen": now,
        "served_at": now,
    }


def _version_row(item: Item, number: int, now: datetime, reading: str = "") -> dict[str, object]:
    return {
        "item": item.id,
        "version": item.version,
        "number": number,
        "title": item.title,
        "text": item.text,
        "seen": now,
        "latest": True,
        "read_with": reading,
    }


_COLUMNS = (*items.c, versions.c.version, versions.c.number, versions.c.title, versions.c.text, versions.c.seen,
            versions.c.latest)  # fmt: skip


def _stored(row: Row[tuple[object, ...]]) -> StoredItem:
    item = Item(
        id=row.id,
        title=row.title,
        text=row.text,
        publisher=row.publisher,
        link=row.link,
        published=row.published,
        date_mark=DateMark(row.date_mark),
        author=row.author,
    )
    return StoredItem(item, row.feed, row.grade, row.version, row.number, row.seen, row.latest)


def unread_items(connection: Connection, digest: str, limit: int, after: StoredItem | None = None) -> list[StoredItem]:
    """Latest versions that the rules of this digest have not read, in a stable order, from behind ``after`` on."""
    unread = select(*_COLUMNS).where(versions.c.latest, versions.c.read_with != digest)
    if after is not None:
        place = tuple_(literal(after.item.published, UtcDateTime), literal(after.item.id))
        unread = unread.where(tuple_(items.c.published, items.c.id) > place)
    return _in_order(connection, unread.limit(limit))


def latest_of(connection: Connection, ids: Sequence[str]) -> list[StoredItem]:
    """The latest versions of these items, in the same order."""
    return _in_order(connection, select(*_COLUMNS).where(versions.c.latest, versions.c.item.in_(ids)))


def _in_order(connection: Connection, query: Select[tuple[object, ...]]) -> list[StoredItem]:
    ordered = query.join(versions, versions.c.item == items.c.id).order_by(items.c.published, items.c.id)
    return [_stored(row) for row in connection.execute(ordered)]


def latest_items(connection: Connection) -> Iterator[StoredItem]:
    """The latest version of every item, in a stable order."""
    query = select(*_COLUMNS).join(versions, versions.c.item == items.c.id).where(versions.c.latest)
    for row in connection.execute(query.order_by(items.c.published, items.c.id)):
        yield _stored(row)


def mark_read(connection: Connection, read: Iterable[StoredItem], digest: str) -> None:
    """Note that the rules of this digest have read these versions."""
    marked = list(read)
    for start in range(0, len(marked), _BATCH):
        batch = marked[start : start + _BATCH]
        ids, wordings = [one.item.id for one in batch], [one.version for one in batch]
        connection.execute(_MARK_READ, {"ids": ids, "wordings": wordings, "digest": digest})


def find_item(connection: Connection, wanted: str) -> list[StoredItem]:
    """All versions of the item whose id or link is ``wanted``, the oldest first."""
    query = (
        select(*_COLUMNS)
        .join(versions, versions.c.item == items.c.id)
        .where(or_(items.c.id == wanted, items.c.link == wanted))
        .order_by(items.c.id, versions.c.number)
    )
    return [_stored(row) for row in connection.execute(query)]


@dataclass(frozen=True, slots=True)
class ItemCount:
    items: int
    versions: int
    waiting: int


def count_items(connection: Connection, digest: str) -> ItemCount:
    """How many items and versions are stored, and how many latest versions wait to be read by these rules."""
    known = counted(connection)
    # One range at a time: together, SQLite would look at every version there is.
    waiting = sum(
        connection.scalar(select(func.count()).select_from(versions).where(versions.c.latest, others)) or 0
        for others in (versions.c.read_with < digest, versions.c.read_with > digest)
    )
    return ItemCount(known.get(ITEMS, 0), known.get(VERSIONS, 0), waiting)
