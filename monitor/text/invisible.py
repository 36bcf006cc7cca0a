"""Characters that no reader sees and that are no letters: a word is the same word with them and without them.

Soft hyphens and zero-width spaces say where a word may be broken, joiners and marks of direction how it is laid out.
The zero-width joiner and non-joiner are not among them: in Persian and in the scripts of India they are spelling.
"""

from __future__ import annotations

import re

# As they stand inside the brackets of a regular expression.
INVISIBLE = (
    "\u00ad\u034f\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\U000e0000-\U000e007f"
)
_INVISIBLE = re.compile(f"[{INVISIBLE}]+")


def without_invisible(text: str) -> str:
    """``text`` without invisible characters; nothing takes their place."""
    return text if text.isascii() else _INVISIBLE.sub("", text)


def first_invisible(text: str) -> str:
    """The first invisible character of ``text``; empty if it has none."""
    found = None if text.isascii() else _INVISIBLE.search(text)
    return found.group()[0] if found else ""
