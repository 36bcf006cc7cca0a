"""An entry of the plainest shape is read to what feedparser makes of it, and nothing else is taken for one."""

from __future__ import annotations

import io
import warnings
from datetime import UTC, datetime
from html import escape

import feedparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.feeds.document import Entry
from monitor.feeds.feedparser_entry import entry_from, is_atom
from monitor.feeds.known_entries import cut
from monitor.feeds.parse import parse_feed
from monitor.feeds.plain_entries import plain_entries

URL = "https://example.org/feed"
NOW = datetime(2026, 1, 1, tzinfo=UTC)
RSS = (
    "<rss version='2.0' xmlns:dc='http://purl.org/dc/elements/1.1/' xmlns:media='http://search.yahoo.com/mrss/' "
    "xmlns:content='http://purl.org/rss/1.0/modules/content/' xmlns:atom='http://www.w3.org/2005/Atom'><channel>"
    "<title>Paper</title><atom:link rel='self' href='/feed'/><link>https://paper.example/</link>"
)
ATOM = "<feed xmlns='http://www.w3.org/2005/Atom' xml:lang='en'><title>Paper</title><id>tag:paper</id>"


def document(head: str, *entries: str) -> bytes:
    end = "</channel></rss>" if "<channel>" in head else "</feed>"
    return f"<?xml version='1.0' encoding='UTF-8'?>{head}{''.join(entries)}{end}".encode()


def read_plainly(head: str, *entries: str) -> list[Entry | None]:
    parted = cut(document(head, *entries), ())
    assert parted is not None
    reader = plain_entries(parted.head)
    return [reader.read(entry) if reader else None for entry, _ in parted.parts]


def read_by_feedparser(head: str, *entries: str) -> list[Entry]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = feedparser.parse(io.BytesIO(document(head, *entries)), sanitize_html=False, resolve_relative_uris=False)
        return [entry_from(entry, is_atom(found)) for entry in found.entries]


def item(*parts: str) -> str:
    return f"<item>{''.join(parts)}</item>"


def atom(*parts: str) -> str:
    return f"<entry>{''.join(parts)}</entry>"


DATE = "<pubDate>Mon, 30 Aug 2021 18:00:00 +0430</pubDate>"


@pytest.mark.parametrize(
    ("head", "entry"),
    [
        (RSS, item("<pubDate>yesterday</pubDate>")),
        (RSS, item("<pubDate>Mon, 31 Feb 2021 18:00:00 GMT</pubDate>")),
        (ATOM, atom("<published>2021-08-30T25:00:00Z</published>")),
        (RSS, item("<title>A</title><link>https://a.example/1?a=1&amp;b=2</link>", DATE)),
        (RSS, item("<title><![CDATA[A & <b>B</b>]]></title><guid isPermaLink='false'>7</guid>")),
        (RSS, item("<guid>https://a.example/1</guid><description>&lt;p&gt;A&lt;/p&gt;\r\n</description>")),
        (RSS, item("<description>A</description><content:encoded><![CDATA[<p>B</p>]]></content:encoded>")),
        (RSS, item("<content:encoded>B</content:encoded><description>A</description>")),
        (RSS, item("<content:encoded>B</content:encoded>")),
        (RSS, item("<title>A</title><dc:creator>B</dc:creator><dc:date>2021-08-30T13:30:00.25Z</dc:date>", DATE)),
        (RSS, item("<title>A</title><author>b@c.example (B)</author><category>World</category><category/>")),
        (RSS, item("<title>A</title><media:content url='u'><media:credit>B</media:credit></media:content>")),
        (RSS, item("<title>Caf\u00e9, \u201cA\u201d &#8211; \U0001f600 &#xe9;</title><source url='u'>Agency</source>")),
        (RSS, item("<title>A</title><source>Agency</source>")),
        (RSS, item("<title>A</title><source url=' https://b.example/feed '/>")),
        (RSS, item("<title>A<!-- not --> B</title>")),
        (RSS.replace("<title>", "<image><url>u</url><title>P</title></image><title>", 1), item("<title>A</title>")),
        (ATOM, atom("<title type='html'>A &amp;amp; B</title><link href='https://a.example/1'/><id>tag:a:1</id>")),
        (ATOM, atom("<id>https://a.example/1</id><updated>2021-08-30T18:00:00+04:30</updated><title>A</title>")),
        (ATOM, atom("<link rel='self' href='u'/><published>2021-08-30T18:00:00Z</published><summary>A</summary>")),
        (
            ATOM,
            atom(
                "<title>A &lt;b&gt; &amp;amp;</title><summary type='text'>&lt;p&gt;B</summary><content>C &lt;</content>"
            ),
        ),
        (ATOM, atom("<author>\n<name>A</name><uri>https://a.example/</uri></author><content type='html'>B</content>")),
    ],
)
def test_a_plain_entry_is_read_as_feedparser_reads_it(head: str, entry: str) -> None:
    [read] = read_plainly(head, entry)
    assert read is not None
    assert [read] == read_by_feedparser(head, entry)


