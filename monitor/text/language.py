"""Which language a text is in, and what the inflections of its words have in common.

A small detector, by script, letters and the commonest words: enough to tell which of the languages that rules speak a
headline is in, and the same answer every time.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Callable
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

import Stemmer

ENGLISH = "en"
_SCRIPTS = {
    "arabic": re.compile(r"[\u0600-\u06ff\u0750-\u077f]"),
    "cyrillic": re.compile(r"[\u0400-\u04ff]"),
    "kana": re.compile(r"[\u3040-\u30ff]"),
    "han": re.compile(r"[\u4e00-\u9fff]"),
    "hangul": re.compile(r"[\uac00-\ud7af]"),
    "hebrew": re.compile(r"[\u0590-\u05ff]"),
    "greek": re.compile(r"[\u0370-\u03ff]"),
    "devanagari": re.compile(r"[\u0900-\u097f]"),
    "thai": re.compile(r"[\u0e00-\u0e7f]"),
    "latin": re.compile(r"[A-Za-z\u00c0-\u024f]"),
}
_OF_A_SCRIPT = {
    "kana": "ja",
    "han": "zh",
    "hangul": "ko",
    "hebrew": "he",
    "greek": "el",
    "devanagari": "hi",
    "thai": "th",
}
# Scripts that write no spaces between words: there a phrase is looked for as it stands.
_UNSPACED = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff\u0e00-\u0e7f]")
_WORD = re.compile(r"[^\W\d_]+")
_READ = 1000
_SEEN_AT_LEAST = 2


def language_of(text: str) -> str:
    """The language of a text as an ISO 639-1 code; empty where it cannot be told."""
    text = text[:_READ].casefold()
    counts = {script: len(pattern.findall(text)) for script, pattern in _SCRIPTS.items()}
    if counts["kana"]:
        # Japanese mixes its kana with Chinese characters.
        counts["kana"] += counts["han"]
    script = max(counts, key=lambda name: counts[name])
    if not counts[script]:
        return ""
    if script in _OF_A_SCRIPT:
        return _OF_A_SCRIPT[script]
    if script == "latin":
        return _by_words(text)
    for code, letters in _data()["letters"][script]:
        if not letters or any(letter in text for letter in letters):
            return str(code)
    return ""


def _by_words(text: str) -> str:
    found = Counter(_WORD.findall(text))
    scores = {code: sum(found[word] for word in words) for code, words in _common_words().items()}
    best, second, *_ = sorted(scores.values(), reverse=True)
    if best < _SEEN_AT_LEAST or best == second:
        return ""
    return max(scores, key=lambda code: scores[code])


def is_unspaced(text: str) -> bool:
    """Whether a text is in a script that puts no spaces between words."""
    return bool(_UNSPACED.search(text))


@lru_cache(maxsize=20_000)
def plain(word: str) -> str:
    """Lower case, without accents and marks: what spellings of a word have in common."""
    decomposed = unicodedata.normalize("NFKD", word)
    return "".join(c for c in decomposed if not unicodedata.combining(c) and c not in "\u200c\u200d\u0640").casefold()


def stem_of(language: str) -> Callable[[str], str]:
    """What makes one of the inflections of a word, where Snowball knows the language; else its plain form."""
    return _stemmer(language) or plain


@cache
def _stemmer(language: str) -> Callable[[str], str] | None:
    name = _data()["stemmers"].get(language)
    if name is None or name not in Stemmer.algorithms():
        return None
    stemmer = Stemmer.Stemmer(name, 0)
    return lru_cache(maxsize=20_000)(lambda word: plain(str(stemmer.stemWord(word.casefold()))))


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads((files("monitor.text") / "languages.toml").read_text("utf-8"))


@cache
def _common_words() -> dict[str, frozenset[str]]:
    return {code: frozenset(words.split()) for code, words in _data()["words"].items()}
