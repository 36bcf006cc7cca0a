"""A web page given instead of a feed: which feeds it links to."""

from __future__ import annotations

from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

_FEED_TYPES = frozenset({"application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json"})
_MOST = 3


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.base = ""
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "base" and not self.base:
            self.base = given.get("href", "")
        is_alternate = "alternate" in given.get("rel", "").casefold().split()
        if tag == "link" and is_alternate and given.get("type", "").casefold().strip() in _FEED_TYPES:
            self.found.append(given.get("href", ""))


def looks_like_a_page(body: bytes) -> bool:
    start = body.lstrip()[:1000].lower()
    return start.startswith((b"<!doctype html", b"<html")) or b"<html" in start


def linked_feeds(body: bytes, url: str) -> list[str]:
    """Absolute http and https addresses of the feeds that the page at ``url`` names, at most three."""
    parser = _Links()
    parser.feed(body[:200_000].decode("utf-8", "replace"))
    found = []
    for link in parser.found:
        try:
            address = urljoin(urljoin(url, parser.base), link.strip())
            usable = link.strip() and urlsplit(address).scheme in ("http", "https")
        except ValueError:
            continue
        if usable and address.isprintable() and address not in found:
            found.append(address)
    return found[:_MOST]
