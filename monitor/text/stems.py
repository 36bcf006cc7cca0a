"""What the inflections of a word have in common.

Snowball's English stemmer (Porter's second algorithm) does the regular ones; ``irregular.txt`` lists the others,
a lemma and its forms a line. British and American spellings share a stem.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from importlib.resources import files

import Stemmer

_IZE = re.compile(r"(?<=[a-z]{3})i[zs](?=(?:e|es|ed|er|ers|ing|ation|ations)$)")
_OUR = re.compile(r"(?<=[a-z]{2})our(?=(?:s|ed|ing|able|ful|ers?|ite|ites)?$)")


@cache
def _irregular() -> tuple[dict[str, str], frozenset[str], frozenset[str]]:
    """Lemma of each irregular form, the irregular past participles, and words that are their own stem."""
    lemmas: dict[str, str] = {}
    whole: set[str] = set()
    participles: set[str] = set()
    for line in (files("monitor.text") / "irregular.txt").read_text("utf-8").splitlines():
        kind, *words = line.split("#")[0].split() or [""]
        if kind == "x":
            whole.update(words)
        for form in words[1:]:
            lemmas[form] = words[0]
        if kind == "v":
            participles.add(words[-1])
    return lemmas, frozenset(participles), frozenset(whole)


def is_past_participle(word: str) -> bool:
    """Whether a normalised word can be a past participle (regular ones end as the past tense does)."""
    return word.endswith("ed") or word in _irregular()[1]


def is_irregular_past(word: str) -> bool:
    """Whether a normalised word is an irregular past form that is not also the plain form ("grew", not "let")."""
    lemma = _irregular()[0].get(word, word)
    return lemma != word and not word.endswith(("s", "ing"))


def is_gerund(word: str) -> bool:
    return len(word) > 4 and word.endswith("ing")


@cache
def _stemmer() -> Stemmer.Stemmer:
    # What it remembers itself is remembered here already.
    return Stemmer.Stemmer("english", 0)


@lru_cache(maxsize=8_000)
def stem(word: str) -> str:
    """The stem of a normalised word."""
    if not word.isascii() or not word.isalpha():
        return word
    lemmas, _, whole = _irregular()
    word = lemmas.get(word, word)
    if word in whole:
        return f"{word}="
    word = _IZE.sub("is", word)
    word = _OUR.sub("or", word) if len(word) > 5 else word
    return str(_stemmer().stemWord(word))
