"""From bytes to items: identity, text, dates."""

from __future__ import annotations

import contextlib
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from loopback import rss

from monitor.feeds.document import Entry, NotAFeed, item_from, item_id
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
        ("yesterday, about noon", DateMark.UNREADABLE, NOW),
        ("Thu, 01 Jan 1970 00:00:00 GMT", DateMark.ABSURD, NOW),
        ("Tue, 31 May 2199 08:00:00 GMT", DateMark.FUTURE, NOW),
    ],
)
def test_dates_are_in_utc_and_never_later_than_the_fetch(date: str, mark: DateMark, published: datetime) -> None:
    found = item(date=date) if date else item()
    assert (found.date_mark, found.published) == (mark, published)


def test_an_item_may_name_its_own_source() -> None:
    body = rss({"title": "A", "source": "AFP"}, {"title": "B"})
    found = parse_feed(body, URL, NOW, "Aggregator").items
    assert [(i.publisher, i.source_name) for i in found] == [("Aggregator", "AFP"), ("Aggregator", "")]
    assert [i.publisher for i in parse_feed(body, URL, NOW).items] == ["Test feed", "Test feed"]


def test_atom_is_read_like_rss() -> None:
    body = b"""<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Atom</title>
    <entry><id>urn:1</id><title type="html">Girls &lt;i&gt;return&lt;/i&gt;</title>
    <updated>2022-05-01T00:00:00Z</updated><link href="https://example.org/1"/><summary>Short</summary>
    <content type="html">&lt;p&gt;The longer text&lt;/p&gt;</content>
    </entry></feed>"""
    (found,) = parse_feed(body, URL, NOW).items
    assert (found.title, found.text, found.link) == ("Girls return", "The longer text", "https://example.org/1")


def test_an_entry_that_stands_twice_is_one_item() -> None:
    assert len(items({"title": "A", "guid": "1"}, {"title": "A", "guid": "1"})) == 1


def test_two_entries_with_one_guid_are_two_items() -> None:
    found = items({"title": "A", "guid": "1"}, {"title": "Another", "guid": "1"})
    assert [i.title for i in found] == ["A", "Another"]
    assert len({i.id for i in found}) == 2


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


LAUGHS = b"""<?xml version="1.0"?>
<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol1 "&lol;&lol;&lol;&lol;&lol;&lol;&lol;">]>
<rss version="2.0"><channel><title>&lol1;</title></channel></rss>"""


