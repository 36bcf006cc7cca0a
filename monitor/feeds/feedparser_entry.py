"""What feedparser makes of an entry, and what it must not mix up.

feedparser takes a picture's title and caption for the entry's own, and lets an element for podcasts take the place of
the description. So these elements are given names that it does not know, under which it keeps them apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import escape, unescape
from typing import Any

from monitor.feeds.document import Entry

_APART = {
    b"media:title": b"media:headline",
    b"media:description": b"media:caption",
    b"itunes:summary": b"itunes:digest",
}
_TAG = re.compile(rb"<(/?)(" + rb"|".join(_APART) + rb")(?:\s[^<>]*?)?(/?)>")
# What tells of the entry itself besides its summary and its content, and what tells of its pictures and films; by the
# names that feedparser gives.
_TEXTS = ("itunes_digest", "subtitle", "dcterms_abstract")
_CAPTIONS = ("media_caption", "media_text", "media_headline")


def texts_apart(document: bytes) -> bytes:
    """``document``, for feedparser to read, with the elements renamed that it would mix up."""
    return _TAG.sub(lambda tag: b"<" + tag[1] + _APART[tag[2]] + tag[3] + b">", document)


def is_atom(parsed: Any) -> bool:
    """Whether what feedparser has read is Atom, where text is no markup unless it says so.

    RSS 1.0 that declares Atom's namespace first is taken for Atom by feedparser.
    """
    return str(parsed.get("version", "")).startswith("atom") and "rdf" not in parsed.get("namespaces", {})


def entry_from(entry: Any, in_atom: bool) -> Entry:
    """An entry as feedparser gives it, of a document that is Atom or is not."""
    contents = entry.get("content", ())
    source = entry.get("source") or {}
    return Entry(
        guid=str(entry.get("id", "")),
        title=_markup(entry.get("title", ""), entry.get("title_detail"), in_atom),
        texts=tuple(_texts(entry, in_atom)),
        captions=tuple(_said(entry, _CAPTIONS)),
        # Atom may point to an entry's content instead of carrying it.
        link=str(entry.get("link", "")) or next((str(p["src"]) for p in contents if p.get("src")), ""),
        # feedparser takes a zone that it does not know for UTC: dates are read elsewhere, all in one way.
        dates=tuple(dict.fromkeys(str(entry[name]) for name in ("published", "updated") if entry.get(name))),
        author=str(entry.get("author", "")),
        source=_markup(source.get("title", ""), source.get("title_detail"), in_atom),
        source_url=_source_url(source),
    )


def _texts(entry: Any, in_atom: bool) -> Iterator[str]:
    # Without a detail it is a copy of the content.
    if detail := entry.get("summary_detail"):
        yield _markup(entry.get("summary", ""), detail, in_atom)
    for content in entry.get("content", ()):
        yield _markup(content.get("value", ""), content, in_atom)
    yield from _said(entry, _TEXTS)


def _said(entry: Any, names: tuple[str, ...]) -> Iterator[str]:
    for name in names:
        text = entry.get(name)
        if isinstance(text, str) and text:
            # In a document that is not well-formed feedparser leaves elements it does not know as they were written.
            yield text if "<" in text else unescape(text)


def _markup(value: object, detail: object, in_atom: bool) -> str:
    """A text as markup, given what feedparser tells of it: words, or a picture or other data."""
    kind = str(detail.get("type", "")) if isinstance(detail, Mapping) else ""
    kind = kind.partition(";")[0].strip()
    if "/" in kind and not kind.startswith("text/") and not kind.endswith(("+xml", "/xml")):
        return f'<object data="{escape(str(value))}">' if value else ""
    return escape(str(value), quote=False) if in_atom and kind == "text/plain" else str(value)


def _source_url(source: Any) -> str:
    """The address of the feed or paper that an entry was taken from: RSS gives it; Atom has links to it, or an id."""
    links = source.get("links")
    linked = {
        str(link.get("rel", "alternate")): str(link.get("href", ""))
        for link in reversed(links if isinstance(links, list) else [])
    }
    name = str(source.get("id", ""))
    called = name if name.startswith(("http://", "https://")) else ""
    return (str(source.get("href", "")) or linked.get("alternate", "") or linked.get("self", "") or called).strip()
