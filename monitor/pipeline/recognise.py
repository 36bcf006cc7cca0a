"""The entries of a document told from what is stored: which are known items, and what the new ones are called. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from monitor.entries.identity import EntryFields, recognise
from monitor.feeds.document import free_id
from monitor.model import DateMark, Item
from monitor.store.known_items import EntryKeys, KnownItem, Recognised


def recognise_items(
    entries: Sequence[tuple[Item, EntryKeys]], known: Sequence[KnownItem], present: Collection[str]
) -> list[Recognised]:
    """What each of the ``entries`` of a feed's document is, among all that is ``known`` of that feed.

    ``present`` are ids of items that the document still carries as they were.
    """
    if not known:
        return [Recognised(item, keys) for item, keys in entries]
    guids = {item.id: _name(keys.guid) for item, keys in entries}
    coming = [_fields(item, keys.guid, keys.link) for item, keys in entries]
    # A release that kept no guids made the id of an entry's guid: equal ids are equal guids there.
    stored = [replace(_known(one), guid=_name(one.guid_key) or guids.get(one.id, "")) for one in known]
    by_id = {one.id: one for one in known}
    taken = set(by_id) | set(present)
    found = []
    for (item, keys), told in zip(entries, recognise(coming, stored, frozenset(present)), strict=True):
        if told.known is not None:
            found.append(Recognised(replace(item, id=told.known), keys, by_id[told.known], told.by))
        else:
            own = replace(item, id=free_id(item, taken))
            taken.add(own.id)
            found.append(Recognised(own, keys))
    return found


def _fields(item: Item, guid: int | None, link: int | None) -> EntryFields:
    own_date = item.published if item.date_mark is DateMark.GIVEN else None
    return EntryFields(item.id, _name(guid), _name(link), item.title, item.text, own_date)


def _known(one: KnownItem) -> EntryFields:
    own_date = one.published if one.date_mark is DateMark.GIVEN else None
    return EntryFields(one.id, _name(one.guid_key), _name(one.link_key), one.title, one.text, own_date)


def _name(key: int | None) -> str:
    return "" if key is None else str(key)
