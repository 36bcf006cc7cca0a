"""Text freed of markup."""

from __future__ import annotations

import re
from html import unescape

_INLINE = frozenset({"a", "abbr", "b", "bdi", "cite", "code", "em", "font", "i", "mark", "q", "s", "small", "span",
                     "strong", "sub", "sup", "time", "u", "wbr"})  # fmt: skip
# C0 and C1 controls have no place in a title; they are how a feed would drive a terminal.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff]")
# One pass over the text, each character looked at a bounded number of times whatever it holds: html.parser takes
# minutes over markup that was made to take minutes. So no part of a tag may hold "<", and nothing backtracks.
_MARKUP = re.compile(
    r"""
      <!--.*?(?:-->|\Z)
    | <!\[CDATA\[(?P<text>.*?)(?:\]\]>|\Z)
    | <(?P<hidden>script|style|template|noscript|iframe|svg|head)\b[^<>]*+>.*?(?:</(?P=hidden)\b[^<>]*+>|\Z)
    | </?(?P<tag>[a-z][^\s/<>]*+)(?:[^<>"']++|"[^"<]*+"|'[^'<]*+')*+>
    | </?(?P<odd>[a-z][^\s/<>]*+)[^<>]*+>
    | <[!?/][^<>]*+>
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)


def plain_text(markup: str, limit: int = 200_000) -> str:
    """``markup`` as one line of text: no tags, no entities, no control characters, at most ``limit`` characters."""
    text = markup[:limit]
    if "<" in text:
        text = unescape(_MARKUP.sub(_instead, text))
    if "&" in text:
        text = unescape(text)
    return one_line(text)


def one_line(text: str) -> str:
    """``text`` as one line without control characters."""
    return " ".join(_CONTROL.sub(" ", text).split())


def _instead(found: re.Match[str]) -> str:
    """What stands in place of markup: words on both sides of an inline tag are one word, of any other they are two."""
    if found.group("text") is not None:
        return found.group("text")
    tag = found.group("tag") or found.group("odd") or ""
    return "" if tag.lower() in _INLINE else " "
