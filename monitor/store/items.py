"""Items and their versions: one item is stored once, an edited one keeps every wording it had."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, Row, Select, bindparam, func, insert, literal, or_, select, tuple_, update

from monitor.entries.edit import Edit, judge_edit
from monitor.model import DateMark, Item
from monitor.store.counts import ITEMS, VERSIONS, counted
from monitor.store.known_items import KnownItem, Recognised
from monitor.store.tables import UtcDateTime, items, versions

_BATCH = 500
_NOTED = timedelta(hours=12)
_ADD_ITEMS, _ADD_VERSIONS = insert(items), insert(versions)
_FORMER = select(versions.c.version, versions.c.number).where(versions.c.item == bindparam("item"))
# A date that an item has for good; any other gives way to one that its feed gives later.
_DATED = frozenset({DateMark.GIVEN, DateMark.FUTURE})
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
    """One version of an item, with the feed's grade and when this version was first seen (UTC).

    ``recognised_by`` says by what its entry was last recognised, and nothing while that was never needed;
    ``unstable_since`` is set where its publisher changes it to and fro.
    """

    item: Item
    feed: str
    grade: str
    version: str
    number: int
    seen: datetime
    latest: bool
    recognised_by: str = ""
    unstable_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Saved:
    """What a poll brought: items never seen before, items whose words or date changed, and how many wordings never seen
    before there are among both."""

    new: tuple[StoredItem, ...]
    edited: tuple[StoredItem, ...]
    wordings: int


def save_items(
    connection: Connection, feed: str, grade: str, received: Sequence[Recognised], now: datetime, reading: str = ""
) -> Saved:
    """Store what is new in ``received``, and what a publisher has changed. Safe to repeat.

    ``reading`` is the digest of the rules that new items are read with in the same transaction.
    """
    note_served(connection, [one.known.id for one in received if one.known], now)
    new = [one for one in received if one.known is None]
    if new:
        connection.execute(_ADD_ITEMS, [_item_row(one, feed, grade, now) for one in new])
        connection.execute(_ADD_VERSIONS, [_version_row(one.item, 1, now, reading) for one in new])
    wordings, edited = len(new), []
    for one in received:
        if one.known is not None:
            added, is_edited = _renew(connection, one.item, one.known, one.by, now, reading)
            wordings += added
            edited += [one.item.id] if is_edited else []
    stored = [
        StoredItem(
            one.item if one.item.published else replace(one.item, published=now),
            feed,
            grade,
            one.item.version,
            1,
            now,
            latest=True,
        )
        for one in new
    ]
    renewed = latest_of(connection, edited) if edited else ()
    return Saved(tuple(stored), tuple(renewed), wordings)


def _renew(
    connection: Connection, item: Item, known: KnownItem, by: str, now: datetime, reading: str
) -> tuple[int, bool]:
    """Note what has changed of a known item: how many wordings it has gained, and whether it is to be read again."""
    change: dict[str, object] = {} if by == known.recognised_by else {"recognised_by": by}
    dated = known.date_mark not in _DATED and item.date_mark is DateMark.GIVEN
    if dated:
        change |= {"published": item.published, "date_mark": item.date_mark.value}
    edit, added = Edit(), 0
    if known.version != item.version:
        former = {row.version: row.number for row in connection.execute(_FORMER, {"item": item.id})}
        edit = judge_edit(
            known.body,
            item.body,
            is_former=item.version in former,
            wordings=len(former),
            unstable_since=known.unstable_since,
            now=now,
        )
        if edit.keep:
            added = _keep_wording(connection, item, former, now, "" if edit.read else reading)
        if edit.unstable and (edit.read or known.unstable_since is None):
            change["unstable_since"] = now
    if change:
        connection.execute(update(items).where(items.c.id == item.id).values(change))
    return added, edit.read or dated


def _keep_wording(connection: Connection, item: Item, former: Mapping[str, int], now: datetime, reading: str) -> int:
    """Make the wording of ``item`` its latest; 1 if it never had it before."""
    connection.execute(update(versions).where(versions.c.item == item.id).values(latest=False))
    if item.version in former:
        again = (versions.c.item == item.id) & (versions.c.version == item.version)
        connection.execute(update(versions).where(again).values(latest=True, read_with=reading))
        return 0
    connection.execute(insert(versions).values(_version_row(item, max(former.values()) + 1, now, reading)))
    return 1


def note_served(connection: Connection, ids: Sequence[str], now: datetime) -> None:
    """Remember, twice a day at most, that a feed still carries its items."""
    for start in range(0, len(ids), _BATCH):
        batch = ids[start : start + _BATCH]
        connection.execute(_NOTE_SERVED, {"ids": batch, "stale": now - _NOTED, "now": now})


def _item_row(one: Recognised, feed: str, grade: str, now: datetime) -> dict[str, object]:
    item = one.item
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
        "source_name": item.source_name,
        "source_url": item.source_url,
        "recognised_by": one.by,
        "guid_key": one.keys.guid,
        "link_key": one.keys.link,
        "title_key": one.keys.title,
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
        source_name=row.source_name,
        source_url=row.source_url,
    )
    return StoredItem(
        item,
        row.feed,
        row.grade,
        row.version,
        row.number,
        row.seen,
        row.latest,
        row.recognised_by,
        row.unstable_since,
    )


def unread_items(connection: Connection, digest: str, limit: int, after: StoredItem | None = None) -> list[StoredItem]:
    """Latest versions that the rules of this digest have not read, in a stable order, from behind ``after`` on."""
    unread = select(*_COLUMNS).where(versions.c.latest, versions.c.read_with != digest)
    if after is not None:
        place = tuple_(literal(after.item.published, UtcDateTime), literal(after.item.id))
        unread = unread.where(tuple_(items.c.published, items.c.id) > place)
    return _in_order(connection, unread.limit(limit))


def latest_of(connection: Connection, ids: Sequence[str]) -> list[StoredItem]:
    """The latest versions of these items, in a stable order."""
    found: list[StoredItem] = []
    for start in range(0, len(ids), _BATCH):
        wanted = versions.c.item.in_(ids[start : start + _BATCH])
        found += _in_order(connection, select(*_COLUMNS).where(versions.c.latest, wanted))
    return sorted(found, key=lambda one: (one.item.published or one.seen, one.item.id))


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


def undated_since(connection: Connection, since: datetime) -> dict[str, int]:
    """How many items first seen ``since`` then have a date that cannot be read, or makes no sense, for each feed."""
    marks = [mark.value for mark in DateMark if mark.waits]
    query = (
        select(items.c.feed, func.count().label("number"))
        .where(items.c.published >= since, items.c.date_mark.in_(marks))
        .group_by(items.c.feed)
        .order_by(items.c.feed)
    )
    return {row.feed: row.number for row in connection.execute(query)}


def count_items(connection: Connection, digest: str) -> ItemCount:
    """How many items and versions are stored, and how many latest versions wait to be read by these rules."""
    known = counted(connection)
    # One range at a time: together, SQLite would look at every version there is.
    waiting = sum(
        connection.scalar(select(func.count()).select_from(versions).where(versions.c.latest, others)) or 0
        for others in (versions.c.read_with < digest, versions.c.read_with > digest)
    )
    return ItemCount(known.get(ITEMS, 0), known.get(VERSIONS, 0), waiting)
