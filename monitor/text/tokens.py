"""Words with their places in the text they came from."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from monitor.text.invisible import INVISIBLE, without_invisible
from monitor.text.stems import stem

# A word keeps its inner apostrophes (Sa'ada, army's), combining marks and invisible characters; dotted initials (U.S.,
# a.m.) are one word; a hyphen parts two words without being one, so that "al-Shabaab" and "al Shabaab" read alike.
_APOSTROPHES = "'\u2019\u2018\u02bc\u02bb\uff07`\u00b4"
_LETTER = r"[^\W_]"


def _pattern(marks: str) -> re.Pattern[str]:
    """What is one token, where any of ``marks`` may stand behind a letter."""
    word = rf"(?:{_LETTER}{marks and f'[{marks}]*'})+"
    return re.compile(
        rf"(?P<initials>(?<!{_LETTER})(?:{_LETTER}\.){{2,8}})"
        rf"|(?P<number>\d+(?:(?i:st|nd|rd|th)\b|(?:[.,]\d+)*%?))"
        rf"|(?P<word>(?:[Rr][Ee]-)?{word}(?:[{_APOSTROPHES}]{word})*[{_APOSTROPHES}]?)"
        rf"|(?P<mark>[^\s\w{marks and INVISIBLE}])",
    )


_TOKEN = _pattern(rf"\u0300-\u036f\u064b-\u0655\u200c\u200d{INVISIBLE}")
# The same for a text that holds no such marks.
_ASCII_TOKEN = _pattern("")
# No word is longer: what a hostile text puts behind this is not looked at.
_LONGEST = 80
_HYPHENS = "-\u2010\u2011"
_FOLD = {ord(mark): "'" for mark in _APOSTROPHES} | {
    ord(mark): '"' for mark in "\u201c\u201d\u201e\u201f\u00ab\u00bb\u2039\u203a\uff02"
}
_FOLD |= {ord(mark): "-" for mark in "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"}
_CONTRACTED = {"won't": "will not", "can't": "can not", "shan't": "shall not", "cannot": "can not"}


class Token(NamedTuple):
    """A word or a mark. ``norm`` is its plain lower-case form, ``stem`` what its inflections share.

    ``start`` and ``end`` are offsets into the text that was given; a contraction makes two tokens, the second of
    which may be empty in the text.
    """

    start: int
    end: int
    norm: str
    stem: str
    is_word: bool
    capital: bool


def normalise(raw: str) -> str:
    """Lower case, no accents, plain apostrophes, quotes and dashes: what spelling variants have in common."""
    if raw.isascii():
        return raw[:_LONGEST].replace("`", "'").lower()
    plain = unicodedata.normalize("NFKD", without_invisible(raw[:_LONGEST])).translate(_FOLD)
    return "".join(c for c in plain if not unicodedata.combining(c) and c not in "\u200c\u200d").casefold()


def _pieces(norm: str) -> tuple[tuple[str, int], ...]:
    """A word's parts with the number of raw characters each takes from the end (0: the whole rest)."""
    norm = norm.replace("-", "")  # "re-open"
    if norm in _CONTRACTED:
        first, second = _CONTRACTED[norm].split()
        return ((first, 0), (second, 3 if "'" in norm or norm == "cannot" else 0))
    if "'" not in norm:
        return ((norm, 0),)
    if norm.endswith("n't") and len(norm) > 3:
        return ((norm[:-3], 0), ("not", 3))
    if norm.endswith("'s") and len(norm) > 2:
        return ((norm[:-2].replace("'", ""), 0), ("'s", 2))
    if norm.endswith("s'") and len(norm) > 2:
        return ((norm[:-1].replace("'", ""), 0), ("'s", 1))
    for ending, word in (("'ll", "will"), ("'ve", "have"), ("'re", "are"), ("'d", "would"), ("'m", "am")):
        if norm.endswith(ending) and len(norm) > len(ending):
            return ((norm[: -len(ending)], 0), (word, len(ending)))
    if norm.endswith("'"):
        return ((norm[:-1].replace("'", ""), 1), ("'", 1))
    return ((norm.replace("'", ""), 0),)


def _tokens_of(text: str) -> re.Pattern[str]:
    return _ASCII_TOKEN if text.isascii() else _TOKEN


def word_forms(text: str) -> frozenset[str]:
    """The normal forms of all words of ``text``: what :func:`tokenise` would find, without its places."""
    if text.isascii() and text.isalpha():
        # One word, as most that is asked about is.
        return frozenset(form for form, _ in _pieces(normalise(text)))
    return frozenset(
        part.norm
        for match in _tokens_of(text).finditer(text)
        if match.lastgroup != "mark"
        for part in _new_parts(match.group())
    )


def tokenise(text: str, offset: int = 0) -> tuple[Token, ...]:
    """Tokens of ``text``; ``offset`` is added to every place."""
    out: list[Token] = []
    for match in _tokens_of(text).finditer(text):
        raw = match.group()
        if raw in _HYPHENS and _joins(text, match.start(), match.end()):
            continue
        at = match.start() + offset
        for start, end, norm, stemmed, is_word, capital in _parts(raw) if len(raw) <= _LONGEST else _new_parts(raw):
            out.append(Token(at + start, at + end, norm, stemmed, is_word, capital))
    return tuple(out)


def _joins(text: str, start: int, end: int) -> bool:
    """Whether a hyphen stands inside a compound rather than between clauses."""
    return start > 0 and end < len(text) and not text[start - 1].isspace() and not text[end].isspace()


def _new_parts(raw: str) -> tuple[Token, ...]:
    """The tokens that a piece of text makes, with their places in it: one, or two for a contraction."""
    norm, end = normalise(raw), len(raw)
    found = _TOKEN.match(raw)
    kind = found.lastgroup if found else None
    if kind == "mark":
        return (Token(0, end, norm, norm, False, False),)
    if kind == "number":
        return (Token(0, end, norm, norm, True, False),)
    capital = raw[0].isupper()
    if kind == "initials":
        plain = norm.replace(".", "")
        return (Token(0, end, plain, plain, True, capital),)
    pieces = _pieces(norm)
    if len(pieces) == 1:
        word = pieces[0][0]
        return (Token(0, end, word, stem(word), True, capital),)
    (first, _), (second, length) = pieces
    is_word = second != "'"
    return (
        Token(0, end - length, first, stem(first), True, capital),
        Token(end - length, end, second, second if second == "'s" else stem(second), is_word, False),
    )


# A word is met again and again; one that is longer than any word is not worth remembering.
_parts = lru_cache(maxsize=8_000)(_new_parts)
