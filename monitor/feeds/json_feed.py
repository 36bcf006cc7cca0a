"""JSON Feed, version 1 and 1.1 (https://www.jsonfeed.org/version/1.1/): feedparser does not read it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html import escape
from typing import Any

from monitor.feeds.document import Entry, NotAFeed
from monitor.feeds.encoding import utf8_text


def looks_like_json(body: bytes) -> bool:
    """Whatever its server calls it: no other format of feeds begins so."""
    return body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")


def read_json_feed(body: bytes) -> tuple[str, list[Entry]]:
    """The feed's title and its entries. Raises :class:`NotAFeed`."""
    try:
        document = json.loads(utf8_text(body), strict=False)
    except (ValueError, RecursionError) as error:
        raise NotAFeed(f"this is not RSS, Atom or JSON Feed ({error})") from error
    if not isinstance(document, dict) or not str(document.get("version", "")).startswith("https://jsonfeed.org/"):
        raise NotAFeed("this is JSON, but not RSS, Atom or JSON Feed")
    items = document.get("items")
    if not isinstance(items, list):
        raise NotAFeed("this JSON Feed has no list of items")
    return _text(document, "title"), [_entry(item) for item in items if isinstance(item, dict)]


def _entry(item: dict[str, Any]) -> Entry:
    dates = (_text(item, name) for name in ("date_published", "date_modified"))
    return Entry(
        guid=_text(item, "id"),
        # Only what is called HTML is markup.
        title=escape(_text(item, "title"), quote=False),
        texts=(
            _text(item, "content_html"),
            *(escape(_text(item, name), quote=False) for name in ("content_text", "summary")),
        ),
        link=_text(item, "url") or _text(item, "external_url"),
        dates=tuple(filter(None, dates)),
        author=next(_authors(item), ""),
    )


def _authors(item: dict[str, Any]) -> Iterator[str]:
    """Version 1.1 has a list of authors, version 1 had one."""
    authors = item.get("authors")
    for author in [*(authors if isinstance(authors, list) else []), item.get("author")]:
        if isinstance(author, dict) and _text(author, "name"):
            yield _text(author, "name")


def _text(holder: dict[str, Any], name: str) -> str:
    """A string; identifiers that are numbers are common, and the specification says to take them."""
    value = holder.get(name)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    # Lone surrogates are valid JSON and no valid text.
    return value.encode("utf-8", "replace").decode("utf-8") if isinstance(value, str) else ""
