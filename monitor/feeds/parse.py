"""From the bytes of a feed to items. Pure: the bytes, the feed's address and the time of the fetch are arguments."""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from time import struct_time
from typing import Any

import feedparser

from monitor.feeds.plain_text import plain_text
from monitor.model import DateMark, Item, digest

# Before this no feed was written: such a date is a mistake.
_EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)
_SKEW = timedelta(minutes=10)
_MAX_TEXT = 20_000
_MAX_TITLE = 1_000


class NotAFeed(ValueError):
    """The bytes are no feed; the message says what they look like."""


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """A feed's own title and its items in order. ``warning`` names a defect that did not prevent reading."""

    title: str
    items: tuple[Item, ...]
    warning: str = ""


def parse_feed(
    body: bytes, url: str, fetched: datetime, publisher: str = "", headers: Mapping[str, str] | None = None
) -> ParsedFeed:
    """Items of a feed fetched from ``url`` at ``fetched``.

    ``publisher`` stands for items that name no source of their own. Raises :class:`NotAFeed`.
    """
    if not body.strip():
        raise NotAFeed("the answer is empty")
    # Sanitising and link resolving rewrite markup that is thrown away below.
    try:
        parsed = feedparser.parse(
            body, response_headers=dict(headers or {}), sanitize_html=False, resolve_relative_uris=False
        )
    except Exception as error:
        # Whatever odd bytes do to the parser is that feed's failure and nobody else's.
        raise NotAFeed(f"the parser gave up on it ({type(error).__name__}: {error})") from error
    if not parsed.entries and not parsed.get("version"):
        start = body.lstrip()[:200].lower()
        if b"<html" in start or b"<!doctype html" in start:
            raise NotAFeed("this is a web page, not a feed")
        reason = parsed.get("bozo_exception")
        raise NotAFeed(f"this is not RSS or Atom ({reason})" if reason else "this is not RSS or Atom")
    title = plain_text(str(parsed.feed.get("title", "")), _MAX_TITLE)
    items: dict[str, Item] = {}
    for entry in parsed.entries:
        item = _item(entry, url, fetched, publisher or title)
        if item is not None:
            items.setdefault(item.id, item)
    warning = str(parsed.bozo_exception) if parsed.get("bozo") and parsed.get("bozo_exception") else ""
    return ParsedFeed(title, tuple(items.values()), warning[:300])


def _item(entry: Any, url: str, fetched: datetime, publisher: str) -> Item | None:
    title = plain_text(str(entry.get("title", "")), _MAX_TITLE)
    contents = [str(part.get("value", "")) for part in entry.get("content", ())]
    text = plain_text(max((str(entry.get("summary", "")), *contents), key=len))[:_MAX_TEXT]
    link = _link(str(entry.get("link", "")))
    if not title and not text:
        return None
    if not title:
        title = text[:200]
    published, mark = _published(entry, fetched)
    source = entry.get("source") or {}
    named = plain_text(str(source.get("title", "")), 200)
    return Item(
        id=item_id(url, str(entry.get("id", "")), link, title),
        title=title,
        text="" if text == title else text,
        publisher=named or publisher,
        link=link,
        published=published,
        date_mark=mark,
        author=plain_text(str(entry.get("author", "")), 200),
    )


def item_id(feed: str, guid: str, link: str, title: str) -> str:
    """A stable identity: the guid within its feed; without one, the link and the title."""
    return (digest(feed, "guid", guid) if guid else digest(feed, "link", link, title))[:24]


def _link(link: str) -> str:
    return link if link.startswith(("http://", "https://")) else ""


def _published(entry: Any, fetched: datetime) -> tuple[datetime, DateMark]:
    """The entry's time in UTC, never later than the fetch; a missing or absurd one is the time of the fetch."""
    parsed = entry.get("published_parsed") or entry.get("updated_parsed")
    given = bool(entry.get("published") or entry.get("updated"))
    if not isinstance(parsed, struct_time):
        return fetched, DateMark.ABSURD if given else DateMark.MISSING
    try:
        moment = datetime.fromtimestamp(calendar.timegm(parsed), UTC)
    except (OverflowError, ValueError, OSError):
        return fetched, DateMark.ABSURD
    if moment < _EARLIEST:
        return fetched, DateMark.ABSURD
    if moment > fetched:
        return fetched, DateMark.FUTURE if moment - fetched > _SKEW else DateMark.GIVEN
    return moment, DateMark.GIVEN
