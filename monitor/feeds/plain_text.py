"""Text freed of markup."""

from __future__ import annotations

import re
from functools import lru_cache
from html import unescape

from monitor.text.invisible import without_invisible

_INLINE = frozenset({"a", "abbr", "b", "bdi", "cite", "code", "em", "font", "i", "mark", "q", "s", "small", "span",
                     "strong", "sub", "sup", "time", "u", "wbr"})  # fmt: skip
# The elements of HTML, those that have gone out of use among them. A tag of another name may be no tag at all.
# fmt: off
_ELEMENTS = _INLINE | frozenset({
    "acronym", "address", "applet", "area", "article", "aside", "audio", "base", "basefont", "bdo", "bgsound", "big",
    "blink", "blockquote", "body", "br", "button", "canvas", "caption", "center", "col", "colgroup", "command", "data",
    "datalist", "dd", "del", "details", "dfn", "dialog", "dir", "div", "dl", "dt", "embed", "fieldset", "figcaption",
    "figure", "footer", "form", "frame", "frameset", "h1", "h2", "h3", "h4", "h5", "h6", "head", "header", "hgroup",
    "hr", "html", "iframe", "image", "img", "input", "ins", "isindex", "kbd", "keygen", "label", "layer", "legend",
    "li", "link", "listing", "main", "map", "marquee", "math", "menu", "menuitem", "meta", "meter", "nav", "nobr",
    "noembed", "noframes", "noscript", "object", "ol", "optgroup", "option", "output", "p", "param", "picture",
    "plaintext", "portal", "pre", "progress", "rb", "rp", "rt", "rtc", "ruby", "samp", "script", "search", "section",
    "select", "slot", "source", "spacer", "strike", "style", "summary", "svg", "table", "tbody", "td", "template",
    "textarea", "tfoot", "th", "thead", "title", "tr", "track", "tt", "ul", "var", "video", "xmp",
})
# fmt: on
# C0 and C1 controls have no place in a title; they are how a feed would drive a terminal.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
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
_END_TAG = re.compile(r"</([a-z][^\s/<>]*+)", re.IGNORECASE)
# A tag that the end of the text has cut off.
_OPEN_TAG = re.compile(r"<[a-z/!?][^<>]*+\Z", re.IGNORECASE)


def plain_text(markup: str, limit: int = 200_000) -> str:
    """``markup`` as one line of text: no tags, no entities, no control and no invisible characters.

    Of markup that is longer than ``limit`` characters only the beginning is read.
    """
    text = markup[:limit]
    if "<" in text:
        if len(markup) > limit:
            text = _OPEN_TAG.sub("", text)
        text = unescape(_MARKUP.sub(_instead, text))
    if "&" in text:
        text = unescape(text)
    return one_line(text)


def one_line(text: str) -> str:
    """``text`` as one line without control and invisible characters."""
    text = without_invisible(text)
    return " ".join((text if text.isprintable() else _CONTROL.sub(" ", text)).split())


def _instead(found: re.Match[str]) -> str:
    """What stands in place of markup: words on both sides of an inline tag are one word, of any other they are two."""
    if found.group("text") is not None:
        return found.group("text")
    tag = found.group("tag") or found.group("odd")
    if tag is None:
        return " "
    name = tag.lower()
    if name not in _ELEMENTS and not _is_tag(name, found):
        return found.group()
    return "" if name in _INLINE else " "


def _is_tag(name: str, found: re.Match[str]) -> bool:
    """Whether what has the form of a tag is one, although HTML knows no such element: "<name withheld>" is none."""
    written = found.group()
    return written.startswith("</") or written.endswith("/>") or "=" in written or name in _ended(found.string)


@lru_cache(maxsize=1)
def _ended(text: str) -> frozenset[str]:
    """The names of all elements that have an end tag in ``text``."""
    return frozenset(name.lower() for name in _END_TAG.findall(text))