@pytest.mark.parametrize(
    ("head", "entry"),
    [
        (RSS, item("<title>A</title><title>B</title>")),
        (RSS, item("<title>A</title><media:title>B</media:title>")),
        (RSS, item("<media:content url='u'><media:title>B</media:title></media:content>")),
        (RSS, item("<title>A</title><media:description>B</media:description>")),
        (RSS, item("<title>A</title><dc:description>B</dc:description>")),
        (RSS, item("<description>A</description><description>B</description>")),
        (RSS, item("<title>A <b>B</b></title>")),
        (RSS, item("<title type='html'>A</title>")),
        (RSS, item("<title>caf\u00c3\u00a9</title>")),
        (RSS, item("<title>A \u0096 B</title>")),
        (RSS, item("<link>/relative</link>")),
        (RSS, item("<link>https://a.example/?a&amp;copy;</link>")),
        (RSS, item("<link>javascript:alert(1)</link>")),
        (RSS, item("<guid>1</guid>")),
        (RSS, item("<title>A</title><div xmlns='urn:x'/>")),
        (RSS, "<item about='x'><title>A</title></item>"),
        (RSS, item("<title>A</title><description>" + "x" * 200_000 + "</description>")),
        (RSS.replace("<rss ", "<rss xml:base='https://b.example/' "), item("<title>A</title>")),
        (RSS.replace("<title>", "<item-like/><title>", 1), item("<title>A</title>")),
        (RSS.replace("xmlns:dc='http://purl.org/dc/elements/1.1/'", "xmlns:dc='urn:x'"), item("<title>A</title>")),
        (RSS.replace("<rss ", "<rss xmlns='urn:x' "), item("<title>A</title>")),
        (ATOM, atom("<title type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>A</div></title>")),
        (ATOM, atom("<link href='https://a.example/1'/><link href='https://a.example/2'/>")),
        (ATOM, atom("<content src='https://a.example/1'/>")),
        (ATOM, atom("<content type='image/png'>Zm9v</content>")),
        (ATOM, atom("<author><name>A</name><email>a@b.example</email></author>")),
        (ATOM, atom("<source><title>B</title></source>")),
    ],
)
def test_anything_else_is_left_to_feedparser(head: str, entry: str) -> None:
    assert read_plainly(head, entry) == [None]


TEXT = st.one_of(
    st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"), max_size=12),
    st.sampled_from(["", " ", "A", "<p>A</p>", "&lt;", "&eacute;", "\u00c3\u00a9", "caf\u00e9", "a\r\nb", "\x85"]),
).map(escape)
LINK = st.sampled_from(
    [
        "https://a.example/1",
        "http://a.example",
        "https://a.example/?a=1&amp;b=2",
        "https://a.example/a;b",
        "https://a.example/../b",
        "https://a.example?",
        "https://a.example:80/x#y",
        "https:///a",
        "/a",
        "mailto:a@b.example",
        "tag:a:1",
        "urn:b",
        "17",
    ]
)
WHEN = st.one_of(
    st.datetimes().map(lambda t: t.strftime("%a, %d %b %Y %H:%M:%S +0430")),
    st.datetimes().map(lambda t: t.isoformat() + "-08:00"),
    st.sampled_from(["1 Oct 2021 10:00:00 GMT", "Sat, 02 Oct 2021 10:00:60 GMT", "2021-10-02", "long ago", ""]),
    st.sampled_from(["Mon, 01 Jan 0001 00:00:00 +0900", "Fri, 31 Dec 9999 23:59:59 -0900", "2021-10-02T10:00:00Z"]),
)
OF_AN_ITEM = st.one_of(
    st.builds("<title>{}</title>".format, TEXT),
    st.builds("<link>{}</link>".format, LINK),
    st.builds("<guid{}>{}</guid>".format, st.sampled_from(["", " isPermaLink='false'", " isPermaLink='no'"]), LINK),
    st.builds("<description>{}</description>".format, TEXT),
    st.builds("<content:encoded>{}</content:encoded>".format, TEXT),
    st.builds("<pubDate>{}</pubDate>".format, WHEN),
    st.builds("<dc:date>{}</dc:date>".format, WHEN),
    st.builds("<{0}>{1}</{0}>".format, st.sampled_from(["author", "dc:creator", "category", "media:credit"]), TEXT),
    st.builds("<source url='u'>{}</source>".format, TEXT),
    st.builds("<media:content url='u'><media:credit>{}</media:credit></media:content>".format, TEXT),
    st.sampled_from(["<image><title>P</title></image>", "<!-- <title>A</title> -->", "<div><p>A</p></div>", "\n"]),
)
OF_AN_ENTRY = st.one_of(
    st.builds("<{0}{1}>{2}</{0}>".format, st.sampled_from(["title", "summary", "content"]),
              st.sampled_from(["", " type='html'", " type='text'", " xml:lang='fr'", " type='text/html'"]), TEXT),
    st.builds("<link{} href='{}'/>".format,
              st.sampled_from(["", " rel='alternate'", " rel='self'", " type='text/html'", " rel='Alternate'"]), LINK),
    st.builds("<id>{}</id>".format, LINK),
    st.builds("<{0}>{1}</{0}>".format, st.sampled_from(["published", "updated"]), WHEN),
    st.builds("<author><name>{}</name><uri>{}</uri></author>".format, TEXT, LINK),
    st.sampled_from(["<category term='a'/>", "<content type='xhtml'><div>A</div></content>", "<content src='u'/>"]),
)  # fmt: skip


