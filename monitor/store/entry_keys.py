"""Short keys by which items are looked up that an entry may be. Two equal keys make a candidate, and decide nothing."""

from __future__ import annotations

from datetime import datetime

from monitor.entries.link import link_identity
from monitor.model import digest

# Hexadecimal digits: 60 bits, which fit a signed integer of 64.
_DIGITS = 15


def guid_key(feed: str, guid: str) -> int | None:
    """The key of a guid within its feed; ``None`` for an entry without one."""
    return _key(feed, "guid", guid) if guid else None


def link_key(feed: str, link: str) -> int | None:
    """The key of what a link leads to."""
    return _key(feed, "link", link_identity(link)) if link else None


def title_key(feed: str, title: str, published: datetime | None) -> int | None:
    """The key of a title together with the entry's own date, if it has one."""
    return _key(feed, "title", title.casefold(), published.isoformat()) if published else None


def _key(*parts: str) -> int:
    return int(digest(*parts)[:_DIGITS], 16)
