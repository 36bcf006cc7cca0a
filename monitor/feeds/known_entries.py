"""Cutting out of a feed what was read before, so that a poll costs what is new and not how long the feed is.

An entry whose bytes are those of an entry of the document read last is the same item again. It is cut out before
feedparser sees the rest, but only where that provably changes nothing: expat finds the whole document well-formed, so
the tags of entries are where they seem to be; what surrounds the entries declares the same as before; no entry declares
a namespace that others could use. Anything else is read whole.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from hashlib import blake2b

from monitor import __version__

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LETTERS = b"""(?:[^"'<>]|"[^"<]*"|'[^'<]*')*"""
# In a well-formed document nothing else can look like a tag.
_MARKS = re.compile(
    rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>|<(?P<end>/?)(?P<name>item|entry)(?:\s"
    + _LETTERS
    + rb")?(?P<alone>/?)>",
    re.DOTALL,
)
_START_TAG = re.compile(rb"<[^\s!?/>][^\s/>]*" + _LETTERS + rb">")
# A digest, an item's id (hexadecimal) and its time in microseconds, or the lowest number for none.
_RECORD = struct.Struct(">16s12sq")
_NO_TIME = -(2**63)


@dataclass(frozen=True, slots=True)
class KnownEntry:
    """The item that an entry became, and the time it bears itself (UTC), if it bears one that makes sense."""

    item: str
    published: datetime | None


@dataclass(frozen=True, slots=True)
class KnownEntries:
    """The entries of the document of a feed that was read last, by the digest of their bytes. ``context`` names all
    that lies outside an entry and yet bears on what it becomes."""

    context: bytes = b""
    entries: Mapping[bytes, KnownEntry] = field(default_factory=dict)

    def to_bytes(self) -> bytes:
        return self.context + b"".join(
            _RECORD.pack(mark, bytes.fromhex(entry.item), _microseconds(entry.published))
            for mark, entry in self.entries.items()
        )

    def renamed(self, names: Mapping[str, str]) -> KnownEntries:
        """The same, where the ids of items have been found to be others: ``names`` maps the old ones to the new."""
        entries = {mark: replace(one, item=names.get(one.item, one.item)) for mark, one in self.entries.items()}
        return KnownEntries(self.context, entries)

    @classmethod
    def from_bytes(cls, stored: bytes) -> KnownEntries:
        return cls(
            stored[:16],
            {
                mark: KnownEntry(item.hex(), None if at == _NO_TIME else _EPOCH + timedelta(microseconds=at))
                for mark, item, at in _RECORD.iter_unpack(stored[16:])
            },
        )


def _microseconds(moment: datetime | None) -> int:
    return _NO_TIME if moment is None else (moment - _EPOCH) // timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class CutDocument:
    """A document parted at its entries: ``parts`` are the bytes of each with what follows it, ``marks`` the digests of
    the entries."""

    head: bytes
    parts: Sequence[tuple[bytes, bytes]]
    marks: Sequence[bytes]
    context: bytes

    def without(self, left_out: Container[bytes]) -> bytes:
        """The document with only those entries whose digests are not ``left_out``."""
        kept = [self.head]
        for mark, (entry, after) in zip(self.marks, self.parts, strict=True):
            kept += (after,) if mark in left_out else (entry, after)
        return b"".join(kept)


def cut(document: bytes, surroundings: Iterable[str]) -> CutDocument | None:
    """``document`` (well-formed, UTF-8, without a document type) parted at its entries; ``None`` where that is not
    provably right.

    ``surroundings`` is what bears on every entry and does not stand in the document, such as the feed's address.
    """
    found = _entries(document)
    if not found or b"xmlns:" in document[found[0][0] : found[-1][1]]:
        return None
    head = document[: found[0][0]]
    ends = [*(start for start, _ in found[1:]), len(document)]
    parts = [(document[start:end], document[end:after]) for (start, end), after in zip(found, ends, strict=True)]
    # A second title counts for feedparser only where an entry stands before it.
    if any(b"title" in after.lower() for _, after in parts):
        return None
    return CutDocument(
        head,
        parts,
        [_digest(entry) for entry, _ in parts],
        _digest(b"\0".join([__version__.encode(), *(s.encode() for s in surroundings), *_declarations(head)])),
    )


def _entries(document: bytes) -> list[tuple[int, int]]:
    """Where each entry begins and ends; nothing if one lies inside another."""
    found: list[tuple[int, int]] = []
    begun: tuple[int, bytes] | None = None
    for mark in _MARKS.finditer(document):
        name = mark.group("name")
        if not name:
            continue
        if begun is None:
            if mark.group("end"):
                return []
            if mark.group("alone"):
                found.append(mark.span())
            else:
                begun = mark.start(), name
        elif mark.group("end") and name == begun[1]:
            found.append((begun[0], mark.end()))
            begun = None
        else:
            return []
    return found if begun is None else []


def _declarations(head: bytes) -> list[bytes]:
    """The tags before the first entry that may hold it or say something about it."""
    tags: list[bytes] = _START_TAG.findall(head)
    return [tag for number, tag in enumerate(tags) if number < 2 or b"xml" in tag]


def _digest(data: bytes) -> bytes:
    return blake2b(data, digest_size=16).digest()
