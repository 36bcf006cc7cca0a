"""From the bytes of a feed to items. Pure: the bytes, the feed's address and the time of the fetch are arguments."""

from __future__ import annotations

import io
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import feedparser

from monitor.feeds.doctype import without_doctype
from monitor.feeds.document import (
    Entry,
    NotAFeed,
    ParsedFeed,
    Suspect,
    feed_title,
    ids_for,
    item_from,
    spacing_of,
)
from monitor.feeds.encoding import mistake_in, not_xml, repaired, utf8_document
from monitor.feeds.entry_dates import dates_of
from monitor.feeds.error_page import error_in_title
from monitor.feeds.feedparser_entry import entry_from, is_atom, texts_apart
from monitor.feeds.json_feed import looks_like_json, read_json_feed
from monitor.feeds.known_entries import CutDocument, KnownEntries, KnownEntry, cut
from monitor.feeds.page import linked_feeds, looks_like_a_page
from monitor.feeds.plain_entries import plain_entries
from monitor.model import DateMark, Item

MAX_ENTRIES = 5_000
_PERIODS = {
    "hourly": timedelta(hours=1),
    "daily": timedelta(days=1),
    "weekly": timedelta(weeks=1),
    "monthly": timedelta(days=30),
    "yearly": timedelta(days=365),
}


def parse_feed(
    body: bytes,
    url: str,
    fetched: datetime,
    publisher: str = "",
    headers: Mapping[str, str] | None = None,
    known: bytes = b"",
) -> ParsedFeed:
    """Items of a feed fetched from ``url`` at ``fetched``; entries that are ``known`` are told of and not read again.

    ``known`` is what a document of this feed that was read before has left.

    ``publisher`` stands for items that name no source of their own. Raises :class:`NotAFeed`.
    """
    headers = dict(headers or {})
    if not body.strip():
        raise NotAFeed("the answer is empty")
    feed = _Feed(url, fetched, publisher)
    if looks_like_json(body):
        name, listed = read_json_feed(body)
        return feed.document(name, feed.items(listed, dates_of(listed)))
    # Whatever odd bytes do to the parser is that feed's failure and nobody else's.
    try:
        document, mistake = as_unicode(body, headers)
        where = (url, headers.get("content-location", ""), headers.get("content-language", ""))
        parted = cut(document, where) if mistake is None else None
        if parted is not None:
            before = KnownEntries.from_bytes(known).entries if known.startswith(parted.context) else {}
            for told in (before, {}) if before else ({},):
                found = _read_in_parts(feed, document, parted, headers, told)
                if found is not None:
                    return found
        parsed = _parsed(document, headers, mistake)
    except NotAFeed:
        if looks_like_a_page(body):
            raise _page(body, url) from None
        raise
    except Exception as error:
        raise NotAFeed(f"the parser gave up on it ({type(error).__name__}: {error})") from error
    if not parsed.entries and not parsed.get("version"):
        if looks_like_a_page(body):
            raise _page(body, url)
        reason = parsed.get("bozo_exception")
        raise NotAFeed("this is not RSS, Atom or JSON Feed" + (f" ({reason})" if reason else ""))
    warning = str(parsed.bozo_exception) if parsed.get("bozo") and parsed.get("bozo_exception") else ""
    entries = [entry_from(entry, is_atom(parsed)) for entry in parsed.entries]
    items = feed.items(entries, dates_of(entries, document, _language(parsed.feed)))
    return feed.document(_title(parsed.feed), items, warning, _update_period(parsed.feed))


def _read_in_parts(
    feed: _Feed,
    document: bytes,
    parted: CutDocument,
    headers: dict[str, str],
    known: Mapping[bytes, KnownEntry],
) -> ParsedFeed | None:
    """What the document holds, of which feedparser read only the entries that are neither ``known`` nor plain; ``None``
    where that would not be the same as having it read all."""
    marks = parted.marks
    if len(marks) > MAX_ENTRIES:
        return None
    again = {mark: known[mark] for mark in marks if mark in known}
    new = [(mark, entry) for mark, (entry, _) in zip(marks, parted.parts, strict=True) if mark not in again]
    # What stands between entries might bear on those that follow it, or hold them.
    together = not any(after.strip() for _, after in parted.parts[:-1])
    reader = plain_entries(parted.head) if together else None
    plain = {mark: read for mark, entry in new if reader and (read := reader.read(entry))}
    others: Sequence[Entry] = ()
    told: Any = reader.of_feed(parted.parts[-1][1]) if reader else None
    if told is None or any(mark not in plain for mark, _ in new):
        parsed = _parsed(parted.without(again.keys() | plain.keys()), headers, None)
        if parsed.get("bozo") or len(parsed.entries) != sum(mark not in plain for mark, _ in new):
            return None
        others, told = [entry_from(entry, is_atom(parsed)) for entry in parsed.entries], parsed.feed
    rest = iter(others)
    entries = [plain.get(mark) or next(rest) for mark, _ in new]
    items = feed.items(entries, dates_of(entries, document, _language(told)))
    found = feed.document(_title(told), items, "", _update_period(told), again.values())
    ids = {entry.item for entry in again.values()}
    if any(one.id in ids for one in (*found.items, *(suspect.item for suspect in found.suspects))):
        return None
    return replace(
        found,
        known=KnownEntries(parted.context, again | _remembered((mark for mark, _ in new), items)).to_bytes(),
    )


