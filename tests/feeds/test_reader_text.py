"""The title and the text of an item are what a reader of the feed would read."""

from __future__ import annotations

import io
import json
import tomllib
from datetime import UTC, datetime
from html import escape
from importlib.resources import files

import feedparser
import pytest

from monitor.feeds.entry_dates import dates_of
from monitor.feeds.feedparser_entry import entry_from, is_atom, texts_apart
from monitor.feeds.fullest_text import fullest_text
from monitor.feeds.json_feed import read_json_feed
from monitor.feeds.parse import parse_feed
from monitor.feeds.plain_text import one_line, plain_text

NOW = datetime(2026, 1, 1, tzinfo=UTC)
SPACES = (
    "xmlns:content='http://purl.org/rss/1.0/modules/content/' xmlns:dc='http://purl.org/dc/elements/1.1/' "
    "xmlns:media='http://search.yahoo.com/mrss/' xmlns:itunes='http://www.itunes.com/dtds/podcast-1.0.dtd'"
)
LEAD = "The harbour of Eastport was closed to all foreign ships on Monday."
PICTURE = escape(
    '<figure><img src="https://a.example/1.jpg" srcset="' + "https://a.example/2.jpg 300w, " * 9 + '"/></figure>'
)


def rss(*parts: str, root: str = "rss version='2.0'") -> bytes:
    return f"<{root} {SPACES}><channel><title>Paper</title><item>{''.join(parts)}</item></channel></rss>".encode()


def atom(*parts: str) -> bytes:
    space = "http://www.w3.org/2005/Atom"
    return f"<feed xmlns='{space}' {SPACES}><title>Paper</title><entry>{''.join(parts)}</entry></feed>".encode()


def read(body: bytes) -> tuple[str, str]:
    [item] = parse_feed(body, "https://paper.example/feed", NOW).items
    return item.title, item.text


def description(text: str) -> str:
    return f"<description>{text}</description>"


def content(text: str) -> str:
    return f"<content:encoded>{text}</content:encoded>"


TITLE = "<title>Ships</title>"
XHTML = "<div xmlns='http://www.w3.org/1999/xhtml'>{}</div>"


@pytest.mark.parametrize(
    ("what", "body"),
    {
        "a picture behind it": rss(TITLE, description(LEAD), content(PICTURE)),
        "a picture before it": rss(TITLE, content(PICTURE), description(LEAD)),
        "the picture in the description": rss(TITLE, description(PICTURE), content(LEAD)),
        "a picture that repeats it unseen": rss(
            TITLE, description(LEAD), content(escape(f'<img alt="{LEAD}" src="https://a.example/1.jpg"/>'))
        ),
        "a picture in place of bytes": rss(
            TITLE, description(LEAD), content(escape(f'<img src="data:image/png;base64,{"Zm9v" * 60_000}"/>'))
        ),
        "an empty description": rss(TITLE, "<description/>", content(LEAD)),
        "an empty content": rss(TITLE, content(""), description(LEAD)),
        "white space for a content": rss(TITLE, content("<![CDATA[<p>&nbsp;</p>]]>"), description(LEAD)),
        "a second description": rss(TITLE, description("Ships."), description(LEAD)),
        "a longer second description": rss(TITLE, description(LEAD), description("Ships.")),
        "a shorter summary for podcasts": rss(TITLE, description(LEAD), "<itunes:summary>Ships.</itunes:summary>"),
        "such a summary behind a picture": rss(
            TITLE, content(PICTURE), description(LEAD), "<itunes:summary>Ships.</itunes:summary>"
        ),
        "only a summary for podcasts": rss(TITLE, f"<itunes:summary>{LEAD}</itunes:summary>"),
        "only a subtitle for podcasts": rss(TITLE, f"<itunes:subtitle>{LEAD}</itunes:subtitle>"),
        "only a description of Dublin Core": rss(TITLE, f"<dc:description>{LEAD}</dc:description>"),
        "a summary before a longer content": atom(TITLE, "<summary>Ships.</summary>", f"<content>{LEAD}</content>"),
        "a summary behind a picture": atom(
            TITLE, f"<content type='html'>{PICTURE}</content>", f"<summary>{LEAD}</summary>"
        ),
        "a content of XHTML": atom(
            TITLE, "<summary>Ships.</summary>", f"<content type='xhtml'>{XHTML.format(LEAD)}</content>"
        ),
        "a content elsewhere": atom(
            TITLE, "<content type='text/html' src='https://a.example/1'/>", f"<summary>{LEAD}</summary>"
        ),
        "a content that is a picture": atom(
            TITLE, f"<content type='image/png'>{'Zm9v' * 90}</content>", f"<summary>{LEAD}</summary>"
        ),
        "a content that is data": atom(
            TITLE, f"<content type='application/pdf'>{'Zm9v' * 90}</content>", f"<summary>{LEAD}</summary>"
        ),
    }.items(),
)
def test_the_text_is_the_one_with_the_most_to_read(what: str, body: bytes) -> None:
    assert read(body) == ("Ships", LEAD), what


