"""The stored items that the entries of documents may be."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, or_, select

from monitor.model import DateMark, Item
from monitor.store.entry_keys import guid_key, link_key, title_key
from monitor.store.tables import items, versions

_BATCH = 400


class EntryKeys(NamedTuple):
    """The keys by which an entry is looked up; ``None`` for what it does not have."""

    guid: int | None
    link: int | None
    title: int | None


def keys_of(feed: str, item: Item) -> EntryKeys:
    """The keys of an entry of a feed."""
    own_date = item.published if item.date_mark is DateMark.GIVEN else None
    return EntryKeys(guid_key(feed, item.guid), link_key(feed, item.link), title_key(feed, item.title, own_date))


@dataclass(frozen=True, slots=True)
class KnownItem:
    """A stored item with its latest wording. Times are UTC."""

    id: str
    feed: str
    guid_key: int | None
    link_key: int | None
    published: datetime
    date_mark: DateMark
    recognised_by: str
    unstable_since: datetime | None
    version: str
    title: str
    text: str

    @property
    def body(self) -> str:
        return f"{self.title}\n{self.text}" if self.text else self.title


@dataclass(frozen=True, slots=True)
class Recognised:
    """An entry under the id that its item has in the store, its keys, the stored item that it is, if any, and by what
    that is known, in words."""

    item: Item
    keys: EntryKeys
    known: KnownItem | None = None
    by: str = ""


_KNOWN = (
    select(
        items.c.id,
        items.c.feed,
        items.c.guid_key,
        items.c.link_key,
        items.c.published,
        items.c.date_mark,
        items.c.recognised_by,
        items.c.unstable_since,
        versions.c.version,
        versions.c.title,
        versions.c.text,
    )
    .join(versions, (versions.c.item == items.c.id) & versions.c.latest)
    .where(
        or_(
            items.c.id.in_(bindparam("ids", expanding=True)),
            items.c.guid_key.in_(bindparam("guids", expanding=True)),
            items.c.link_key.in_(bindparam("links", expanding=True)),
            items.c.title_key.in_(bindparam("titles", expanding=True)),
        )
    )
)


def known_items(connection: Connection, entries: Sequence[tuple[Item, EntryKeys]]) -> dict[str, list[KnownItem]]:
    """By feed, the stored items that have a key in common with any of the ``entries``, in the order of their time."""
    found: dict[str, KnownItem] = {}
    for start in range(0, len(entries), _BATCH):
        batch = entries[start : start + _BATCH]
        asked = {
            "ids": [item.id for item, _ in batch],
            "guids": _given(keys.guid for _, keys in batch),
            "links": _given(keys.link for _, keys in batch),
            "titles": _given(keys.title for _, keys in batch),
        }
        for row in connection.execute(_KNOWN, asked):
            found[row.id] = KnownItem(*row[:5], DateMark(row.date_mark), *row[6:])
    by_feed: dict[str, list[KnownItem]] = {}
    for one in sorted(found.values(), key=lambda known: (known.published, known.id)):
        by_feed.setdefault(one.feed, []).append(one)
    return by_feed


def _given(keys: Iterable[int | None]) -> list[int]:
    return list({key for key in keys if key is not None})