def as_unicode(body: bytes, headers: dict[str, str]) -> tuple[bytes, Exception | None]:
    """``body`` as UTF-8 and as well-formed as can be, once it is known to declare nothing that must not be expanded,
    and what was wrong with it."""
    content_type = headers.get("content-type", "")
    document, mistake = utf8_document(body, content_type)
    document = without_doctype(document)
    if error := mistake_in(document):
        document, mistake = without_doctype(repaired(document)), mistake or error
    if headers:
        mistake = mistake or not_xml(content_type)
    headers["content-type"] = "application/xml; charset=utf-8"
    return document, mistake


def _parsed(document: bytes, headers: dict[str, str], mistake: Exception | None) -> Any:
    """What feedparser makes of ``document``, which is UTF-8."""
    # A stream: bytes alone could be taken for the name of a file, which would be opened. Sanitising and resolving links
    # rewrite markup that is thrown away here.
    parsed = feedparser.parse(
        io.BytesIO(texts_apart(document)), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
    )
    if mistake and not parsed.get("bozo"):
        parsed["bozo"], parsed["bozo_exception"] = True, mistake
    return parsed


def _title(told: Mapping[str, Any]) -> str:
    return str(told.get("title", ""))


def _language(told: Mapping[str, Any]) -> str:
    return str(told.get("language", ""))


def _page(body: bytes, url: str) -> NotAFeed:
    feeds = linked_feeds(body, url)
    if not feeds:
        return NotAFeed("this is a web page, not a feed")
    return NotAFeed(f"this is a web page, not a feed; it links to {' and '.join(feeds)}: use that address instead")


class _Read(NamedTuple):
    """An entry, its date if it could be read, the item that it is unless it is empty, and whether that has the id that
    the entry has by itself."""

    entry: Entry
    moment: datetime | None
    item: Item | None
    own_id: bool


@dataclass(frozen=True, slots=True)
class _Feed:
    """What every item of a feed has in common: its address, when it was fetched, and whose it is."""

    url: str
    fetched: datetime
    publisher: str

    def items(self, entries: Sequence[Entry], dates: Sequence[datetime | None]) -> list[_Read]:
        """The item that each entry is, dated as ``dates`` say. Where the publisher is not known, the feed's title is to
        take its place.

        Entries that differ in anything have ids that differ, even if their guid is the same.
        """
        ids: dict[str, Item] = {}
        read: list[_Read] = []
        for entry, moment in zip(entries, dates, strict=True):
            item = item_from(entry, moment, self.url, self.fetched, self.publisher)
            own_id = True
            if item is not None and ids.setdefault(item.id, item) != item:
                # The very same entry may stand in a document twice.
                key = next(key for key in ids_for(item) if ids.setdefault(key, item) == item)
                item, own_id = replace(item, id=key), False
            read.append(_Read(entry, moment, item, own_id))
        return read

    def document(
        self,
        name: str,
        read: Sequence[_Read],
        warning: str = "",
        update_period: timedelta | None = None,
        again: Collection[KnownEntry] = (),
    ) -> ParsedFeed:
        title = feed_title(name)
        items: dict[str, Item] = {}
        suspects: dict[str, Suspect] = {}
        for _, _, item, _ in read[:MAX_ENTRIES]:
            if item is None or item.id in items or item.id in suspects:
                continue
            told = item if item.publisher else replace(item, publisher=title)
            why = error_in_title(item.title)
            if why:
                suspects[item.id] = Suspect(told, why)
            else:
                items[item.id] = told
        if len(read) > MAX_ENTRIES:
            warning = f"it has {len(read):,} entries, of which the first {MAX_ENTRIES:,} were read"
        found = tuple(items.values())
        dates = [item.published for item in found if item.published and item.date_mark is DateMark.GIVEN]
        # The very same entry may stand in a document twice.
        known = {entry.item: entry.published for entry in again if entry.item not in items}
        dates += filter(None, known.values())
        return ParsedFeed(
            title,
            found,
            warning[:300],
            tuple(suspects.values()),
            update_period,
            spacing_of(dates),
            again=tuple(entry.item for entry in again),
            unread_dates=tuple(
                entry.dates[0] for entry, _, item, _ in read if item is not None and item.date_mark.waits
            ),
        )


def _remembered(marks: Iterable[bytes], read: Iterable[_Read]) -> dict[bytes, KnownEntry]:
    """Of entries read just now those that would become the same items again, whenever they are read."""
    kept: dict[bytes, KnownEntry] = {}
    for mark, (_, moment, item, own_id) in zip(marks, read, strict=True):
        if item is None:
            continue
        # A date that lay in the future will make sense one day.
        own = item.published if item.date_mark is DateMark.GIVEN else None
        lasting = item.date_mark is not DateMark.FUTURE and (own is None or own == moment)
        # Where two entries have one guid, the id of the second depends on the first: they are read together.
        if lasting and own_id and not error_in_title(item.title):
            kept[mark] = KnownEntry(item.id, own)
    return kept


def _update_period(told: Mapping[str, Any]) -> timedelta | None:
    """How often the feed says that it changes: RSS's ``ttl`` in minutes, or RSS 1.0's syndication module (``sy:``)."""
    ttl = str(told.get("ttl", "")).strip()
    if ttl.isdecimal() and len(ttl) < 7:
        return timedelta(minutes=int(ttl)) or None
    period = _PERIODS.get(str(told.get("sy_updateperiod", "")).strip().casefold())
    if period is None:
        return None
    frequency = str(told.get("sy_updatefrequency", "")).strip()
    return period / max(1, int(frequency) if frequency.isdecimal() and len(frequency) < 5 else 1)
