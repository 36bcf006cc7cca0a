"""What nobody reads is taken out of an entry, and nothing else."""

from __future__ import annotations

import pytest

from monitor.feeds.needless import needed_only

MEDIA = b"<rss xmlns:media='http://search.yahoo.com/mrss/'><channel>"
PLAIN = b"<rss><channel>"


@pytest.mark.parametrize(
    ("head", "entry", "left"),
    [
        (PLAIN, b"<item><category>World</category><title>A</title></item>", b"<item><title>A</title></item>"),
        (PLAIN, b"<item><category domain='a>b'/><title>A</title></item>", b"<item><title>A</title></item>"),
        (PLAIN, b"<item><category><![CDATA[a <b>]]> c</category ></item>", b"<item></item>"),
        (MEDIA, b"<item><media:thumbnail url='u'/><a/></item>", b"<item><a/></item>"),
    ],
)
def test_it_is_taken_out(head: bytes, entry: bytes, left: bytes) -> None:
    assert needed_only(head)(entry) == left


@pytest.mark.parametrize(
    ("head", "entry"),
    [
        (PLAIN, b"<item><description><![CDATA[<category>x</category>]]></description></item>"),
        (PLAIN, b"<item><!-- <category>x</category> --></item>"),
        (PLAIN, b"<item><categoryx>y</categoryx></item>"),
        (PLAIN, b"<item><category><b>x</b></category></item>"),
        (PLAIN, b"<item><div xmlns='urn:x'><category>x</category></div></item>"),
        (b"<x xmlns='urn:of-somebody-else'>", b"<item><category>x</category></item>"),
        (PLAIN, b"<item><media:thumbnail url='u'/></item>"),
        (PLAIN.replace(b"<rss", b"<rss xmlns:media='urn:x'"), b"<item><media:thumbnail url='u'/></item>"),
        (MEDIA, b"<item><media:content url='u'><media:title>A title</media:title></media:content></item>"),
    ],
)
def test_it_stays(head: bytes, entry: bytes) -> None:
    assert needed_only(head)(entry) == entry