@pytest.mark.parametrize(
    "declaration",
    [
        b'<!DOCTYPE rss [<!ENTITY lol "lol">]>',
        b'<!DOCTYPE rss [\n\n<!ENTITY big "' + b"x" * 1000 + b'">\n]>',
        b'<!DOCTYPE rss [<!ENTITY file SYSTEM "file:///etc/passwd">]>',
        b'<!DOCTYPE rss [<!ENTITY % outside SYSTEM "http://127.0.0.1/x.dtd"> %outside;]>',
        b"<!DOCTYPE rss [<!ELEMENT rss ANY>]>",
        b'<!DOCTYPE rss SYSTEM "http://127.0.0.1/x.dtd">',
        b'<!DOCTYPE rss PUBLIC "-//Somebody//DTD//EN" "http://127.0.0.1/x.dtd">',
        b'<!doctype rss [<!entity lol "lol">]>',
        b'<!-- a comment --><?pi <rss ?><!DOCTYPE rss [<!ENTITY lol "lol">]>',
        b'<?pi <!DOCTYPE ?>\n<!DOCTYPE rss PUBLIC "-//UserLand//DTD RSS 0.91//EN" "x" [<!ENTITY a "b">]>',
        b'<!ENTITY lol "lol">',
        b"<!DOCTYPE rss [",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-be", "utf-32", "utf-7", "cp037"])
def test_xml_that_declares_entities_or_a_document_type_is_refused(declaration: bytes, encoding: str) -> None:
    feed = '<rss version="2.0"><channel><title>t</title><item><title>&lol;</title></item></channel></rss>'
    document = f'<?xml version="1.0" encoding="{encoding}"?>\n{declaration.decode()}\n{feed}'
    with pytest.raises(NotAFeed, match="refused: it declares"):
        parse_feed(document.encode(encoding), URL, NOW)


def test_the_billion_laughs_are_refused_at_once() -> None:
    with pytest.raises(NotAFeed, match="XML entities"):
        parse_feed(LAUGHS, URL, NOW)


def test_the_document_type_of_rss_091_is_harmless_and_so_is_talk_of_entities() -> None:
    doctype = b"""<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN"
        "http://my.netscape.com/publish/formats/rss-0.91.dtd">"""
    body = b'<?xml version="1.0"?>' + doctype + b'<rss version="0.91"><channel><title>t</title><item>'
    body += b"<title>How &lt;!ENTITY works</title><description><![CDATA[<!ENTITY a 'b'>]]></description></item>"
    body += b"</channel></rss>"
    (found,) = parse_feed(body, URL, NOW).items
    assert found.title == "How <!ENTITY works"


def test_bytes_that_are_the_name_of_a_file_open_no_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret.xml"
    secret.write_bytes(rss({"title": "A secret"}))
    with pytest.raises(NotAFeed):
        parse_feed(str(secret).encode(), URL, NOW)


JSON_FEED = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "A JSON feed",
    "items": [
        {
            "id": "1",
            "url": "https://example.org/1",
            "title": "Girls return",
            "content_html": "<p>To <b>school</b></p>",
            "date_published": "2022-05-31T08:00:00+04:30",
            "authors": [{"name": "A Reporter"}],
        },
        {"id": 2, "content_text": "No title", "external_url": "https://example.org/2", "author": {"name": "Another"}},
        {"id": "3", "title": "Odd date", "date_published": "yesterday"},
        "not an item",
    ],
}


def test_json_feed_is_read_like_rss() -> None:
    parsed = parse_feed(json.dumps(JSON_FEED).encode(), URL, NOW)
    first, second, third = parsed.items
    assert (parsed.title, first.title, first.text) == ("A JSON feed", "Girls return", "To school")
    assert (first.link, first.author) == ("https://example.org/1", "A Reporter")
    assert first.published == datetime(2022, 5, 31, 3, 30, tzinfo=UTC)
    assert (second.title, second.author, second.date_mark) == ("No title", "Another", DateMark.MISSING)
    assert second.link == "https://example.org/2"
    assert third.date_mark is DateMark.UNREADABLE


@pytest.mark.parametrize(
    "document",
    [b"{", b"[" * 100_000, b'{"version": 1}', b'{"version": "https://jsonfeed.org/version/1", "items": 3}', b"{\xff}"],
)
def test_json_that_is_no_feed_is_said_to_be_none(document: bytes) -> None:
    with pytest.raises(NotAFeed):
        parse_feed(document, URL, NOW, headers={"content-type": "application/json"})


def test_what_a_server_calls_a_feed_does_not_decide_what_it_is() -> None:
    xml = parse_feed(rss({"title": "A"}), URL, NOW, headers={"content-type": "application/json"})
    assert xml.items[0].title == "A"
    named_xml = parse_feed(json.dumps(JSON_FEED).encode(), URL, NOW, headers={"content-type": "text/xml"})
    assert named_xml.title == "A JSON feed"


def test_a_page_given_instead_of_a_feed_names_the_feeds_it_links_to() -> None:
    page = b"""<!DOCTYPE html><html><head><base href="https://example.org/news/">
    <link rel="stylesheet" href="style.css"><link rel="alternate" type="text/html" href="/fa/">
    <link rel="Alternate" type="application/rss+xml" title="News" href="rss.xml">
    <link rel="alternate" type="application/atom+xml" href="javascript:alert(1)">
    <link rel="alternate home" type="application/feed+json" href="https://other.org/feed.json"></head></html>"""
    with pytest.raises(
        NotAFeed, match=r"links to https://example\.org/news/rss\.xml and https://other\.org/feed\.json:"
    ):
        parse_feed(page, URL, NOW)


@pytest.mark.parametrize(
    ("title", "is_error"),
    [
        ("Bridge returned error 404! (19345)", True),
        ("Error 503", True),
        ("404 Not Found", True),
        ("HTTP 502: Bad Gateway", True),
        ("Just a moment...", True),
        ("Attention Required! | Cloudflare", True),
        ("Access denied", True),
        ("Service Unavailable", True),
        ("Fatal error: Uncaught Exception in /srv/bridge.php:12", True),
        ("Access denied to women at Kabul's parks", False),
        ("404 schools are still closed", False),
        ("Minister not found at his post", False),
        ("An error of judgement, says the minister", False),
        ("Just a moment of peace in Kunduz", False),
    ],
)
def test_an_error_page_in_a_feeds_clothes_is_set_aside(title: str, is_error: bool) -> None:
    parsed = parse_feed(rss({"title": title, "guid": "1"}), URL, NOW)
    assert (len(parsed.suspects), len(parsed.items)) == ((1, 0) if is_error else (0, 1))


@pytest.mark.parametrize(
    ("element", "period"),
    [
        ("<ttl>60</ttl>", timedelta(hours=1)),
        ("<ttl>0</ttl>", None),
        ("<ttl>soon</ttl>", None),
        ("<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>", timedelta(minutes=15)),
        ("<sy:updatePeriod>daily</sy:updatePeriod>", timedelta(days=1)),
        ("<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>-1</sy:updateFrequency>", timedelta(days=1)),
        ("", None),
    ],
)
def test_how_often_a_feed_says_it_changes(element: str, period: timedelta | None) -> None:
    body = rss({"title": "A"}).replace(b"<title>Test", element.encode() + b"<title>Test")
    body = body.replace(b"<rss ", b"<rss xmlns:sy='http://purl.org/rss/1.0/modules/syndication/' ")
    assert parse_feed(body, URL, NOW).update_period == period


def test_the_spacing_of_items_is_the_mean_of_the_latest_ten() -> None:
    dates = [f"Tue, {day} May 2022 08:00:00 GMT" for day in range(10, 31)]
    assert parse_feed(rss(*({"title": d, "date": d} for d in dates)), URL, NOW).spacing == timedelta(days=1)
    assert parse_feed(rss({"title": "A"}, {"title": "B"}), URL, NOW).spacing is None


def test_an_entry_with_nothing_but_an_address_is_kept_and_so_is_a_relative_one() -> None:
    (found,) = parse_feed(rss({"link": "https://example.org/only"}), URL, NOW).items
    assert found.title == "https://example.org/only"
    assert item(link="/2022/1").link == "https://example.org/2022/1"
    assert item(link="javascript:alert(1)").link == ""


@given(
    st.sampled_from(["http://", "https://a.example", "https://a.example/b", "https://a.example:80/"]),
    st.text(st.sampled_from("ab./:;?#@&=%[]!'-_~+ \\{"), max_size=8),
)
def test_an_absolute_address_is_what_a_browser_on_that_page_would_ask_for(start: str, rest: str) -> None:
    given_link = f"{start}{rest}"
    entry = Entry(title="A", link=given_link)
    found = item_from(entry, None, URL, NOW, "Paper")
    assert found is not None
    try:
        joined = urljoin(URL, given_link.strip())
        expected = joined if urlsplit(joined).netloc else ""
    except ValueError:
        expected = ""
    assert found.link == expected


def test_a_feed_of_too_many_entries_says_so() -> None:
    parsed = parse_feed(rss(*({"title": str(number)} for number in range(5_003))), URL, NOW)
    assert len(parsed.items) == 5_000
    assert "5,003 entries" in parsed.warning


WORDS = [
    *b"<item> </item> <title> </title> <![CDATA[ ]]> <!-- --> &amp; &#x0; &lol; ]> <rss> <channel> < > \x00".split(),
    *(b"<guid>1</guid>", b"<pubDate>99</pubDate>", b"<a:b xmlns:a='c'>", b"<!DOCTYPE rss [", b"<!ENTITY a 'b'>"),
    *(b"<?xml version='1.0' encoding='utf-16'?>", b"\xff\xfe", b'"items":[', b'"', b"'", b"{"),
]
KINDS = ["", "application/json", "text/xml"]


@given(
    st.lists(st.sampled_from(WORDS), max_size=60).map(b"".join), st.sampled_from(["", "application/json", "text/xml"])
)
def test_no_mixture_of_the_parts_of_feeds_makes_the_parser_raise_anything_else(body: bytes, kind: str) -> None:
    with contextlib.suppress(NotAFeed):
        for found in parse_feed(body, URL, NOW, headers={"content-type": kind} if kind else None).items:
            assert found.title
            assert found.title.isprintable()
            assert found.published is not None


@given(st.text(min_size=1), st.text(), st.text(min_size=1), st.text(), st.text())
def test_identity_is_kept_through_edits_and_never_shared(
    guid: str, other: str, title: str, link: str, text: str
) -> None:
    assert item_id(URL, guid, link, title) == item_id(URL, guid, other, text)
    if other and other != guid:
        assert item_id(URL, guid, link, title) != item_id(URL, other, link, title)
    assert item_id(URL, guid, link, title) != item_id(URL + "2", guid, link, title)
    if (other, text) != (link, title):
        assert item_id(URL, "", link, title) != item_id(URL, "", other, text)
