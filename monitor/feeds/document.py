"""What a feed document becomes, whatever format it has: items with plain text, UTC times and a stable identity."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urljoin, urlsplit

from monitor.feeds.fullest_text import fullest_text
from monitor.feeds.plain_text import plain_text
from monitor.model import DateMark, Item, digest

# Before this no feed was written: such a date is a mistake.
_EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)
_SKEW = timedelta(minutes=10)
_MAX_TEXT = 20_000
_MAX_TITLE = 1_000
_NO_TEXT = "(no text)"
# An address that no base can change, and that is written as it is always written.
_ABSOLUTE = re.compile(r"https?://[A-Za-z0-9.-]+(?:/[!\"$-:<->@-~]*)?(?:(?<=[^:/])\?[!\"$-:<-~]+)?")


class NotAFeed(ValueError):
    """The bytes are no feed; the message says what they look like."""


@dataclass(frozen=True, slots=True)
class Suspect:
    """An entry that is no news but an error page in a feed's clothes, and why it is taken for one."""

    item: Item
    why: str


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """A feed's own title and its items in order. ``warning`` names a defect that did not prevent reading.

    ``update_period`` is how often the feed says it changes, ``spacing`` the mean time between its items by their dates.
    ``unread_dates`` are the dates, as they are written, that could not be read or make no sense.
    ``again`` are the ids of items that it still carries and that were not read again; ``known`` is what to know of its
    entries when it is read next, as
    :class:`~monitor.feeds.known_entries.KnownEntries` writes it down.
    """

    title: str
    items: tuple[Item, ...]
    warning: str = ""
    suspects: tuple[Suspect, ...] = ()
    update_period: timedelta | None = None
    spacing: timedelta | None = None
    again: tuple[str, ...] = ()
    known: bytes = b""
    unread_dates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as the document gives it: titles and texts are markup, whatever they were there.

    ``texts`` are those that tell what the entry is about, of which the fullest is read; ``captions``, of its pictures
    and films, stand in where they say nothing. ``dates`` are those of the entry as they are written, the one that
    counts most first. ``source`` is the title of the feed or paper that the entry was taken from, ``source_url`` its
    address.
    """

    guid: str = ""
    title: str = ""
    texts: tuple[str, ...] = ()
    captions: tuple[str, ...] = ()
    link: str = ""
    dates: tuple[str, ...] = ()
    author: str = ""
    source: str = ""
    source_url: str = ""


def item_from(entry: Entry, dated: datetime | None, url: str, fetched: datetime, publisher: str) -> Item | None:
    """The item that ``entry`` of the feed at ``url`` is, ``dated`` if its date was read; ``None`` if it is empty."""
    title = plain_text(entry.title)[:_MAX_TITLE]
    text = (fullest_text(entry.texts) or fullest_text(entry.captions))[:_MAX_TEXT]
    link = _link(entry.link, url)
    title = title or text[:200] or link or plain_text(entry.guid, _MAX_TITLE)
    identity = title
    if not title:
        # A picture, say: nothing to read, and still an entry.
        identity = entry.title + max(entry.texts, key=len, default="")
        title = _NO_TEXT
    if not identity.strip():
        return None
    published, mark = _published(entry, dated, fetched)
    return Item(
        id=item_id(url, entry.guid, link, identity),
        title=title,
        text="" if text == title else text,
        publisher=publisher,
        link=link,
        published=published,
        date_mark=mark,
        author=plain_text(entry.author, 200),
        guid=entry.guid,
        source_name=plain_text(entry.source, 200),
        source_url=_link(entry.source_url, url),
    )


def item_id(feed: str, guid: str, link: str, title: str) -> str:
    """What an entry is called as a new item: by its guid within its feed; without one, by its link and its title."""
    return (digest(feed, "guid", guid) if guid else digest(feed, "link", link, title))[:24]


def ids_for(item: Item) -> Iterator[str]:
    """The ids that an entry may have, the same for the same entry: its own, and if that is taken, others that are made
    of all that it carries."""
    key = item.id
    while True:
        yield key
        # The date of an entry that bears none is that of its fetch, another one each time.
        own = item.published if item.date_mark is DateMark.GIVEN else None
        key = digest(key, item.link, item.title, item.text, own.isoformat() if own else "")[:24]


def free_id(item: Item, taken: Container[str]) -> str:
    """The first id for an entry that is not ``taken``."""
    return next(key for key in ids_for(item) if key not in taken)


def spacing_of(dates: Iterable[datetime]) -> timedelta | None:
    """The mean time between the latest ten of the dates that items bear themselves; ``None`` with fewer than three."""
    latest = sorted(dates, reverse=True)[:10]
    return (latest[0] - latest[-1]) / (len(latest) - 1) if len(latest) >= 3 else None


def feed_title(markup: str) -> str:
    return plain_text(markup, _MAX_TITLE)


def _link(link: str, base: str) -> str:
    """An absolute http or https address, or nothing: no other scheme may ever be offered for clicking."""
    if _ABSOLUTE.fullmatch(link):
        return link
    try:
        given = link.strip()
        joined = urljoin(base, _printable(given)) if given else ""
        parts = urlsplit(joined)
    except ValueError:
        return ""
    return joined if parts.scheme in ("http", "https") and parts.netloc else ""


def _printable(text: str) -> str:
    return text if text.isprintable() else "".join(c for c in text if c.isprintable())


def _published(entry: Entry, moment: datetime | None, fetched: datetime) -> tuple[datetime, DateMark]:
    """The entry's time in UTC, never later than the fetch; one that is missing, absurd or cannot be read is the time of
    the fetch, and marked so."""
    if moment is None:
        return fetched, DateMark.UNREADABLE if entry.dates else DateMark.MISSING
    if moment < _EARLIEST:
        return fetched, DateMark.ABSURD
    if moment > fetched:
        return fetched, DateMark.FUTURE if moment - fetched > _SKEW else DateMark.GIVEN
    return moment, DateMark.GIVEN