@pytest.mark.parametrize(
    "fragment",
    [
        "The harbour of Eastport was closed to all foreign\u2026",
        "The harbour of Eastport was closed to all foreign [&#8230;]",
        "The harbour of Eastport was closed to all foreign ships on Monday [...]",
        "The harbour of Eastport was closed to all foreign sh... Read the full article at The Paper of Eastport",
        "&lt;p&gt;The harbour of Eastport &amp;hellip;&lt;/p&gt;&lt;p&gt;The post &lt;a href='u'&gt;Ships&lt;/a&gt;"
        " appeared first on &lt;a href='u'&gt;The Paper of Eastport&lt;/a&gt;.&lt;/p&gt;",
        "The harbour of Eastport [\u2026] Baca selengkapnya di surat kabar kota pelabuhan timur hari ini juga",
        "Ships. https://a.example/news/2026/01/01/the-harbour-of-eastport-was-closed-to-all-foreign-ships-on-monday",
    ],
)
def test_a_fragment_never_wins_over_the_whole(fragment: str) -> None:
    assert read(rss(TITLE, description(fragment), content(LEAD))) == ("Ships", LEAD)
    assert read(rss(TITLE, description(LEAD), content(fragment))) == ("Ships", LEAD)


def test_a_fragment_is_better_than_nothing() -> None:
    cut = "The harbour of Eastport was closed\u2026"
    assert read(rss(TITLE, description(cut), content(PICTURE))) == ("Ships", cut)


BOILERPLATE = tomllib.loads((files("monitor.feeds") / "boilerplate.toml").read_text("utf-8"))


@pytest.mark.parametrize("phrase", [phrase for phrases in BOILERPLATE.values() for phrase in phrases])
def test_no_boilerplate_decides(phrase: str) -> None:
    tail = phrase.replace("*", "the harbour and the ships of the far Eastern isles").capitalize()
    short, longer = f"<p>Ships may enter.</p><p>{tail}.</p>", "Ships may all enter."
    assert fullest_text([short, longer]) == longer
    # It is only left out of account: where its text is the one to read, it is read.
    assert fullest_text([short, "Ships."]) == f"Ships may enter. {tail}."


def test_what_only_begins_like_boilerplate_counts() -> None:
    told = "He said that the pupils would read more about the old harbour, and that " + "ships " * 50 + "would come."
    other = "The harbour of Eastport was closed to all foreign ships on Monday, and nobody said for how long."
    assert fullest_text([told, other]) == told


CAPTION = (
    "Three ships wait off the coast near the harbour of Eastport, in a picture taken by an agency on Sunday morning."
)


@pytest.mark.parametrize(
    "media",
    [
        f"<media:content url='u'><media:title>Afternoon</media:title><media:description>{CAPTION}</media:description>"
        "</media:content>",
        f"<media:group><media:content url='u'/><media:title type='plain'>Afternoon</media:title>"
        f"<media:description type='html'>{CAPTION}</media:description></media:group>",
        f"<media:title>Afternoon</media:title><media:description>{CAPTION}</media:description><media:title/>",
        f"<media:text>{CAPTION}</media:text>",
    ],
)
def test_a_caption_takes_no_place_but_an_empty_one(media: str) -> None:
    for body in (
        rss(TITLE, description(LEAD), media),
        rss(media, TITLE, description(LEAD)),
        rss(media, content(LEAD), TITLE, description("Ships.")),
        atom(media, TITLE, f"<summary>{LEAD}</summary>"),
        atom(TITLE, f"<content type='html'>{LEAD}</content>", media),
    ):
        assert read(body) == ("Ships", LEAD)
    assert read(rss(TITLE, description(PICTURE), media)) == ("Ships", CAPTION)
    assert read(atom(media, TITLE)) == ("Ships", CAPTION)
    assert read(rss(media, description(LEAD))) == (LEAD, "")


