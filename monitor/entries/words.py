"""The words of a text as a reader takes them in, for telling whether they have changed.

Figures, times and what a wrong decoding leaves behind are no words: a counter of readers, "3 hours ago" and "â€™" in
place of an apostrophe change nothing of what was reported.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

# Above this share of words in common two wordings tell of the same thing.
ALIKE = 0.5
_LATIN = re.compile(r"[a-z]+")
_LETTERS = re.compile(r"[^\W\d_]+")


@cache
def _words_of_time() -> frozenset[str]:
    data = tomllib.loads((files("monitor.entries") / "words_of_time.toml").read_text("utf-8"))
    return frozenset(word for words in data["words"].values() for word in words)


def read_words(text: str) -> tuple[str, ...]:
    """The words of ``text`` in their order, in lower case, without figures, words of time and odd characters.

    In a text mostly of Latin letters, letters with accents part words: how they are encoded then makes no difference.
    """
    lowered = text.lower()
    words = _LATIN.findall(lowered)
    if not lowered.isascii():
        letters = _LETTERS.findall(lowered)
        if 2 * sum(map(len, words)) < sum(map(len, letters)):
            words = letters
    time = _words_of_time()
    return tuple(word for word in words if word not in time)


def same_words(one: str, other: str) -> bool:
    """Whether both texts have the same words in the same order."""
    return one == other or read_words(one) == read_words(other)


def are_alike(one: str, other: str) -> bool:
    """Whether half or more of the words of both texts together are common to both."""
    if one == other:
        return True
    first, second = frozenset(read_words(one)), frozenset(read_words(other))
    return bool(first | second) and len(first & second) >= ALIKE * len(first | second)
