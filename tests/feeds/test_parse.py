"""From bytes to items: identity, text, dates."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from loopback import rss

from monitor.feeds.document import NotAFeed
from monitor.feeds.parse import parse_feed
from monitor.feeds.plain_text import plain_text
from monitor.model import DateMark, Item

NOW = datetime(2022, 6, 1, 12, tzinfo=UTC)
URL = "https://example.org/feed.xml"


def items(*entries: dict[str, str]) -> tuple[Item, ...]:
    return parse_feed(rss(*entries), URL, NOW).items


def item(**entry: str) -> Item:
    (found,) = items({"title": "A title", **entry})
    return found


def test_text_is_freed_of_markup() -> None:
    found = item(
        title="Schools &amp;amp; girls",
        text="&lt;p&gt;One &lt;b&gt;two&lt;/b&gt;.&lt;/p&gt;&lt;script&gt;x()&lt;/script&gt;",
    )
    assert (found.title, found.text) == ("Schools & girls", "One two.")


def test_a_guid_is_the_identity_within_its_feed() -> None:
    first = item(guid="1", title="Old title")
    edited = item(guid="1", title="New title")
    elsewhere = parse_feed(rss({"guid": "1", "title": "Old title"}), "https://example.org/other.xml", NOW).items[0]
    assert first.id == edited.id
    assert first.version != edited.version
    assert first.id != elsewhere.id


def test_without_a_guid_link_and_title_are_the_identity() -> None:
    first = item(link="https://example.org/1", title="A")
    assert item(link="https://example.org/1", title="A", text="more").id == first.id
    assert item(link="https://example.org/2", title="A").id != first.id


@pytest.mark.parametrize(
    ("date", "mark", "published"),
    [
        ("Tue, 31 May 2022 08:00:00 GMT", DateMark.GIVEN, datetime(2022, 5, 31, 8, tzinfo=UTC)),
        ("Tue, 31 May 2022 08:00:00 +0430", DateMark.GIVEN, datetime(2022, 5, 31, 3, 30, tzinfo=UTC)),
        ("2022-05-31T08:00:00Z", DateMark.GIVEN, datetime(2022, 5, 31, 8, tzinfo=UTC)),
        ("Wed, 01 Jun 2022 12:05:00 GMT", DateMark.GIVEN, NOW),
        ("", DateMark.MISSING, NOW),
        ("yesterday, about noon", DateMark.ABSURD, NOW),
        ("Thu, 01 Jan 1970 00:00:00 GMT", DateMark.ABSURD, NOW),
        ("Tue, 31 May 2199 08:00:00 GMT", DateMark.FUTURE, NOW),
    ],
)
def test_dates_are_in_utc_and_never_later_than_the_fetch(date: str, mark: DateMark, published: datetime) -> None:
    found = item(date=date) if date else item()
    assert (found.date_mark, found.published) == (mark, published)


def test_an_item_may_name_its_own_source() -> None:
    body = rss({"title": "A", "source": "AFP"}, {"title": "B"})
    assert [i.publisher for i in parse_feed(body, URL, NOW, "Aggregator").items] == ["AFP", "Aggregator"]
    assert [i.publisher for i in parse_feed(body, URL, NOW).items] == ["AFP", "Test feed"]


def test_atom_is_read_like_rss() -> None:
    body = b"""<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Atom</title>
    <entry><id>urn:1</id><title type="html">Girls &lt;i&gt;return&lt;/i&gt;</title>
    <updated>2022-05-01T00:00:00Z</updated><link href="https://example.org/1"/><summary>Short</summary>
    <content type="html">&lt;p&gt;The longer text&lt;/p&gt;</content>
    </entry></feed>"""
    (found,) = parse_feed(body, URL, NOW).items
    assert (found.title, found.text, found.link) == ("Girls return", "The longer text", "https://example.org/1")


def test_an_entry_that_stands_twice_is_one_item() -> None:
    assert len(items({"title": "A", "guid": "1"}, {"title": "A again", "guid": "1"})) == 1


def test_a_lie_about_the_encoding_does_not_lose_the_feed() -> None:
    body = rss({"title": "Café in Kabul"}).replace(
        b"<?xml version='1.0'?>", b"<?xml version='1.0' encoding='us-ascii'?>"
    )
    parsed = parse_feed(body, URL, NOW, headers={"content-type": "text/xml; charset=utf-8"})
    assert parsed.items[0].title == "Café in Kabul"


def test_control_characters_cannot_reach_a_terminal() -> None:
    found = parse_feed(rss({"title": "Safe &#27;[31mred&#7; &#x202e;text"}), URL, NOW).items
    assert all(char.isprintable() for i in found for char in i.title)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "empty"),
        (b"  \n ", "empty"),
        (b"<!DOCTYPE html><html><body>Hello</body></html>", "web page"),
        (b"this is not xml", "not RSS, Atom or JSON Feed"),
        (b"\x00\x01\x02\xff", "not RSS, Atom or JSON Feed"),
        (b'{"error": "gone"}', "not RSS, Atom or JSON Feed"),
    ],
)
def test_what_is_no_feed_is_said_to_be_none(body: bytes, said: str) -> None:
    with pytest.raises(NotAFeed, match=said):
        parse_feed(body, URL, NOW)


def test_a_feed_without_entries_is_a_feed() -> None:
    assert parse_feed(rss(), URL, NOW).items == ()


def test_a_feed_cut_off_in_the_middle_keeps_what_came_before() -> None:
    body = rss({"title": "First"}, {"title": "Second"})
    parsed = parse_feed(body[: body.index(b"Second")], URL, NOW)
    assert parsed.items[0].title == "First"
    assert parsed.warning


@given(st.binary(max_size=400))
def test_no_bytes_make_the_parser_raise_anything_else(body: bytes) -> None:
    with contextlib.suppress(NotAFeed):
        parse_feed(b"<rss><channel><item><title>" + body, URL, NOW)


@given(st.text())
def test_plain_text_holds_no_control_characters(text: str) -> None:
    assert not any(ord(char) < 32 or 127 <= ord(char) < 160 for char in plain_text(text))
