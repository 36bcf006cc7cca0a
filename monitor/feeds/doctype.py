"""XML that declares entities or a document type is refused before any parser that would expand it sees a byte of it.

No feed needs either: the "billion laughs", the quadratic blow-up and files read through external entities all do. One
document type is harmless and was common, that of RSS 0.91; it is cut out, so that no parser goes by it either.
"""

from __future__ import annotations

import re

from monitor.feeds.document import NotAFeed

_SPACE = re.compile(rb"\s*")
_FIRST_ELEMENT = re.compile(rb"<\w")
_DOCTYPE = re.compile(rb"<!DOCTYPE\b", re.IGNORECASE)
_ENTITY = re.compile(rb"<!ENTITY\b", re.IGNORECASE)
# The whole declaration: names and quoted identifiers, and a subset in brackets where one stands.
_DECLARATION = re.compile(rb"""<!DOCTYPE(?:\s+[^\s"'\[>]+|\s*"[^"]*"|\s*'[^']*')*\s*(\[)?\s*>?""", re.IGNORECASE)
_EXTERNAL = re.compile(rb"\b(?:SYSTEM|PUBLIC)\b")
_RSS_091 = re.compile(
    rb"-//(?:Netscape Communications|USERLAND)[^\"']*//DTD RSS 0\.91|netscape\.com/publish/formats/rss-0\.91\.dtd",
    re.IGNORECASE,
)


def without_doctype(document: bytes) -> bytes:
    """``document``, which is UTF-8, without its document type. Raises :class:`NotAFeed` for one that is refused."""
    where = _end_of_prolog(document)
    first = _FIRST_ELEMENT.search(document)
    # Parsers differ in where they think that the document itself begins; what either takes for its head is searched.
    head = document[: max(where, first.start() if first else len(document))]
    if _ENTITY.search(head):
        raise NotAFeed("refused: it declares XML entities, which no feed needs and attacks are made of")
    if not _DOCTYPE.match(document, where):
        return document
    declaration = _DECLARATION.match(document, where)
    said = declaration.group() if declaration else b""
    external = bool(_EXTERNAL.search(said)) and not _RSS_091.search(said)
    if declaration is None or declaration.group(1) or not said.endswith(b">") or external:
        raise NotAFeed("refused: it declares a document type (DTD), which no feed needs and attacks are made of")
    return document[:where] + document[declaration.end() :]


def _end_of_prolog(document: bytes) -> int:
    """Where the XML declaration, comments and processing instructions end that may precede a document type."""
    where = 0
    while True:
        space = _SPACE.match(document, where)
        where = space.end() if space else where
        if document.startswith(b"<?", where):
            end = document.find(b"?>", where)
        elif document.startswith(b"<!--", where):
            end = document.find(b"-->", where)
        else:
            return where
        if end < 0:
            return where
        where = end + (2 if document.startswith(b"<?", where) else 3)
