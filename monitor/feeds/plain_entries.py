"""Entries of the plainest shape, read without feedparser, which takes many times as long over each.

Most entries of a newspaper's feed hold a title, an absolute link, escaped text, a date, pictures and categories, and
nothing else. What feedparser makes of such an entry is known, so it is read here to the same
:class:`~monitor.feeds.document.Entry` by the standard library's XML parser. All else, a second title, markup that was
not escaped, is left to feedparser, whose tolerance is for such things. That both agree is tested over feedparser's own
documents and over made ones.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from xml.etree import ElementTree
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

from monitor.feeds.document import Entry

_SPACES = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "media": "http://search.yahoo.com/mrss/",
    "slash": "http://purl.org/rss/1.0/modules/slash/",
    "sy": "http://purl.org/rss/1.0/modules/syndication/",
    "wfw": "http://wellformedweb.org/CommentAPI/",
    "wordpress": "com-wordpress:feed-additions:1",
    "xml": "http://www.w3.org/XML/1998/namespace",
}
# What feedparser rewrites: Latin-1 that may be UTF-8 read wrongly, and controls that are letters in Windows-1252.
_REWRITTEN = re.compile("[\x80-\x9f]|[\xc2-\xf4][\x80-\xbf]")
# Addresses that stay the same whatever the base is, and hold nothing that could be a character reference.
_ADDRESS = re.compile(r"https?://[A-Za-z0-9.-]+(?::[0-9]+)?(?:/[!-:<-~]*)?(?<![?#])")
_NAME = re.compile(r"(?:tag|urn):[!-:<-~]+(?<![?#])")
# Of an entry, in bytes: a tree takes many times the memory of what it was read from.
_LONGEST = 200_000


def _names(listed: str) -> frozenset[str]:
    """Names of elements, ``dc:date`` or ``title``, as the XML parser writes them."""
    parted = (name.rpartition(":") for name in listed.split())
    return frozenset(f"{{{_SPACES[space]}}}{name}" if space else name for space, _, name in parted)


def _named(said: Mapping[str, str]) -> dict[str, str]:
    return {name: meaning for listed, meaning in said.items() for name in _names(listed)}


@dataclass(frozen=True, slots=True)
class _Format:
    """``around`` are the elements outside entries that say nothing about them, with those that may stand in each;
    ``told`` are those of them that tell of the feed itself, by feedparser's names for what they say. ``read`` are those
    of an entry by what they say, with ``attributes`` they may have, ``unread`` those of no use."""

    enclosing: tuple[str, ...]
    around: Mapping[str, frozenset[str]]
    told: Mapping[str, str]
    entry: str
    read: Mapping[str, str]
    attributes: Mapping[str, frozenset[str]]
    unread: frozenset[str]


# Of Media RSS only these: a title or a description there would be taken for the entry's.
_PICTURE = _names("media:thumbnail media:credit media:copyright media:keywords media:rating")
_RSS = _Format(
    enclosing=("rss", "channel"),
    around=dict.fromkeys(
        _names(
            "title link description language copyright managingEditor webMaster pubDate lastBuildDate category "
            "generator docs ttl atom:link sy:updatePeriod sy:updateFrequency dc:language dc:rights wordpress:site"
        ),
        frozenset[str](),
    )
    | {"image": _names("url title link width height description")},
    told=_named(
        {
            "title": "title",
            "ttl": "ttl",
            "sy:updatePeriod": "sy_updateperiod",
            "sy:updateFrequency": "sy_updatefrequency",
        }
    ),
    entry="item",
    read=_named(
        {
            "title": "title",
            "link": "link",
            "guid": "guid",
            "description": "summary",
            "content:encoded": "content",
            "pubDate": "published",
            "dc:date": "updated",
            "author dc:creator": "author",
            "source": "source",
        }
    ),
    attributes={"guid": frozenset({"isPermaLink"}), "source": frozenset({"url"})},
    unread=_PICTURE
    | _names(
        "category comments enclosure dc:subject media:content slash:comments slash:section slash:department "
        "slash:hit_parade wfw:commentRss"
    ),
)
_ATOM = _Format(
    enclosing=tuple(_names("atom:feed")),
    around=dict.fromkeys(
        _names(
            "atom:title atom:subtitle atom:link atom:id atom:updated atom:generator atom:icon atom:logo atom:rights "
            "atom:category"
        ),
        frozenset[str](),
    )
    | dict.fromkeys(_names("atom:author"), _names("atom:name atom:uri atom:email")),
    told=_named({"atom:title": "title"}),
    entry="".join(_names("atom:entry")),
    read=_named(
        {
            "atom:title": "title",
            "atom:link": "link",
            "atom:id": "guid",
            "atom:summary": "summary",
            "atom:content": "content",
            "atom:published": "published",
            "atom:updated": "updated",
            "atom:author": "author",
        }
    ),
    attributes={
        "link": frozenset({"rel", "href", "type", "title", "hreflang", "length"}),
        **dict.fromkeys(("title", "summary", "content"), _names("xml:lang") | {"type"}),
    },
    unread=_PICTURE | _names("atom:category media:content"),
)
_FORMATS = {form.enclosing[0]: form for form in (_RSS, _ATOM)}
# Kinds of text that feedparser takes as they are written; in Atom the first is no markup, and what is meant if none is
# named.
_TEXT = "text"
_KINDS = (_TEXT, "html", "text/html")
# How a document ends that says nothing more of its feed behind the last entry.
_END = re.compile(rb"\s*</(?:channel>\s*</rss|feed)>\s*")
[_AUTHOR_NAME] = _names("atom:name")
[_AUTHOR_URI] = _names("atom:uri")


class _NotPlainError(Exception):
    """It is for feedparser to read."""


@dataclass(frozen=True, slots=True)
class PlainEntries:
    """Reads the plain ones among the entries of a document. ``opening`` is a tag that declares the namespaces that are
    declared around them; ``before`` is what is said of the feed before the first, if that is plain as well."""

    form: _Format
    opening: bytes
    before: Mapping[str, str] | None

    def of_feed(self, end: bytes) -> Mapping[str, str] | None:
        """What the document says of the feed itself, by feedparser's names, if it ends in ``end`` behind the last of
        its entries; ``None`` unless that is plain."""
        return self.before if _END.fullmatch(end) else None

    def read(self, entry: bytes) -> Entry | None:
        """What the bytes of an entry of the document, which is well-formed, say; ``None`` unless it is plain."""
        if len(entry) > _LONGEST:
            return None
        try:
            whole = self.opening + entry + b"</_>"
            [element] = ElementTree.fromstring(whole)  # noqa: S314 - behind a start tag nothing can declare entities
            _require(element.tag == self.form.entry and not element.attrib)
            return _entry(self._said(element))
        except (_NotPlainError, ElementTree.ParseError):
            return None

    def _said(self, element: ElementTree.Element) -> dict[str, str]:
        said: dict[str, str] = {}
        form, is_atom = self.form, self.form is _ATOM
        for part in element:
            if part.tag in form.unread:
                _require(all(one.tag in _PICTURE and not len(one) for one in part))
                continue
            meaning = form.read.get(part.tag, "")
            known = not part.attrib or part.attrib.keys() <= form.attributes.get(meaning, frozenset())
            _require(meaning and known)
            if is_atom and meaning == "link":
                _require("href" in part.attrib and not len(part))
                if part.get("rel", "alternate").lower() != "alternate":
                    continue
                value = part.attrib["href"]
            elif is_atom and meaning == "author":
                value = _author(part)
            else:
                _require(not len(part))
                value = (part.text or "").strip()
            kind = part.get("type", _TEXT)
            _require(kind in _KINDS and meaning not in said and not _REWRITTEN.search(value))
            plain = is_atom and kind == _TEXT and meaning in ("title", "summary", "content")
            said[meaning] = escape(value, quote=False) if plain else value
            if meaning == "source":
                said["source_url"] = part.get("url", "").strip()
            if meaning == "guid" and part.get("isPermaLink", "true") == "true":
                said["permalink"] = value
        return said


def plain_entries(head: bytes) -> PlainEntries | None:
    """What reads the plain entries of a well-formed document that begins with ``head``; ``None`` where something before
    the first entry might bear on how they are read."""
    surroundings = _Surroundings()
    parser = expat.ParserCreate("UTF-8", "}")
    parser.StartElementHandler = surroundings.start
    parser.EndElementHandler = surroundings.end
    parser.CharacterDataHandler = surroundings.tell
    parser.StartNamespaceDeclHandler = surroundings.declare
    parser.Parse(head, False)
    form = surroundings.form()
    if form is None:
        return None
    declared = (f" xmlns{prefix and ':'}{prefix}={quoteattr(uri)}" for prefix, uri in surroundings.declared.items())
    return PlainEntries(form, f"<_{''.join(declared)}>".encode(), surroundings.told())


class _Surroundings:
    """What stands before the first entry."""

    def __init__(self) -> None:
        self.declared: dict[str, str] = {}
        self._open: list[str] = []
        self._plain = True
        # The texts of the elements that tell of the feed, and whether feedparser takes them as they are.
        self._texts: list[tuple[str, list[str]]] = []
        self._telling: list[str] | None = None
        self._told_plainly = True

    def declare(self, prefix: str | None, uri: str | None) -> None:
        # feedparser knows the usual prefixes by name, whatever they were declared to be.
        self._plain &= _SPACES.get(prefix or "", uri) == uri
        form = _FORMATS.get(self._open[0]) if self._open else None
        if not self._open or (form and len(self._open) < len(form.enclosing)):
            self.declared[prefix or ""] = uri or ""

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        self._open.append("{" + name if "}" in name else name)
        form = _FORMATS.get(self._open[0])
        depth = len(form.enclosing) if form else 0
        outer, inner = tuple(self._open[:depth]), self._open[depth:]
        self._plain &= (
            form is not None
            and outer == form.enclosing[: len(outer)]
            and len(inner) < 3
            and all(name in form.around for name in inner[:1])
            and all(name in form.around[inner[0]] for name in inner[1:])
            and not any(name.rpartition("}")[2].lower() == "base" for name in attributes)
        )

        self._telling = None
        if form and len(inner) == 1 and (meaning := form.told.get(inner[0])):
            self._telling = []
            self._texts.append((meaning, self._telling))
            names = {"{" + name if "}" in name else name for name in attributes}
            self._told_plainly &= names <= form.attributes.get(meaning, frozenset())
            self._told_plainly &= attributes.get("type", _TEXT) in _KINDS

    def tell(self, text: str) -> None:
        if self._telling is not None:
            self._telling.append(text)

    def end(self, _: str) -> None:
        self._open.pop()
        self._telling = None

    def told(self) -> Mapping[str, str] | None:
        """What the feed says of itself, if it says nothing twice and nothing that feedparser rewrites."""
        said = {meaning: "".join(parts).strip() for meaning, parts in self._texts}
        plain = self._told_plainly and len(said) == len(self._texts) and not _REWRITTEN.search("".join(said.values()))
        return said if plain else None

    def form(self) -> _Format | None:
        """How the entries that follow are written, if nothing but what they are made of tells how they are read."""
        form = _FORMATS.get(self._open[0]) if self._open else None
        return form if form and self._plain and tuple(self._open) == form.enclosing else None


def _entry(said: Mapping[str, str]) -> Entry:
    """The entry that says this, by feedparser's rules of what takes the place of what."""
    permalink = said.get("permalink")
    _require("guid" not in said or said["guid"])
    _require(permalink is None or _ADDRESS.fullmatch(permalink) or _NAME.fullmatch(permalink))
    _require("link" not in said or _ADDRESS.fullmatch(said["link"]))
    return Entry(
        guid=said.get("guid", ""),
        title=said.get("title", ""),
        texts=tuple(said[name] for name in ("summary", "content") if name in said),
        link=said.get("link", permalink or ""),
        dates=tuple(dict.fromkeys(said[name] for name in ("published", "updated") if said.get(name))),
        author=said.get("author", ""),
        source=said.get("source", ""),
        source_url=said.get("source_url", ""),
    )


def _author(part: ElementTree.Element) -> str:
    """An Atom author's name; one with an address of mail is told otherwise."""
    told = {one.tag: (one.text or "").strip() for one in part if not len(one) and not one.attrib}
    _require(len(told) == len(part) and told.get(_AUTHOR_NAME) and told.keys() <= {_AUTHOR_NAME, _AUTHOR_URI})
    return told[_AUTHOR_NAME]


def _require(plain: object) -> None:
    if not plain:
        raise _NotPlainError
