"""Words and phrases of a rule, compiled against the tokens of a sentence.

A plain word matches its inflections; a phrase matches its words in their order, in ``does`` with a few words between
them ("allow women back"); double quotes ask for the letter.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from monitor.text.lexicon import words
from monitor.text.tokens import Token, tokenise

# How many words may stand between two of a deed: "shut down" may part around its object, "shut girls' schools down".
DEED_GAP = 4
_NEGATORS = frozenset({"not", "no", "never"})
_QUOTES = frozenset("\"'")
EXACT = "="


@dataclass(frozen=True, slots=True)
class Pattern:
    """``words`` are stems, or plain forms where ``exact``; ``keys`` are the same as an index of words holds them."""

    text: str
    words: tuple[str, ...]
    exact: bool
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Tokens ``[start, end)`` of a sentence; ``inner`` are the indices that the pattern itself took."""

    start: int
    end: int
    inner: tuple[int, ...]


def compile_pattern(text: str) -> Pattern | None:
    """The pattern of a rule's word or phrase; ``None`` when it holds no word at all."""
    exact = len(text) > 2 and text.startswith('"') and text.endswith('"')
    tokens = tokenise(text.strip('"'))
    words = tuple(token.norm if exact else token.stem for token in tokens if token.is_word)
    keys = tuple(map(to_the_letter, words)) if exact else words
    return Pattern(text, words, exact, keys) if words else None


def to_the_letter(norm: str) -> str:
    """A plain form as an index of words holds it, where stems stand as they are."""
    return EXACT + norm


def expand(
    listed: Iterable[str], terms: Mapping[str, tuple[str, ...]], within: frozenset[str] = frozenset()
) -> list[str]:
    """Words with every ``$name`` replaced by its list. Raises ``KeyError`` (unknown) or ``RecursionError`` (circle)."""
    out: list[str] = []
    for word in listed:
        if not word.startswith("$"):
            out.append(word)
            continue
        name = word[1:]
        if name in within:
            raise RecursionError(name)
        out.extend(expand(terms[name], terms, within | {name}))
    return list(dict.fromkeys(out))


class PatternSet:
    """Any of several patterns, of which up to ``gap`` words may part any two. Immutable once made."""

    __slots__ = ("_exact", "_stems", "gap", "patterns")

    def __init__(self, texts: Iterable[str], gap: int = 0) -> None:
        self.gap = gap
        self.patterns = tuple(p for p in (compile_pattern(text) for text in texts) if p is not None)
        self._exact: dict[str, list[Pattern]] = {}
        self._stems: dict[str, list[Pattern]] = {}
        for pattern in self.patterns:
            table = self._exact if pattern.exact else self._stems
            table.setdefault(pattern.words[0], []).append(pattern)

    def can_stand_in(self, words: set[str]) -> bool:
        """Whether all keys of one of the patterns are among ``words``."""
        return any(words.issuperset(pattern.keys) for pattern in self.patterns)

    def find(self, tokens: tuple[Token, ...]) -> Iterator[Place]:
        """Every place where one of the patterns stands; the longest where several begin."""
        for start, token in enumerate(tokens):
            candidates = self._stems.get(token.stem, ())
            exact = self._exact.get(token.norm, ())
            if not candidates and not exact:
                continue
            found = [
                inner
                for pattern in (*candidates, *exact)
                if (inner := stands_at(tokens, start, pattern, self.gap)) is not None
            ]
            if found:
                inner = max(found, key=len)
                yield Place(start, inner[-1] + 1, inner)


def stands_at(tokens: tuple[Token, ...], start: int, pattern: Pattern, gap: int = 0) -> tuple[int, ...] | None:
    """The tokens that ``pattern`` takes if it stands at ``start``, where its first word is known to stand.

    Up to ``gap`` others may part two of its words.
    """
    inner = [start]
    place = start
    for word in pattern.words[1:]:
        for step in range(1, gap + 2):
            here = place + step
            while here < len(tokens) and tokens[here].norm in _QUOTES:
                here += 1  # "the 'vice and virtue' laws"
            if here >= len(tokens) or not tokens[here].is_word:
                return None
            if (tokens[here].norm if pattern.exact else tokens[here].stem) == word:
                break
            if tokens[here].norm in _NEGATORS:
                return None  # "can not leave" is not "can leave"
            if tokens[here].stem == tokens[start].stem:
                return None  # "a diplomatic push for diplomatic recognition": the nearer beginning counts
            if tokens[here].norm == "to" and tokens[start].stem in words("auxiliary"):
                return None  # "can hope to leave" is not "can leave"
            if tokens[place].norm == "to" and tokens[here].stem not in words("determiner") | words("adverb"):
                return None  # "able to show papers" is not "able to travel"
            adverb = tokens[here].stem in words("adverb") or tokens[here].norm.endswith("ly")
            if tokens[place].stem == "be" and word in words("preposition") and not adverb:
                return None  # "were held during raids in" is not "were in"
        else:
            return None
        place = here
        inner.append(place)
    return tuple(inner)
