"""From the bytes of a feed to items. Pure: the bytes, the feed's address and the time of the fetch are arguments."""

from __future__ import annotations

import calendar
import io
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from time import struct_time
from typing import Any

import feedparser
from feedparser.encodings import convert_to_utf8

from monitor.feeds.doctype import without_doctype
from monitor.feeds.document import Entry, NotAFeed, ParsedFeed, Suspect, feed_title, item_from, spacing_of
from monitor.feeds.error_page import error_in_title
from monitor.feeds.json_feed import looks_like_json, read_json_feed
from monitor.feeds.page import linked_feeds, looks_like_a_page
from monitor.model import Item

MAX_ENTRIES = 5_000
_PERIODS = {
    "hourly": timedelta(hours=1),
    "daily": timedelta(days=1),
    "weekly": timedelta(weeks=1),
    "monthly": timedelta(days=30),
    "yearly": timedelta(days=365),
}


def parse_feed(
    body: bytes, url: str, fetched: datetime, publisher: str = "", headers: Mapping[str, str] | None = None
) -> ParsedFeed:
    """Items of a feed fetched from ``url`` at ``fetched``.

    ``publisher`` stands for items that name no source of their own. Raises :class:`NotAFeed`.
    """
    headers = dict(headers or {})
    if not body.strip():
        raise NotAFeed("the answer is empty")
    if looks_like_json(body):
        name, entries = read_json_feed(body)
        return _document(name, entries, url, fetched, publisher, "", None)
    # Whatever odd bytes do to the parser is that feed's failure and nobody else's.
    try:
        parsed = _parsed(body, headers)
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
    entries = [_entry(entry) for entry in parsed.entries]
    return _document(
        str(parsed.feed.get("title", "")), entries, url, fetched, publisher, warning, _update_period(parsed.feed)
    )


def _parsed(body: bytes, headers: dict[str, str]) -> Any:
    """What feedparser makes of ``body``, once it is known to declare nothing that must not be expanded."""
    encoding: dict[str, Any] = {}
    document = without_doctype(convert_to_utf8(headers, body, encoding))
    headers["content-type"] = "application/xml; charset=utf-8"
    # A stream: bytes alone could be taken for the name of a file, which would be opened. Sanitising and resolving links
    # rewrite markup that is thrown away here.
    parsed = feedparser.parse(
        io.BytesIO(document), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
    )
    if encoding.get("bozo_exception") and not parsed.get("bozo"):
        parsed["bozo"], parsed["bozo_exception"] = True, encoding["bozo_exception"]
    return parsed


def _page(body: bytes, url: str) -> NotAFeed:
    feeds = linked_feeds(body, url)
    if not feeds:
        return NotAFeed("this is a web page, not a feed")
    return NotAFeed(f"this is a web page, not a feed; it links to {' and '.join(feeds)}: use that address instead")


def _document(
    name: str,
    entries: list[Entry],
    url: str,
    fetched: datetime,
    publisher: str,
    warning: str,
    update_period: timedelta | None,
) -> ParsedFeed:
    title = feed_title(name)
    items: dict[str, Item] = {}
    suspects: dict[str, Suspect] = {}
    for entry in entries[:MAX_ENTRIES]:
        item = item_from(entry, url, fetched, publisher or title)
        if item is None or item.id in items or item.id in suspects:
            continue
        why = error_in_title(item.title)
        if why:
            suspects[item.id] = Suspect(item, why)
        else:
            items[item.id] = item
    if len(entries) > MAX_ENTRIES:
        warning = f"it has {len(entries):,} entries, of which the first {MAX_ENTRIES:,} were read"
    found = tuple(items.values())
    return ParsedFeed(title, found, warning[:300], tuple(suspects.values()), update_period, spacing_of(found))


def _entry(entry: Any) -> Entry:
    contents = entry.get("content", ())
    published = entry.get("published_parsed") or entry.get("updated_parsed")
    return Entry(
        guid=str(entry.get("id", "")),
        title=str(entry.get("title", "")),
        texts=(str(entry.get("summary", "")), *(str(part.get("value", "")) for part in contents)),
        # Atom may point to an entry's content instead of carrying it.
        link=str(entry.get("link", "")) or next((str(p["src"]) for p in contents if p.get("src")), ""),
        published=_moment(published) if isinstance(published, struct_time) else None,
        date_given=bool(entry.get("published") or entry.get("updated")),
        author=str(entry.get("author", "")),
        source=str((entry.get("source") or {}).get("title", "")),
    )


def _moment(parsed: struct_time) -> datetime | None:
    try:
        return datetime.fromtimestamp(calendar.timegm(parsed), UTC)
    except (OverflowError, ValueError, OSError):
        return None


def _update_period(feed: Any) -> timedelta | None:
    """How often the feed says that it changes: RSS's ``ttl`` in minutes, or RSS 1.0's syndication module (``sy:``)."""
    ttl = str(feed.get("ttl", "")).strip()
    if ttl.isdecimal() and len(ttl) < 7:
        return timedelta(minutes=int(ttl)) or None
    period = _PERIODS.get(str(feed.get("sy_updateperiod", "")).strip().casefold())
    if period is None:
        return None
    frequency = str(feed.get("sy_updatefrequency", "")).strip()
    return period / max(1, int(frequency) if frequency.isdecimal() and len(frequency) < 5 else 1)