def test_a_caption_is_known_in_a_feed_that_is_not_well_formed() -> None:
    body = rss(TITLE, description(LEAD), f"<media:description>&lt;p&gt;{CAPTION}&lt;/p&gt;</media:description><br>")
    assert read(body) == ("Ships", LEAD)
    assert read(body.replace(LEAD.encode(), b"")) == ("Ships", CAPTION)


@pytest.mark.parametrize("title", ["", "<title/>", f"<title>{PICTURE}</title>", "<title>&lt;p&gt;&lt;/p&gt;</title>"])
def test_without_a_title_the_beginning_of_the_text_is_one(title: str) -> None:
    assert read(rss(title, description(LEAD))) == (LEAD, "")
    long = LEAD + " Nobody knows for how long." * 20
    assert read(rss(title, description(long))) == (long[:200], long)


def test_a_picture_alone_is_an_entry_without_text() -> None:
    for body in (rss(description(PICTURE)), atom("<content type='image/png'>Zm9vYmFy</content>")):
        assert read(body) == ("(no text)", "")


TAGS = "Why &lt;b&gt; and &lt;table&gt; went out of use"


def test_in_atom_text_is_no_markup_unless_it_says_so() -> None:
    told = "Why <b> and <table> went out of use"
    for kind in ("", " type='text'", " type='text/plain'"):
        parts = (f"<title{kind}>{TAGS}</title>", f"<summary{kind}>{TAGS} &amp;amp;</summary>")
        assert read(atom(*parts)) == (told, f"{told} &amp;")
        # The same where feedparser reads it.
        assert read(atom(*parts, "<published>of late</published>")) == (told, f"{told} &amp;")
        assert read(atom(TITLE, f"<content{kind}>{TAGS}</content>")) == ("Ships", told)
    assert read(atom(f"<title type='html'>{TAGS}</title>"))[0] == "Why and went out of use"
    xhtml = XHTML.format("Why &lt;b&gt; went <b>out</b> of use")
    assert read(atom(f"<title type='xhtml'>{xhtml}</title>"))[0] == "Why <b> went out of use"


def test_in_rss_escaped_markup_is_markup() -> None:
    title = "<title>The &lt;i&gt;Swan&lt;/i&gt; &amp;amp; the &lt;b&gt;Gull&lt;/b&gt;</title>"
    assert read(rss(title))[0] == "The Swan & the Gull"
    # Some declare the namespace of Atom first, for a link to themselves.
    spaces = "xmlns:atom='http://www.w3.org/2005/Atom' xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'"
    rdf = f"<rdf:RDF {spaces} xmlns='http://purl.org/rss/1.0/'><item>{title}</item></rdf:RDF>"
    assert read(rdf.encode())[0] == "The Swan & the Gull"


@pytest.mark.parametrize(
    "text",
    [
        "if x < 3 and y > 2",
        "A <3 for the harbour",
        "The captain, <name withheld>, is free",
        "Write to <desk@paper.example>",
        "if ships <docks and docks> cranes",
    ],
)
def test_what_only_looks_like_a_tag_is_text(text: str) -> None:
    assert plain_text(text) == text
    assert read(rss(f"<title>{escape(text)}</title>", description(escape(text) + " indeed"))) == (
        text,
        f"{text} indeed",
    )


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<headline>Ships</headline> wait", "Ships wait"),
        ("Ships <fb:like/>wait<x-ad slot='1'> here", "Ships wait here"),
        ("Ships</font> wait", "Ships wait"),
        ("<marquee>Ships</marquee>", "Ships"),
    ],
)
def test_tags_that_html_does_not_know_are_tags_where_they_end_or_have_attributes(markup: str, text: str) -> None:
    assert plain_text(markup) == text


