"""From the bytes of a feed to UTF-8 that an XML parser accepts, so that one bad entry harms itself alone.

The encoding is decided once, for the whole document, by what is declared. What does not fit is then repaired where it
stands, and nothing else is touched: one strange byte must not change how its neighbours are read. So it is with markup.
Where the document is not well-formed, feedparser reads all of it by other, looser rules, under which even the ids of
sound entries change. Therefore the few places that XML forbids are rewritten, and all entries are read strictly.

A document that is in order passes after one run of expat, unchanged. All that is done takes time in proportion to the
document's length, whatever it holds.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from html import escape
from html.entities import html5
from typing import NamedTuple
from xml.parsers import expat

UTF_8 = "utf-8"
_BYTE_ORDER_MARKS = {
    codecs.BOM_UTF8: UTF_8,
    # Before UTF-16, whose little-endian mark begins like this one.
    codecs.BOM_UTF32_LE: "utf-32-le",
    codecs.BOM_UTF32_BE: "utf-32-be",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
# How "<" or "<?xm" looks in encodings in which no declaration can be read as ASCII.
_BEGINNINGS = {
    b"\0\0\0<": "utf-32-be",
    b"<\0\0\0": "utf-32-le",
    b"\0<": "utf-16-be",
    b"<\0": "utf-16-le",
    b"\x4c\x6f\xa7\x94": "cp037",
}
# Encodings that extend the one declared and are mostly meant by its name (https://encoding.spec.whatwg.org/#names).
_EXTENDED = {
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "utf-8-sig": UTF_8,
}
# ASCII that reads as something else in encodings which cannot be those of a document whose declaration could be read:
# UTF-16, EBCDIC, and Python's own for host names, Punycode, UTF-7 and escapes.
_ASCII = b"<?xml .xn--p1ai. +AGE- \\x41?>"
_ABOVE_ASCII = bytes(range(0x80, 0x100))

_DECLARATION = re.compile(rb"(?:\s|\xef\xbb\xbf)*+<\?xml(?=[\s?])[^<>]*+>")
_DECLARED = re.compile(rb"""\sencoding\s*+=\s*+["']\s*+([\w.:+-]{1,40}+)\s*+["']""")
_UTF_8_DECLARATION = b"<?xml version='1.0' encoding='utf-8'?>"
_XML_MEDIA_TYPE = re.compile(r"(?:application|text)/(?:xml(?:-dtd|-external-parsed-entity)?|.*\+xml)", re.IGNORECASE)

# What XML 1.0 forbids: controls but for tab and ends of lines, the code points of surrogates, U+FFFE and U+FFFF.
_CONTROLS_TO_SPACES = bytes(byte if byte in b"\t\n\r" or byte >= 0x20 else 0x20 for byte in range(0x100))
_NO_CHARACTERS = re.compile(rb"\xef\xbf[\xbe\xbf]")
_SURROGATE = re.compile(rb"\xed[\xa0-\xbf][\x80-\xbf]")


def declared_encoding(body: bytes, content_type: str) -> str:
    """The name of Python's codec for the encoding of an XML document with this HTTP header ``Content-Type``.

    By RFC 7303 a byte order mark counts most, then the header's ``charset``, then the XML declaration; UTF-8 is the
    default. Declarations are often wrong, and no other encoding looks like UTF-8: what mostly is UTF-8 is read so,
    unless two declarations agree on something else.
    """
    for known in (_BYTE_ORDER_MARKS, _BEGINNINGS):
        for beginning, encoding in known.items():
            if body.startswith(beginning):
                return encoding
    declaration = _DECLARATION.match(body)
    in_xml = _DECLARED.search(declaration.group()) if declaration else None
    names = (_parameter(content_type, "charset"), in_xml[1].decode("ascii", "replace") if in_xml else "")
    declared = [codec for name in names if (codec := _codec(name))]
    if len(declared) == 2 and declared[0] == declared[1]:
        return declared[0]
    others = [codec for codec in declared if codec != UTF_8]
    return UTF_8 if not others or _is_mostly_utf8(body) else others[0]


def utf8_document(body: bytes, content_type: str) -> tuple[bytes, Exception | None]:
    """An XML document that declares to be UTF-8, and the error if its bytes are not all of the encoding it was in.

    What was UTF-8 already is not checked here; :func:`mistake_in` finds what is wrong with it.
    """
    encoding = declared_encoding(body, content_type)
    mistake = None
    if encoding != UTF_8:
        try:
            text = body.decode(encoding)
        except UnicodeDecodeError as error:
            text, mistake = body.decode(encoding, "replace"), error
        body = text.encode("utf-8", "replace")
    declaration = _DECLARATION.match(body)
    rest = body[declaration.end() :] if declaration else body.removeprefix(codecs.BOM_UTF8)
    return _UTF_8_DECLARATION + rest, mistake


def not_xml(content_type: str | None) -> Exception | None:
    """What is wrong with an HTTP header ``Content-Type`` that does not announce XML."""
    media_type = (content_type or "").partition(";")[0].strip()
    if _XML_MEDIA_TYPE.fullmatch(media_type):
        return None
    return ValueError(f"{media_type} is not an XML media type" if media_type else "the answer has no media type")


def mistake_in(document: bytes) -> expat.ExpatError | None:
    """What is wrong with ``document``, which should be XML in UTF-8 and declare no document type."""
    try:
        expat.ParserCreate("UTF-8", " ").Parse(document, True)
    except expat.ExpatError as error:
        return error
    return None


def utf8_text(body: bytes) -> str:
    """``body``, which should be UTF-8, as text. A byte that does not fit is taken for Windows-1252, which it mostly is;
    the code point of a surrogate becomes a space."""
    return body.removeprefix(codecs.BOM_UTF8).decode(UTF_8, _REPAIR)


def repaired(document: bytes) -> bytes:
    """``document``, XML in UTF-8 that is not well-formed, with as little rewritten as makes it well-formed.

    Where the elements that hold entries, or the entries, do not nest, only what XML forbids in text is rewritten.
    """
    document = _NO_CHARACTERS.sub(b" ", utf8_text(document).encode().translate(_CONTROLS_TO_SPACES))
    # The tag in which a document breaks off.
    document = _HALF_A_TAG.sub(b"", document)
    parts = list(_parts(document))
    marks = _matching_tags(parts)
    if marks is None:
        return b"".join(_with_known_references(part.text) + part.readable for part in parts)
    marks = _with_prefixes_declared(parts, marks)
    # Where the document element has ended there are fewer marks than parts: what follows it is left out.
    return b"".join(_as_text(part.text) + mark for part, mark in zip(parts, marks, strict=False))


def _parameter(content_type: str, name: str) -> str:
    """The value of a parameter of an HTTP header."""
    for parameter in content_type.split(";")[1:]:
        key, _, value = parameter.partition("=")
        if key.strip().lower() == name:
            return value.strip().strip("\"'")
    return ""


def _codec(name: str) -> str | None:
    """Python's name for a declared encoding; ``None`` if it is unknown, impossible, or ASCII, of which all others are
    extensions."""
    try:
        codec = codecs.lookup(name).name
        if codec == "ascii" or _ASCII.decode(codec) != _ASCII.decode():
            return None
    except (LookupError, ValueError):
        return None
    return _EXTENDED.get(codec, codec)


def _is_mostly_utf8(body: bytes) -> bool:
    """Whether more of what is not ASCII is UTF-8 than is not."""
    text = body.decode(UTF_8, "replace")
    wrong = text.count("\ufffd")
    return len(text) - len(body.translate(None, _ABOVE_ASCII)) > 2 * wrong


def _repair(error: UnicodeError) -> tuple[str, int]:
    """What stands for bytes that are not UTF-8, and where to go on: the contract of ``codecs.register_error``."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    if surrogate := _SURROGATE.match(error.object, error.start):
        return " ", surrogate.end()
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


_REPAIR = "monitor.windows-1252"
codecs.register_error(_REPAIR, _repair)

_NCNAME = rb"[A-Za-z_\x80-\xff][\w.\x80-\xff-]*+"
_NAME = _NCNAME + rb"(?::" + _NCNAME + rb")?+"
_ATTRIBUTE = rb"\s++" + _NAME + rb"""\s*+=\s*+(?:"[^"<]*+"|'[^'<]*+')"""
_ATTRIBUTE_NAME = re.compile(rb"\s(" + _NAME + rb""")\s*+=\s*+(?:"[^"]*+"|'[^']*+')""")
_MARK = re.compile(
    rb"(?P<bounded><!--|<!\[CDATA\[|<\?)|</(?P<ended>"
    + _NAME
    + rb")\s*+>|<(?P<begun>"
    + _NAME
    + rb")(?P<attributes>(?:"
    + _ATTRIBUTE
    + rb")*+)\s*+(?P<alone>/?+)>"
)
_HALF_A_TAG = re.compile(rb"</?+[A-Za-z_][^<>]*+\Z")
_BOUNDS = {b"<!--": b"-->", b"<![CDATA[": b"]]>", b"<?": b"?>"}
_INSTRUCTION = re.compile(rb"<\?(?!xml[\s?])" + _NCNAME + rb"[\s?]", re.IGNORECASE)
# Elements that hold entries, and entries. To guess where one of these should have ended would move others' contents.
_STRUCTURE = frozenset({b"rss", b"channel", b"item", b"feed", b"entry", b"rdf:rdf"})
_STRUCTURE_UNREADABLE = re.compile(rb"</?+(?:" + b"|".join(sorted(_STRUCTURE)) + rb")(?![\w.:-])", re.IGNORECASE)
_REFERENCE = re.compile(
    rb"&(?:#(?P<decimal>[0-9]++);|#x(?P<hexadecimal>[0-9A-Fa-f]++);|(?P<name>[A-Za-z][0-9A-Za-z]*+);)?+"
)
_PREDEFINED = frozenset({b"amp", b"lt", b"gt", b"quot", b"apos"})


class _Part(NamedTuple):
    """Text, which may hold anything, and the markup behind it: a comment, a CDATA section, a processing instruction, or
    a tag, with the names of its element and attributes, and of the element that it begins or ends."""

    text: bytes
    mark: bytes = b""
    names: Sequence[bytes] = ()
    begun: bytes = b""
    ended: bytes = b""

    @property
    def readable(self) -> bytes:
        """The markup with every reference in it one that XML knows."""
        return _with_known_references(self.mark) if self.names else self.mark


def _parts(document: bytes) -> Iterator[_Part]:
    """``document`` parted at all that is markup by the rules of XML. What only begins like markup is text."""
    last = {opening: document.rfind(closing) for opening, closing in _BOUNDS.items()}
    done = at = 0
    while found := _MARK.search(document, at):
        at = found.end()
        bounded, begun, ended = found["bounded"], found["begun"] or b"", found["ended"] or b""
        names: list[bytes] = []
        if bounded:
            if last[bounded] < at:
                continue
            at = document.index(_BOUNDS[bounded], at) + len(_BOUNDS[bounded])
        else:
            names = [begun or ended, *_ATTRIBUTE_NAME.findall(found["attributes"] or b"")]
            if len(set(names[1:])) < len(names[1:]):
                continue
        text, mark = document[done : found.start()], document[found.start() : at]
        yield _Part(text, mark, names, b"" if found["alone"] else begun, ended)
        done = at
    yield _Part(document[done:])


def _matching_tags(parts: Sequence[_Part]) -> list[bytes] | None:
    """The markup of ``parts`` up to the end of the document element, with start and end tags in pairs; ``None`` if
    entries, or what holds them, are not.

    An element without an end tag is empty. An end tag without an element is left out.
    """
    if any(_STRUCTURE_UNREADABLE.search(part.text) for part in parts):
        return None
    marks = [b"" if number and _is_forbidden(part.mark) else part.readable for number, part in enumerate(parts)]
    opened: list[int] = []
    names: Counter[bytes] = Counter()
    for number, part in enumerate(parts):
        if part.begun:
            opened.append(number)
            names[part.begun] += 1
        elif part.ended and not names[part.ended]:
            marks[number] = b""
        elif part.ended:
            unended = _opened_since(part.ended, opened, parts)
            if any(parts[at].begun.lower() in _STRUCTURE for at in unended):
                return None
            for at in unended:
                marks[at] = marks[at][:-1] + b"/>"
            names.subtract([part.ended, *(parts[at].begun for at in unended)])
            if not opened:
                others = any(later.begun.lower() in _STRUCTURE for later in parts[number:])
                return None if others else marks[: number + 1]
    # The document breaks off.
    marks[-1] = b"".join(b"</" + parts[at].begun + b">" for at in reversed(opened))
    return marks


def _opened_since(name: bytes, opened: list[int], parts: Sequence[_Part]) -> list[int]:
    """Those of the elements ``opened`` that began after the last one of that name; they and it are taken off."""
    since = []
    while parts[at := opened.pop()].begun != name:
        since.append(at)
    return since


def _is_forbidden(mark: bytes) -> bool:
    """Whether it is a comment or a processing instruction such as XML forbids."""
    if mark.startswith(b"<!--"):
        return b"--" in mark[4:-2]
    return mark.startswith(b"<?") and not _INSTRUCTION.match(mark)


def _with_prefixes_declared(parts: Sequence[_Part], marks: list[bytes]) -> list[bytes]:
    """``marks`` with those prefixes of names declared at the document element that are declared nowhere."""
    names = {name for part in parts for name in part.names if b":" in name}
    declared = {name.removeprefix(b"xmlns:") for name in names if name.startswith(b"xmlns:")}
    missing = sorted({name.partition(b":")[0] for name in names} - declared - {b"xml", b"xmlns"})
    root = next((number for number, part in enumerate(parts) if part.names), None)
    if root is None or not missing:
        return marks
    end = 1 + len(parts[root].names[0])
    declarations = b"".join(b' xmlns:%b="undeclared:%b"' % (prefix, prefix) for prefix in missing)
    return [*marks[:root], marks[root][:end] + declarations + marks[root][end:], *marks[root + 1 :]]


def _as_text(text: bytes) -> bytes:
    """``text`` such that XML has no other use for any of it."""
    return _with_known_references(text).replace(b"<", b"&lt;").replace(b"]]>", b"]]&gt;")


def _with_known_references(text: bytes) -> bytes:
    return _REFERENCE.sub(_known_reference, text)


def _known_reference(found: re.Match[bytes]) -> bytes:
    """A reference that XML knows in place of one that it may not know, or of a mere ampersand."""
    written, name, decimal, hexadecimal = found.group(), found["name"], found["decimal"], found["hexadecimal"]
    if name in _PREDEFINED:
        return written
    if decimal or hexadecimal:
        digits = (decimal or hexadecimal).lstrip(b"0")
        # Eight digits are more than any character has, and a number of a million digits takes long to read.
        allowed = len(digits) < 8 and _is_allowed(int(digits or b"0", 10 if decimal else 16))
        return written if allowed else b" "
    character = html5.get(f"{name.decode()};") if name else None
    return escape(character).encode() if character else b"&amp;" + written[1:]


def _is_allowed(character: int) -> bool:
    """Whether XML 1.0 allows the code point."""
    return (
        character in (0x09, 0x0A, 0x0D)
        or 0x20 <= character < 0xD800
        or 0xE000 <= character < 0xFFFE
        or 0x10000 <= character < 0x110000
    )
