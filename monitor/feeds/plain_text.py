"""Text freed of markup."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser

_SPACE = re.compile(r"\s+")
_HIDDEN = frozenset({"script", "style", "template", "noscript", "iframe", "svg", "head"})
_INLINE = frozenset({"a", "abbr", "b", "bdi", "cite", "code", "em", "font", "i", "mark", "q", "s", "small", "span",
                     "strong", "sub", "sup", "time", "u", "wbr"})  # fmt: skip
# C0 and C1 controls have no place in a title; they are how a feed would drive a terminal.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff]")


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _HIDDEN:
            self._hidden += 1
        elif tag not in _INLINE:
            self.parts.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in _HIDDEN:
            self._hidden = max(0, self._hidden - 1)
        elif tag not in _INLINE:
            self.parts.append(" ")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(data)


def plain_text(markup: str, limit: int = 200_000) -> str:
    """``markup`` as one line of text: no tags, no entities, no control characters, at most ``limit`` characters."""
    text = markup[:limit]
    if "<" in text:
        parser = _Text()
        parser.feed(text)
        parser.close()
        text = "".join(parser.parts)
    if "&" in text:
        text = unescape(text)
    return _SPACE.sub(" ", _CONTROL.sub(" ", text)).strip()
