"""Elements of an entry that nobody here reads: taken out before feedparser, which would take much time over them.

A newspaper's entry has a dozen categories and pictures to one title. What is taken out is text at most, holds no other
element, and is known by its namespace; feedparser keeps each of these under a name of its own, so that what it makes of
the others stays the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

# Of the vocabularies that an entry may be written in itself; the empty one is RSS 0.9x and 2.0.
_OWN = re.compile(rb"""\sxmlns\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_PLAIN = frozenset({b"", b"http://www.w3.org/2005/Atom", b"http://purl.org/rss/1.0/"})
_OWN_NAMES = (b"category", b"comments")
# Other vocabularies by their usual prefix: where each is defined, and its elements that are of no use here.
_OTHERS = {
    b"media": (
        b"http://search.yahoo.com/mrss/",
        (b"content", b"thumbnail", b"credit", b"copyright", b"keywords", b"rating"),
    ),
    b"slash": (b"http://purl.org/rss/1.0/modules/slash/", (b"comments", b"section", b"department", b"hit_parade")),
    b"wfw": (b"http://wellformedweb.org/CommentAPI/", (b"comment", b"commentRss")),
}


def needed_only(head: bytes) -> Callable[[bytes], bytes]:
    """What takes the needless elements out of an entry of a well-formed document that begins with ``head``."""
    own = {one or other for one, other in _OWN.findall(head)} or {b""}
    names = list(_OWN_NAMES) if own <= _PLAIN else []
    for prefix, (uri, elements) in _OTHERS.items():
        declared = re.findall(rb"xmlns:" + prefix + rb"""\s*=\s*(?:"([^"]*)"|'([^']*)')""", head)
        if {one or other for one, other in declared} == {uri}:
            names += [prefix + b":" + element for element in elements]
    if not names:
        return lambda entry: entry
    pattern = _pattern(tuple(names))
    return lambda entry: pattern.sub(_kept, entry) if b"xmlns" not in entry else entry


@cache
def _pattern(names: tuple[bytes, ...]) -> re.Pattern[bytes]:
    """What a comment or a CDATA section holds looks like an element at most, and stays."""
    listed = b"|".join(re.escape(name) for name in names)
    text = rb"(?:[^<]|<!\[CDATA\[.*?\]\]>)*+"
    inside = rb"""(?:\s(?:[^"'<>]|"[^"<]*"|'[^'<]*')*?)?"""
    return re.compile(
        rb"(?P<kept><!--.*?-->|<!\[CDATA\[.*?\]\]>)"
        rb"|<(?P<name>" + listed + rb")" + inside + rb"(?:/>|>" + text + rb"</(?P=name)\s*>)",
        re.DOTALL,
    )


def _kept(found: re.Match[bytes]) -> bytes:
    return found.group("kept") or b""
