"""Every document of a folder of feeds through the parser, whole and mangled, against feedparser alone.

The documents are not ours to carry: ``MONITOR_TEST_CORPUS`` names a folder of them. Continuous integration takes those
that feedparser's own source archive brings.
"""

from __future__ import annotations

import io
import os
import random
import time
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import feedparser
import pytest
from test_known_entries import hold_the_same

from monitor.feeds.document import NotAFeed, ParsedFeed
from monitor.feeds.feedparser_entry import entry_from, is_atom
from monitor.feeds.known_entries import KnownEntries, cut
from monitor.feeds.parse import as_unicode, parse_feed
from monitor.feeds.plain_entries import plain_entries
from monitor.feeds.plain_text import plain_text

NOW = datetime(2026, 1, 1, tzinfo=UTC)
FOLDER = os.environ.get("MONITOR_TEST_CORPUS", "")
pytestmark = pytest.mark.skipif(not FOLDER, reason="MONITOR_TEST_CORPUS names no folder of feed documents")


def documents() -> Iterator[tuple[Path, bytes]]:
    for path in sorted(Path(FOLDER).rglob("*")):
        if path.is_file() and path.stat().st_size:
            yield path, path.read_bytes()


def parsed(body: bytes) -> ParsedFeed | None:
    """What is made of it, within the time that any document may take; ``None`` for what is refused in words."""
    began = time.monotonic()
    try:
        return parse_feed(body, "https://example.org/feed", NOW)
    except NotAFeed:
        return None
    finally:
        assert time.monotonic() - began < 10


def entries_of(body: bytes) -> set[tuple[str, ...]]:
    """The entries that feedparser alone finds and that hold anything; those that a reader could not tell apart once."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found: list[Any] = feedparser.parse(io.BytesIO(body)).entries
    return {told for entry in found if any(told := _told(entry))}


def _told(entry: Any) -> tuple[str, ...]:
    content = " ".join(str(one.get("value", "")) for one in entry.get("content", ()))
    texts = (plain_text(str(entry.get("title", ""))), plain_text(str(entry.get("summary", "")) or content))
    return str(entry.get("id", "")), str(entry.get("link", "")), *texts


def test_no_entry_is_lost_or_merged_against_feedparser_alone() -> None:
    read = refused = 0
    for path, body in documents():
        expected = entries_of(body)
        result = parsed(body)
        read += 1
        if result is None:
            # Only what declares entities or a document type may be refused where feedparser finds something.
            declares = b"<!ENTITY" in body.upper() or b"<!DOCTYPE" in body.upper()
            assert not expected or declares, path
            refused += bool(expected)
        else:
            assert len(result.items) + len(result.suspects) >= len(expected), path
    assert read > 100
    assert refused < read / 100


def test_every_document_read_in_parts_holds_the_same() -> None:
    chance = random.Random(2021)
    left_out = 0
    for path, body in documents():
        whole = parsed(body)
        if whole is None or not KnownEntries.from_bytes(whole.known).entries:
            continue
        document, _ = as_unicode(body, {})
        parted = cut(document, ())
        assert parted is not None, path
        for _ in range(4):
            # The document before had some of the entries, and perhaps in this one some are gone.
            older, newer = (
                parted.without({mark for mark in parted.marks if chance.random() < share}) for share in (0.5, 0.2)
            )
            for before, after in ((older, document), (older, newer), (document, newer), (document, document)):
                left_out += hold_the_same(before, after)
    assert left_out > 500


TOLD = ("title", "ttl", "sy_updateperiod", "sy_updatefrequency")


def test_what_is_read_plainly_is_what_feedparser_reads() -> None:
    plain = 0
    for path, body in documents():
        try:
            document, _ = as_unicode(body, {})
        except NotAFeed:
            continue
        parted = cut(document, ())
        reader = plain_entries(parted.head) if parted else None
        if parted is None or reader is None:
            continue
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = feedparser.parse(io.BytesIO(document), sanitize_html=False, resolve_relative_uris=False)
        told = reader.of_feed(parted.parts[-1][1])
        assert told is None or all(told.get(name, "") == found.feed.get(name, "") for name in TOLD), path
        for entry, (written, _) in zip(found.entries, parted.parts, strict=True):
            read = reader.read(written)
            assert read is None or read == entry_from(entry, is_atom(found)), path
            plain += read is not None
    assert plain > 100


def test_no_mangled_document_crashes_or_hangs() -> None:
    chance = random.Random(2021)
    bodies = [body for _, body in documents() if len(body) < 50_000]
    for _ in range(int(os.environ.get("MONITOR_TEST_MANGLED", "4000"))):
        body = bytearray(chance.choice(bodies))
        for _ in range(chance.randint(1, 8)):
            where = chance.randrange(len(body) + 1)
            match chance.randrange(5):
                case 0:
                    body[where:where] = chance.randbytes(chance.randint(1, 9))
                case 1:
                    del body[where : where + chance.randint(1, 200)]
                case 2:
                    body[where:where] = body[: chance.randint(1, 300)] * chance.randint(1, 20)
                case 3:
                    body[where:where] = chance.choice([b"<", b"&", b"]]>", b"<![CDATA[", b"<!--", b"\x00", b"\xff\xfe"])
                case 4:
                    other = chance.choice(bodies)
                    body[where:where] = other[chance.randrange(len(other)) :][:500]
        parsed(bytes(body))
