"""Word classes and cue phrases, read once from the data files beside this module."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from itertools import chain, product
from typing import Any

from monitor.text.stems import stem
from monitor.text.tokens import Token, tokenise

# So many words a star in a cue phrase stands for at most.
_DESCRIBING = 3


class Cue(StrEnum):
    """What a cue phrase does to the deed it governs; ``cues.toml`` says more."""

    NEGATION = "negation"
    FAILURE = "failure"
    PREVENTION = "prevention"
    REVERSAL = "reversal"
    FUTURE = "future"
    PROMISE = "promise"
    THREAT = "threat"
    DEMAND = "demand"
    DENIAL = "denial"
    UNREAL = "unreal"
    REPORT = "report"
    CAUSATION = "causation"


@dataclass(frozen=True, slots=True)
class CueHit:
    """A cue phrase found at tokens ``[start, end)``."""

    cue: Cue
    start: int
    end: int
    needs_not: bool = False


@cache
def _data(name: str) -> dict[str, Any]:
    return tomllib.loads((files("monitor.text") / name).read_text("utf-8"))


@cache
def words(name: str) -> frozenset[str]:
    """A closed class by name, as stems."""
    listed = _data("lexicon.toml")[name]
    return frozenset(stem(str(word)) for word in listed)


@cache
def places() -> tuple[tuple[str, ...], ...]:
    """Every state and body with all its names."""
    data = _data("places.toml")
    groups = [group for kind in ("states", "unions", "bodies") for group in data[kind]]
    return tuple(tuple(str(name) for name in group) for group in groups)


@cache
def bodies() -> frozenset[tuple[str, ...]]:
    """Names of bodies that act and that are no ground, each as its plain words."""
    return frozenset(tuple(_plain(str(name))) for group in _data("places.toml")["bodies"] for name in group)


@cache
def needs_capital() -> frozenset[str]:
    """Names (normalised) that are ordinary words in lower case."""
    return frozenset(str(name) for name in _data("places.toml")["ambiguous"])


def phrase(text: str) -> tuple[str, ...]:
    """A phrase as the stems of its words."""
    return tuple(token.stem for token in tokenise(text) if token.is_word)


def cue_phrases(text: str) -> list[tuple[str, ...]]:
    """The phrases that a line of ``cues.toml`` stands for, each as the stems of its words; a star stays one."""
    parts = [[("*",)] if part == "*" else [phrase(one) for one in part.split("|")] for part in text.split()]
    return [tuple(chain.from_iterable(chosen)) for chosen in product(*parts)]


def _plain(text: str) -> list[str]:
    return [token.norm for token in tokenise(text) if token.is_word]


@cache
def _phrases(side: str) -> dict[str, tuple[tuple[tuple[str, ...], Cue | None, bool], ...]]:
    """Cue phrases by their first stem, the longest first, each with its class and whether it needs a "not".

    A pseudo cue has no class.
    """
    table: dict[str, list[tuple[tuple[str, ...], Cue | None, bool]]] = {}
    for name in Cue:
        lists = _data("cues.toml")[name.value]
        for key, cue in (("pseudo", None), (side, name), (f"{side}_not", name)):
            for text in lists.get(key, ()):
                exact = [tuple(f"={word}" for word in _plain(text))]
                for stems in exact if text.startswith("=") else cue_phrases(text):
                    table.setdefault(stems[0], []).append((stems, cue, key.endswith("_not")))
    return {first: tuple(sorted(dict.fromkeys(found), key=_longest_first)) for first, found in table.items()}


def _longest_first(entry: tuple[tuple[str, ...], Cue | None, bool]) -> tuple[int, bool]:
    """Of phrases of one length, those that look like a cue and are none come first."""
    return -len(entry[0]), entry[1] is not None


def find_cues(tokens: tuple[Token, ...], side: str) -> tuple[CueHit, ...]:
    """Cue phrases among ``tokens`` that stand ``before`` or ``after`` what they govern.

    The longest phrase at a place wins; where two classes list the same phrase, both are found.
    """
    table = _phrases(side)
    hits: list[CueHit] = []
    place = 0
    while place < len(tokens):
        length, behind = 0, place + 1
        exact, inflected = table.get(f"={tokens[place].norm}", ()), table.get(tokens[place].stem, ())
        for stems, cue, needs_not in sorted((*exact, *inflected), key=_longest_first) if exact else inflected:
            if len(stems) < length:
                break
            end = _end_of(tokens, place, stems)
            if end is not None:
                length, behind = len(stems), end
                if cue is None:
                    break
                hits.append(CueHit(cue, place, end, needs_not))
        place = behind
    return tuple(hits)


def _end_of(tokens: tuple[Token, ...], place: int, stems: tuple[str, ...]) -> int | None:
    """Where a phrase that begins at ``place`` ends; a day may stand behind its first word ("called Monday on").

    Quotation marks do not part it."""
    here = place
    for number, wanted in enumerate(stems):
        while number and here < len(tokens) and tokens[here].norm in ('"', "'"):
            here += 1
        if wanted == "*":
            near = range(here, min(here + _DESCRIBING + 1, len(tokens)))
            here = next((k for k in near if tokens[k].stem == stems[number + 1]), here)
            if not all(token.is_word for token in tokens[place:here]):
                return None
            continue
        if number == 1 and here < len(tokens) and tokens[here].stem in words("time") and tokens[here].stem != wanted:
            here += 1
        if here >= len(tokens) or wanted not in (tokens[here].stem, f"={tokens[here].norm}"):
            return None
        here += 1
    return here


@cache
def contesting() -> frozenset[str]:
    """Stems of what a report is called by whoever contests it ("baseless")."""
    return frozenset(stem(str(word)) for word in _data("cues.toml")["denial"]["verdict"])


@cache
def _history() -> dict[str, tuple[tuple[str, ...], ...]]:
    """Phrases about a time long past by their first stem."""
    table: dict[str, list[tuple[str, ...]]] = {}
    for text in _data("lexicon.toml")["history"]:
        stems = phrase(str(text))
        table.setdefault(stems[0], []).append(stems)
    return {first: tuple(found) for first, found in table.items()}


def tells_of_the_past(tokens: tuple[Token, ...]) -> bool:
    """Whether a phrase among ``tokens`` dates what is told to a time long gone."""
    table = _history()
    return any(
        _end_of(tokens, place, stems) is not None
        for place, token in enumerate(tokens)
        if token.stem in table
        for stems in table[token.stem]
    )