def test_markup_that_is_cut_off_at_the_limit_leaves_no_half_a_tag() -> None:
    assert plain_text("Ships <img src='" + "x" * 200, limit=50) == "Ships"


def test_json_feed_says_what_is_markup() -> None:
    item = {"id": "1", "title": "Why <b> & <table> went", "content_text": "x &amp; <b>"}
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "Paper", "items": [item]}
    assert read(json.dumps(feed).encode()) == ("Why <b> & <table> went", "x &amp; <b>")
    item |= {"content_html": f"<p>{LEAD}</p>", "summary": "Ships <b>"}
    assert read(json.dumps(feed).encode())[1] == LEAD
    item |= {"content_html": "<img src='https://a.example/a/very/long/name/of/a/picture.jpg'>", "content_text": ""}
    assert read(json.dumps(feed).encode())[1] == "Ships <b>"


@pytest.mark.parametrize(
    "hidden",
    ["\u00ad", "&#173;", "\u200b", "\u2060", "\ufeff", "\u180e", "\u034f", "\u061c", "\u200e", "\u200f", "\U000e0041"],
)
def test_soft_hyphens_and_kin_are_no_letters(hidden: str) -> None:
    assert read(rss(f"<title>East{hidden}port's har{hidden}bour</title>", description(f"Closed{hidden} today"))) == (
        "Eastport's harbour",
        "Closed today",
    )


def test_controls_part_words_and_joiners_are_letters_business() -> None:
    assert one_line("East\x07port \u202eshut\u202c\r\n now") == "East port shut now"
    persian = "\u0645\u06cc\u200c\u0631\u0648\u0645"
    assert plain_text(f"<p>{persian}</p>") == persian


RSS_SOURCE = "<source url='https://agency.example/feed'>Agency</source>"
SOURCE = "<source><title>Agency &lt;1&gt;</title><id>{}</id>{}</source>"
SELF = "<link rel='self' href='https://agency.example/feed'/>"
ALTERNATE = "<link href='https://agency.example/'/>"


@pytest.mark.parametrize(
    ("body", "source", "address"),
    [
        (rss(TITLE, RSS_SOURCE), "Agency", "https://agency.example/feed"),
        (rss(TITLE, "<source>Agency</source>"), "Agency", ""),
        (rss(TITLE), "", ""),
        (atom(SOURCE.format("tag:a", SELF + ALTERNATE)), "Agency &lt;1&gt;", "https://agency.example/"),
        (atom(SOURCE.format("tag:a", SELF)), "Agency &lt;1&gt;", "https://agency.example/feed"),
        (atom(SOURCE.format("https://agency.example/id", "")), "Agency &lt;1&gt;", "https://agency.example/id"),
        (atom(SOURCE.format("tag:a", "")), "Agency &lt;1&gt;", ""),
    ],
)
def test_an_entry_says_where_it_was_taken_from(body: bytes, source: str, address: str) -> None:
    found = feedparser.parse(io.BytesIO(texts_apart(body)), sanitize_html=False, resolve_relative_uris=False)
    entry = entry_from(found.entries[0], is_atom(found))
    assert (entry.source, entry.source_url) == (source, address)


def test_a_date_is_handed_on_as_it_is_written() -> None:
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "Paper", "items": [
        {"id": "1", "date_published": "2025-12-31T10:00:00Z", "date_modified": "2026-01-01T10:00:00Z"},
        {"id": "2", "date_published": "of late", "date_modified": "2026-01-01T10:00:00Z"},
        {"id": "3", "date_published": "of late"},
        {"id": "4"},
    ]}  # fmt: skip
    _, entries = read_json_feed(json.dumps(feed).encode())
    assert [entry.dates for entry in entries] == [
        ("2025-12-31T10:00:00Z", "2026-01-01T10:00:00Z"),
        ("of late", "2026-01-01T10:00:00Z"),
        ("of late",),
        (),
    ]
    assert dates_of(entries) == [
        datetime(2025, 12, 31, 10, tzinfo=UTC),
        datetime(2026, 1, 1, 10, tzinfo=UTC),
        None,
        None,
    ]