@settings(max_examples=250, deadline=None)
@given(
    st.one_of(
        st.tuples(st.just(RSS), st.lists(st.lists(OF_AN_ITEM, max_size=5).map(lambda p: item(*p)), min_size=1)),
        st.tuples(st.just(ATOM), st.lists(st.lists(OF_AN_ENTRY, max_size=5).map(lambda p: atom(*p)), min_size=1)),
    )
)
def test_whatever_a_feed_holds_it_is_what_feedparser_reads(made: tuple[str, list[str]]) -> None:
    head, entries = made
    expected = read_by_feedparser(head, *entries)
    for read, told in zip(read_plainly(head, *entries), expected, strict=True):
        assert read is None or read == told
    # An entry that declares a namespace has the document read whole, and has nothing in it to be told of.
    odd = item("<a xmlns:q='urn:q'/>") if head == RSS else atom("<a xmlns:q='urn:q'/>")
    whole = parse_feed(document(head, odd, *entries), URL, NOW)
    assert parse_feed(document(head, *entries), URL, NOW).items == whole.items


OF_A_CHANNEL = st.one_of(
    st.builds("<title>{}</title>".format, TEXT),
    st.builds("<title type='{}'>A</title>".format, st.sampled_from(["text", "html", "xhtml", "x"])),
    st.builds("<ttl>{}</ttl>".format, st.sampled_from(["60", " 5 ", "0", "soon"])),
    st.builds("<{0}>{1}</{0}>".format, st.sampled_from(["sy:updatePeriod", "sy:updateFrequency"]),
              st.sampled_from(["hourly", "daily", "2", ""])),
    st.builds("<image><url>u</url><title>{}</title></image>".format, TEXT),
    st.sampled_from(["<!-- <title>A</title> -->", "\n", "<link>/</link>", "<description>A</description>", "<odd/>"]),
)  # fmt: skip
OF_A_FEED = st.one_of(
    st.builds("<title{}>{}</title>".format, st.sampled_from(["", " type='text'", " type='html'", " xml:lang='fr'",
              " type='application/xml'", " mode='base64'"]), TEXT),
    st.sampled_from(["<subtitle>A</subtitle>", "<link href='/'/>", "<author><name>A</name></author>", "<ttl>5</ttl>"]),
)  # fmt: skip


@settings(max_examples=250, deadline=None)
@given(
    st.one_of(
        st.tuples(st.just("<rss version='2.0' xmlns:sy='http://purl.org/rss/1.0/modules/syndication/'><channel>"),
                  st.lists(OF_A_CHANNEL), st.lists(OF_A_CHANNEL, max_size=1)),
        st.tuples(st.just("<feed xmlns='http://www.w3.org/2005/Atom'>"),
                  st.lists(OF_A_FEED), st.lists(OF_A_FEED, max_size=1)),
    )
)  # fmt: skip
def test_what_a_feed_says_of_itself_is_what_feedparser_reads(made: tuple[str, list[str], list[str]]) -> None:
    opening, before, after = made
    head = opening + "".join(before)
    plain, odd = (item("<title>B</title>"), item("<a xmlns:q='urn:q'/>"))
    if "<feed" in opening:
        plain, odd = (atom("<title>B</title>"), atom("<a xmlns:q='urn:q'/>"))
    first, whole = (parse_feed(document(head, entry, *after), URL, NOW) for entry in (plain, odd))
    again = parse_feed(document(head, plain, *after), URL, NOW, known=first.known)
    expected = whole.title, whole.update_period
    assert (first.title, first.update_period) == expected
    assert (again.title, again.update_period) == expected


def test_a_plain_feed_tells_of_itself_without_feedparser() -> None:
    spaces = "xmlns:sy='http://purl.org/rss/1.0/modules/syndication/'"
    said = "<title>The &amp; Paper</title><ttl>30</ttl><sy:updatePeriod>daily</sy:updatePeriod>"
    reader = plain_entries(f"<rss {spaces}><channel>{said}<link>https://paper.example/</link>".encode())
    assert reader is not None
    told = {"title": "The & Paper", "ttl": "30", "sy_updateperiod": "daily"}
    assert reader.of_feed(b"\n</channel>\n</rss>\n") == told
    assert reader.of_feed(b"<title>Another</title></channel></rss>") is None


def test_entries_with_something_between_them_are_left_to_feedparser() -> None:
    first, second = item("<title>A</title>"), item("<title>B</title><guid>https://a.example/2</guid>")
    apart = document(RSS, first, f"<source>{second}</source>")
    odd = document(RSS, item("<a xmlns:q='urn:q'/>"), first, f"<source>{second}</source>")
    assert parse_feed(apart, URL, NOW).items == parse_feed(odd, URL, NOW).items
