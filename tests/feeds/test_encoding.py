"""One bad entry harms itself alone: strange bytes, forbidden characters and broken markup beside sound entries."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.feeds.document import ParsedFeed
from monitor.feeds.encoding import declared_encoding, mistake_in, repaired, utf8_document
from monitor.feeds.known_entries import cut
from monitor.feeds.parse import as_unicode, parse_feed
from monitor.model import Item

NOW = datetime(2026, 1, 1, tzinfo=UTC)
XML = "application/xml"
XML_UTF_8 = "application/xml; charset=utf-8"
# Sound entries written in the ways in which entries are written. Loose reading changes ids, links or texts of many.
RSS_ENTRIES = [
    "<guid>https://example.org/?page=1&amp;part=2</guid><title>Harbour’s “new” quay &amp;amp; crane</title>"
    "<description>&lt;p&gt;Ships &amp;amp; boats: 3 &amp;lt; 5&lt;/p&gt;</description>",
    "<guid isPermaLink='false'>b</guid><title><![CDATA[Bread & butter: 2 < 3]]></title>"
    "<link>https://example.org/?a=1&amp;amp;b=2&amp;copy=3</link>"
    "<description><![CDATA[<p>Milk<x-y/> &amp; honey <!READ> &lt;here&gt; &nbsp;</p>]]></description>",
    "<title>R&#38;amp;D at 5&#x2013;6 o&apos;clock &amp;#8217;</title><link><![CDATA[https://example.org/?q=1&r=2]]></link>"
    "<content:encoded><![CDATA[<p>A <img src='i.png?w=1&h=2'> picture]]]]><![CDATA[> is here</p>]]></content:encoded>"
    "<dc:creator>Ann &amp; Bob</dc:creator><pubDate>Wed, 24 Dec 2025 12:00:00 GMT</pubDate>",
    "<guid isPermaLink='false'>d</guid><title>Rain, café, naïve</title>"
    "<description>Some <b>bold</b> words<br/>and &lt;i&gt;others&lt;/i&gt;</description>",
]
ATOM_ENTRIES = [
    "<id>urn:a?x=1&amp;y=2</id><title type='html'>Tea &lt;b&gt;and&lt;/b&gt; milk &amp;amp; sugar</title>"
    "<link href='https://example.org/?a=1&amp;b=2&amp;amp;c=3&#38;d=4'/>",
    "<id>urn:b</id><title>Wind &lt;strong&gt; &amp;amp; rain</title><content type='xhtml'>"
    "<div xmlns='http://www.w3.org/1999/xhtml'><p>Sun &amp; moon &lt;3 <br/> “stars”</p></div></content>",
    "<id>urn:c</id><title type='text'>Plain &amp;lt; text</title><summary>5 &lt; 6 &amp;amp; so on</summary>"
    "<author><name>Eve &amp; Co</name></author><updated>2025-12-24T10:00:00Z</updated>",
]
BROKEN = {
    "an ampersand": "Fish & chips, R&D",
    "an ampersand at the end": "Fish &",
    "a name of HTML": "one&nbsp;two caf&eacute; &hellip;",
    "a name of HTML for markup": "one &LT; two &AMP; three",
    "an unknown name": "one &nothing; two",
    "a name without semicolon": "one &copy two",
    "a number without digits": "one &#; two &#x; three",
    "a forbidden number": "one &#11; two &#x1F; three &#0; four &#xFFFE;",
    "a surrogate's number": "one &#xD83D;&#xDE00; two",
    "a number that is too large": "one &#x110000; two &#99999999999999999999; three",
    "a number that is too long": f"one &#{'9' * 5000}; two",
    "a control character": "one \x0b two \x00 three \x1b four",
    "no character": "one \ufffe two \uffff three",
    "a heart": "I <3 ships",
    "less than": "one < two <= three",
    "less than at the end": "one <",
    "the end of CDATA": "one ]]> two",
    "an element that does not end": "one <br> two <p>three<p>four",
    "an element that does not begin": "one </b> two",
    "crossed elements": "<b>one <i>two</b> three</i>",
    "capitals": "<B>one</b>",
    "an attribute without quotes": "one <img src=ship.png> two",
    "an attribute without value": "one <input disabled> two",
    "an attribute twice": "one <img src='a' src='b'/> two",
    "an ampersand in an attribute": "<a href='https://example.org/?a=1&b=2&nbsp;'>one</a>",
    "less than in an attribute": "<a title='one < two'>three</a>",
    "an undeclared prefix": "one <o:p>two</o:p> <a x:href='y'>three</a>",
    "an address for a tag": "one <https://example.org/> <ann@example.org> two",
    "dashes in a comment": "one <!-- two -- three --> four",
    "an instruction without name": "one <? two ?> three",
    "an XML declaration": "one <?xml version='1.0'?> two",
    "a declaration": "one <!DOCTYPE html> two <!NOTHING>",
    "half a tag": "one <b two",
    "half an end tag": "one </b",
}


IMPOSSIBLE = ("utf-16", "utf-32-le", "cp037", "utf-7", "punycode", "idna", "base64", "unicode_escape", "undefined")


def rss(*entries: str, encoding: str = "utf-8", prolog: str = "<?xml version='1.0' encoding='{}'?>") -> str:
    return (
        prolog.format(encoding) + "<rss version='2.0' xmlns:content='http://purl.org/rss/1.0/modules/content/' "
        "xmlns:dc='http://purl.org/dc/elements/1.1/'><channel><title>Paper</title>"
        + "".join(f"<item>{entry}</item>\n" for entry in entries)
        + "</channel></rss>"
    )


def atom(*entries: str) -> str:
    told = "".join(f"<entry>{entry}</entry>\n" for entry in entries)
    return f"<?xml version='1.0'?><feed xmlns='http://www.w3.org/2005/Atom'><title>Paper</title>{told}</feed>"


def read(document: str | bytes, content_type: str = XML_UTF_8) -> ParsedFeed:
    body = document.encode() if isinstance(document, str) else document
    return parse_feed(body, "https://example.org/feed", NOW, headers={"content-type": content_type})


def by_id(feed: ParsedFeed) -> Mapping[str, Item]:
    return {item.id: item for item in feed.items}


def title_of(body: bytes, content_type: str = XML) -> str:
    (item,) = read(body, content_type).items
    return item.title


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
@pytest.mark.parametrize("field", ["title", "description"])
def test_a_broken_entry_of_rss_changes_none_beside_it(broken: str, field: str) -> None:
    bad = f"<guid isPermaLink='false'>bad</guid><link>https://example.org/bad</link><{field}>{broken}</{field}>"
    sound, found = by_id(read(rss(*RSS_ENTRIES))), by_id(read(rss(*RSS_ENTRIES[:2], bad, *RSS_ENTRIES[2:])))
    assert {key: item for key, item in found.items() if key in sound} == sound
    assert len(found) == len(sound) + 1


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_a_broken_entry_of_atom_changes_none_beside_it(broken: str) -> None:
    bad = f"<id>urn:bad</id><title>Bad</title><summary>{broken}</summary>"
    sound, found = by_id(read(atom(*ATOM_ENTRIES))), by_id(read(atom(*ATOM_ENTRIES[:1], bad, *ATOM_ENTRIES[1:])))
    assert {key: item for key, item in found.items() if key in sound} == sound
    assert len(found) == len(sound) + 1


@given(st.text(alphabet="<>&;/!?-=#'\" ab:x1[]\x0b\n") | st.text())
def test_no_text_in_an_entry_changes_the_others(text: str) -> None:
    sound = by_id(read(rss(RSS_ENTRIES[0], RSS_ENTRIES[3])))
    bad = f"<guid>bad</guid><title>{text}</title>"
    body = rss(RSS_ENTRIES[0], bad, RSS_ENTRIES[3]).encode("utf-8", "surrogatepass")
    found = by_id(read(body))
    assert {key: item for key, item in found.items() if key in sound} == sound


@pytest.mark.parametrize(
    ("broken", "title"),
    [
        ("Fish & chips, R&D", "Fish & chips, R&D"),
        ("caf&eacute;&nbsp;x &bogus;", "café x &bogus;"),
        ("I <3 ships", "I <3 ships"),
        ("one <br> two", "one two"),
        ("one &#xD800; two &#11;", "one two"),
        ("one \x0b two", "one two"),
        ("one ]]> two", "one ]]> two"),
    ],
)
def test_a_broken_entry_is_read_as_it_was_meant(broken: str, title: str) -> None:
    found = read(rss(f"<title>{broken}</title>"))
    assert [item.title for item in found.items] == [title]
    assert found.warning


@pytest.mark.parametrize(
    "bad", [b"caf\xe9", b"\x93quoted\x94", b"cut \xe2\x80", b"\xed\xa0\xbd", b"\xff\xfe", b"\xc0\xaf"]
)
def test_a_strange_byte_in_utf8_leaves_all_other_entries_byte_for_byte(bad: bytes) -> None:
    body = rss(*RSS_ENTRIES[:2], "<title>BAD</title>", *RSS_ENTRIES[2:]).encode()
    before, after = as_unicode(body, {})[0], as_unicode(body.replace(b"BAD", bad), {})[0]
    whole, mended = cut(before, ()), cut(after, ())
    assert whole is not None
    assert mended is not None
    assert len(set(whole.marks) - set(mended.marks)) == 1
    assert read(body.replace(b"BAD", bad)).warning


def test_a_strange_byte_in_utf8_is_read_as_windows_1252() -> None:
    assert title_of(rss("<title>café ’ BAD</title>").encode().replace(b"BAD", b"\xe9\x92")) == "café ’ é’"


def test_half_a_surrogate_pair_is_taken_out() -> None:
    assert title_of(rss("<title>one BAD two</title>").encode().replace(b"BAD", b"\xed\xa0\xbd")) == "one two"


def test_a_byte_order_mark_is_no_mistake() -> None:
    for document in (rss("<title>Café</title>"), rss("<title>Café</title>", prolog="")):
        found = read(b"\xef\xbb\xbf" + document.encode(), XML)
        assert (found.items[0].title, found.warning) == ("Café", "")


def test_in_other_encodings_only_what_does_not_fit_is_lost() -> None:
    body = rss("<title>Новости порта</title>", "<title>BAD x</title>", encoding="windows-1251").encode("cp1251")
    found = read(body.replace(b"BAD", b"\x98"), XML)
    assert [item.title for item in found.items] == ["Новости порта", "\ufffd x"]
    assert "0x98" in found.warning


@pytest.mark.parametrize("space", ["\n\n", " ", "\r\n\t", "\ufeff\n"])
def test_white_space_before_the_declaration_does_not_hide_it(space: str) -> None:
    body = space.replace("\ufeff", "").encode() + rss("<title>Новости</title>", encoding="windows-1251").encode(
        "cp1251"
    )
    assert title_of(body, "text/xml") == "Новости"
    found = read(space + rss("<title>Новости</title>"))
    assert (found.items[0].title, found.warning) == ("Новости", "")


@pytest.mark.parametrize(
    ("content_type", "in_xml", "written_in", "title"),
    [
        # Nothing is declared, or what is declared says nothing.
        (XML, "", "utf-8", "Café ’"),
        (XML, "", "cp1252", "Café ’"),
        (XML, "us-ascii", "utf-8", "Café ’"),
        ("text/xml; charset=us-ascii", "windows-1251", "cp1251", "Порт"),
        ("text/xml; charset=x-unheard-of", "windows-1251", "cp1251", "Порт"),
        (XML, "x-unheard-of", "utf-8", "Café ’"),
        # One place declares it, whatever kind of XML the answer claims to be.
        ("text/xml", "windows-1251", "cp1251", "Порт"),
        ("application/rss+xml; charset=windows-1251", "", "cp1251", "Порт"),
        (XML, "iso-8859-1", "cp1252", "Café ’"),
        (XML, "gb2312", "gb18030", "港口㐂"),
        (XML, "Shift_JIS", "cp932", "港①"),
        # The header comes before the document.
        ("text/xml; charset=koi8-r", "windows-1251", "koi8-r", "Порт"),
        # Where they disagree, what is UTF-8 is read as UTF-8, and what is not, is not.
        ("text/xml; charset=iso-8859-1", "utf-8", "utf-8", "Café ’"),
        (XML_UTF_8, "iso-8859-1", "utf-8", "Café ’"),
        (XML_UTF_8, "windows-1251", "cp1251", "Порт"),
        ("text/xml; charset=windows-1251", "utf-8", "cp1251", "Порт"),
        # These cannot be: the declaration could be read as ASCII.
        *((XML, name, "utf-8", "Port") for name in IMPOSSIBLE),
        *((f"text/xml; charset={name}", "utf-8", "cp1252", "Café ’") for name in IMPOSSIBLE),
        # The bytes themselves show it.
        ("text/xml; charset=iso-8859-1", "iso-8859-1", "utf-8-sig", "Café ’"),
        (XML, "utf-16", "utf-16", "Café ’"),
        (XML, "utf-8", "utf-16-be", "Café ’"),
        (XML, "utf-16", "utf-16-le", "Café ’"),
        (XML_UTF_8, "", "utf-32", "Café ’"),
        (XML, "utf-32", "utf-32-be", "Café ’"),
        (XML, "ucs-4", "utf-32-le", "Café ’"),
    ],
)
def test_the_encoding_is_the_declared_one(content_type: str, in_xml: str, written_in: str, title: str) -> None:
    prolog = "<?xml version='1.0' encoding='{}'?>" if in_xml else ""
    body = rss(f"<title>{title}</title>", encoding=in_xml, prolog=prolog).encode(written_in)
    assert title_of(body, content_type) == title


def test_two_declarations_beat_a_guess() -> None:
    body = rss("<title>Ð Ñ</title>", encoding="windows-1251").encode()
    assert declared_encoding(body, "text/xml; charset=windows-1251") == "cp1251"


def test_where_declarations_disagree_one_strange_byte_decides_nothing() -> None:
    body = rss("<title>Port’s café</title>", "<title>BAD</title>").encode()
    found = read(body.replace(b"BAD", b"\xe9"), "text/xml; charset=iso-8859-1")
    assert [item.title for item in found.items] == ["Port’s café", "é"]


def test_json_with_a_strange_byte_or_character_loses_no_entry() -> None:
    entries = [{"id": str(number), "content_text": text} for number, text in enumerate(["Café ’", "BAD", "port"])]
    told = {"version": "https://jsonfeed.org/version/1.1", "title": "Paper", "items": entries}
    body = json.dumps(told, ensure_ascii=False).encode().replace(b"BAD", b"caf\xe9 \x0b\x92")
    assert [item.title for item in read(body, "application/feed+json").items] == ["Café ’", "café ’", "port"]


@pytest.mark.parametrize("end", ["", "</item", "<description>Half a sent", "<description>x</descr", "<link>&am"])
def test_a_document_that_breaks_off_keeps_the_entries_before(end: str) -> None:
    sound = read(rss(*RSS_ENTRIES))
    whole = rss(*RSS_ENTRIES)
    found = read(whole.replace("</channel></rss>", f"<item><title>The last</title>{end}"))
    assert found.items[: len(sound.items)] == sound.items
    assert found.items[len(sound.items)].title == "The last"
    assert found.warning


@pytest.mark.parametrize("more", ["<b>Warning</b>: line 3", "<script>x(1 < 2)</script></body></html>", "</rss>", "&"])
def test_what_follows_the_document_changes_no_entry(more: str) -> None:
    found = read(rss(*RSS_ENTRIES) + more)
    assert found.items == read(rss(*RSS_ENTRIES)).items
    assert found.warning


def test_prefixes_that_are_declared_nowhere_are_read_by_their_usual_meaning() -> None:
    whole = rss(*RSS_ENTRIES)
    found = read(whole.replace(" xmlns:dc='http://purl.org/dc/elements/1.1/'", ""))
    assert found.items == read(whole).items


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("<title>Report 1</title></item>", "<title>Report 1</title>"),
        ("<title>Report 1</title></item>", "<title>Report 1</title><author>&#xD800; &#x110000;</author>"),
        ("<item><guid isPermaLink='false'>1<", "<item number=1><guid isPermaLink='false'>1<"),
        ("</channel></rss>", f"</channel></rss>{rss('<title>Report 4</title>')}"),
    ],
)
def test_where_entries_themselves_are_broken_none_is_lost(right: str, wrong: str) -> None:
    whole = rss(*(f"<guid isPermaLink='false'>{n}</guid><title>Report {n}</title>" for n in range(4)))
    assert right in whole
    document = whole.replace(right, wrong)
    found = read(document)
    assert found.title == "Paper"
    assert {item.title for item in found.items} == {f"Report {n}" for n in range(5) if f"Report {n}" in document}


@pytest.mark.parametrize("document", [rss(*RSS_ENTRIES), atom(*ATOM_ENTRIES)])
def test_nothing_is_rewritten_in_what_is_well_formed(document: str) -> None:
    body, mistake = utf8_document(document.encode(), XML)
    assert (mistake, mistake_in(body)) == (None, None)
    assert repaired(body) == body
    assert body.partition(b"?>")[2] == document.encode().partition(b"?>")[2]


@given(st.binary(max_size=300))
def test_no_bytes_are_beyond_repair_by_raising(body: bytes) -> None:
    repaired(b"<rss><channel><item><title>" + body).decode()


HOSTILE = [
    b"<?", b"<!--", b"<![CDATA[", b"]]>", b"<", b"&", b"&a", b"&#", b"&#x1", b"<a>", b"</a>", b"<b><c></b>", b"<a ",
    b"<a b='", b"<a b='c' ", b"<a b='c' b='d'>", b"<x:y z:w='1'/>", b"<item>", b"</item>", b"\xff", b"\xed\xa0\x80",
    b"\x00", b"1", b" ", b"<?xml ", b"encoding='", b"<!--x-->",
]  # fmt: skip


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize("before", [b"<rss><channel><item><title>", b"<?xml "])
def test_four_times_the_length_takes_no_more_than_eight_times_as_long(hostile: bytes, before: bytes) -> None:
    def seconds(length: int) -> float:
        body = before + hostile * (length // len(hostile))
        began = time.process_time()
        repaired(utf8_document(body, XML)[0])
        return time.process_time() - began

    # The shortest of several: other processes only ever add to it.
    short, long = (min(seconds(length) for _ in range(3)) for length in (20_000, 80_000))
    assert long < 8 * max(short, 0.002)
