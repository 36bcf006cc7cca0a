"""A feed read in parts, what is new in it only, holds the same as the feed read whole."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.feeds.document import NotAFeed, ParsedFeed, Suspect
from monitor.feeds.known_entries import KnownEntries
from monitor.feeds.parse import parse_feed
from monitor.model import DateMark, Item

URL = "https://example.org/feed"
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def read(body: bytes, known: bytes = b"", now: datetime = NOW) -> ParsedFeed | None:
    try:
        return parse_feed(body, URL, now, known=known)
    except NotAFeed:
        return None


def hold_the_same(old: bytes, new: bytes) -> bool:
    """Assert that ``new`` read after ``old`` comes out as ``new`` read whole; whether anything was left out at all."""
    before, whole = read(old), read(new, now=NOW + timedelta(hours=1))
    assert before is not None
    parts = read(new, before.known, NOW + timedelta(hours=1))
    if whole is None or parts is None:
        assert whole is parts
        return False
    again = set(parts.again)
    told = {item.id: item for item in before.items}
    # What is not read again is stored already, word for word. Entries of one guid are told apart, and the same entry
    # under another id is recognised, when they are stored.
    kept = [told[key] for key in again]
    assert {_content(item) for item in whole.items} == {_content(item) for item in (*kept, *parts.items)}
    assert {_suspect(one) for one in whole.suspects} == {_suspect(one) for one in parts.suspects}
    for name in ("title", "warning", "update_period", "spacing"):
        assert getattr(whole, name) == getattr(parts, name), name
    assert KnownEntries.from_bytes(whole.known).entries.keys() == KnownEntries.from_bytes(parts.known).entries.keys()
    return bool(again)


def _content(item: Item) -> tuple[str, ...]:
    return item.guid, item.link, item.title, item.text, item.source_name


def _suspect(suspect: Suspect) -> tuple[str, ...]:
    return suspect.why, *_content(suspect.item)


def item(number: int, title: str = "", more: str = "") -> str:
    date = format_datetime(NOW - timedelta(hours=number), usegmt=True)
    told = title or f"Report {number}"
    return f"<item><guid>{number}</guid><title>{told}</title><pubDate>{date}</pubDate>{more}</item>"


def rss(*items: str, head: str = "<title>Paper</title>", root: str = "<rss version='2.0'>") -> bytes:
    return f"<?xml version='1.0'?>{root}<channel>{head}{''.join(items)}</channel></rss>".encode()


OLD = rss(item(1), item(2), item(3))


def test_only_what_is_new_is_read_again() -> None:
    first = read(OLD)
    assert first is not None
    later = read(rss(item(0), item(1), item(2), item(3)), first.known)
    assert later is not None
    assert [found.title for found in later.items] == ["Report 0"]
    assert later.again == tuple(found.id for found in first.items)


def test_an_edited_entry_is_read_again() -> None:
    first = read(OLD)
    assert first is not None
    later = read(rss(item(1, "Report 1, corrected"), item(2), item(3)), first.known)
    assert later is not None
    assert [found.title for found in later.items] == ["Report 1, corrected"]


@pytest.mark.parametrize(
    ("what", "new"),
    {
        "nothing new": OLD,
        "one more": rss(item(0), item(1), item(2), item(3)),
        "in another order": rss(item(3), item(1), item(2)),
        "one less": rss(item(1), item(3)),
        "all new": rss(item(7), item(8)),
        "another title of the feed": rss(item(0), item(1), item(2), head="<title>Gazette</title>"),
        "behind a comment": rss("<!-- <item> -->", item(0), item(1)),
        "in a CDATA section": rss(item(0, more="<description><![CDATA[<item>x</item>]]></description>"), item(1)),
        "more after the entries": rss(item(0), item(1), "<ttl>30</ttl>"),
        "an entry without anything": rss("<item/>", item(0), item(1)),
    }.items(),
)
def test_read_in_parts_it_holds_the_same(what: str, new: bytes) -> None:
    assert hold_the_same(OLD, new) is (what != "all new")


@pytest.mark.parametrize(
    ("what", "new"),
    {
        "is not well-formed": rss(item(0), item(1), "<b>"),
        "lost its end": rss(item(0), item(1), item(2))[:-40],
        "declares another namespace": rss(item(0), item(1), root="<rss version='2.0' xmlns:dc='http://x.example/'>"),
        "has another base": rss(item(0), item(1), root="<rss version='2.0' xml:base='http://x.example/'>"),
        "declares a namespace in an entry": rss(item(0, more="<a:b xmlns:a='http://x.example/'/>"), item(1)),
        "has an entry in an entry": rss(f"<item>{item(0)}</item>", item(1)),
        "has the same guid twice": rss(item(0), item(1), item(1, "Something else")),
        "hides an entry in an attribute": OLD.replace(b"<channel>", b'<channel a="' + item(1).encode() + b'">'),
    }.items(),
)
def test_a_feed_is_read_whole_where_less_would_not_be_the_same(what: str, new: bytes) -> None:
    assert not hold_the_same(OLD, new)


def test_an_entry_dated_in_the_future_is_read_until_it_is_not() -> None:
    body = rss(item(-30), item(1), item(2))
    first = read(body)
    assert first is not None
    assert first.items[0].date_mark is DateMark.FUTURE
    later = read(body, first.known, NOW + timedelta(days=3))
    assert later is not None
    assert [(found.title, found.date_mark) for found in later.items] == [("Report -30", DateMark.GIVEN)]


def test_what_is_known_survives_being_stored() -> None:
    first = read(rss(item(1), item(2), "<item><title>No date</title></item>"))
    assert first is not None
    known = KnownEntries.from_bytes(first.known)
    assert len(known.entries) == 3
    assert known.to_bytes() == first.known


MORE = st.sampled_from(
    [
        "",
        "<description>Some &lt;b&gt;text&lt;/b&gt;</description>",
        "<description><![CDATA[A </item> that is none]]></description>",
        "<link>/relative</link>",
        "<author>a@example.org (A)</author>",
        "<source url='http://s.example/'>Agency</source>",
        "<content:encoded xmlns='urn:x' xml:lang='fr'>Du texte</content:encoded>",
        "<dc:creator>B</dc:creator>",
        "<image><title>Picture</title></image>",
        "<!-- <item> -->",
        "<title>Another title</title>",
        "<pubDate>Sun, 01 Feb 2026 00:00:00 GMT</pubDate>",
        "<pubDate>long ago</pubDate>",
        "<error>",
    ]
)
ENTRY = st.builds(item, st.integers(0, 12), st.sampled_from(["", "Another", "Bridge returned error 502!"]), MORE)
ROOT = (
    "<rss version='2.0' xmlns:dc='http://purl.org/dc/elements/1.1/' "
    "xmlns:content='http://purl.org/rss/1.0/modules/content/'>"
)


@settings(max_examples=300, deadline=None)
@given(st.lists(ENTRY, max_size=8), st.lists(ENTRY, max_size=4), st.randoms())
def test_whatever_changes_in_a_feed_it_holds_the_same(entries: list[str], others: list[str], chance: Random) -> None:
    changed = [*entries, *others]
    chance.shuffle(changed)
    hold_the_same(rss(*entries, root=ROOT), rss(*changed[: chance.randint(0, len(changed))], root=ROOT))
