"""A record of an archive becomes an item, whatever its fields are called."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from monitor.feeds.document import item_id
from monitor.feeds.plain_text import one_line, plain_text
from monitor.model import Item
from monitor.moment import parse_moment

# What each field of an item is usually called, the most telling name first.
NAMES: dict[str, tuple[str, ...]] = {
    "id": ("id", "guid", "uri"),
    "title": ("title", "headline", "page_title"),
    "text": ("summary", "text", "body", "content", "maintext", "description"),
    "publisher": ("publisher", "source", "source_name", "sitename", "source_domain", "domain"),
    "link": ("link", "url"),
    "published": ("published", "published_at", "date_publish", "publish_date", "pubdate", "date", "datetime"),
}
# Somewhere on earth it is tomorrow already.
_AHEAD = timedelta(days=1)
# As GDELT writes a moment.
_COMPACT = re.compile(r"(\d{8})(\d{6})")


class NoItem(ValueError):
    """A record that is no item; the message says why."""


def item_from(record: Mapping[str, object], feed: str, names: Mapping[str, str], now: datetime) -> Item:
    """The item that a record tells of. ``names`` says what fields are called where that is unusual.

    Raises :class:`NoItem`: without words there is nothing to read, and without a date no place in history.
    """
    given = {name.lower(): value for name, value in record.items() if value not in (None, "")}
    fields = {field: next((given[name] for name in _called(field, names) if name in given), None) for field in NAMES}
    title, text = plain_text(str(fields["title"] or "")), plain_text(str(fields["text"] or ""))
    if not title and not text:
        raise NoItem(f"has neither a title nor a text; its fields are {', '.join(sorted(record)) or 'none'}")
    published = moment_of(fields["published"])
    if published is None:
        raise NoItem(f"has no date that can be read ({str(fields['published'])[:40]!r})")
    if published > now + _AHEAD:
        raise NoItem(f"is dated in the future ({published:%Y-%m-%d})")
    link = "".join(char for char in str(fields["link"] or "").strip() if char.isprintable())
    publisher = one_line(str(fields["publisher"] or "")) or _host(link)
    key = item_id(feed, str(fields["id"] or ""), link, title or text)
    return Item(id=key, title=title, text=text, publisher=publisher, link=link, published=published)


def _host(link: str) -> str:
    try:
        return (urlsplit(link).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _called(field: str, names: Mapping[str, str]) -> tuple[str, ...]:
    return (names[field].lower(),) if field in names else NAMES[field]


def moment_of(value: object) -> datetime | None:
    """A moment (UTC) however an archive writes it down: a time, ISO 8601, ``20221220`` or ``20221220183000``."""
    text = str(value or "").strip()
    try:
        if isinstance(value, datetime):
            return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC)
        return parse_moment(_COMPACT.sub(r"\1T\2", text))
    except (ValueError, OverflowError):
        return None
