"""Cue phrases, read from the files in ``cues/``: words that say how a deed is meant, and where they stand in a text.

After ConText (Harkema et al. 2009): each row is a phrase with its class, its direction, and an example that is run.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from itertools import chain, product
from typing import Any

from monitor.text.lexicon import phrase, words
from monitor.text.tokens import Token, tokenise

# So many words a star in a cue phrase stands for at most.
_DESCRIBING = 3


class Cue(StrEnum):
    """What a cue phrase does to the deed it governs; the file of this name in ``cues/`` says more."""

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


class Kind(StrEnum):
    """The lists of a file: phrases that are cues, those that only look like one, what a report is called that is
    contested."""

    PHRASE = "phrases"
    LOOK_ALIKE = "look_alikes"
    VERDICT = "verdicts"


@dataclass(frozen=True, slots=True)
class CueRow:
    """A line of a file: the phrase as written, where it stands and in which form, and the example that proves it.

    ``reads`` is the stance of the example, or "none". ``exact`` takes the phrase in this form alone, ``needs`` a word
    that must follow ("warned them not to"), ``behind`` says that it stands behind what it governs.
    """

    cue: Cue
    kind: Kind
    say: str
    example: str
    reads: str
    exact: bool = False
    behind: bool = False
    needs: str = ""

    @property
    def side(self) -> str:
        return "after" if self.behind else "before"


@dataclass(frozen=True, slots=True)
class CueHit:
    """A cue phrase found at tokens ``[start, end)``."""

    cue: Cue
    start: int
    end: int
    needs_not: bool = False


# A phrase as the stems of its words, its class (none if it only looks like a cue), and whether it needs a "not".
_Entry = tuple[tuple[str, ...], Cue | None, bool]
_Table = dict[str, tuple[_Entry, ...]]


class CueTable:
    """The phrases of rows, to be found in texts."""

    def __init__(self, rows: Collection[CueRow]) -> None:
        self._before = _by_first_stem([row for row in rows if not row.behind])
        self._behind = _by_first_stem([row for row in rows if row.behind or row.kind is Kind.LOOK_ALIKE])
        verdicts = [row for row in rows if row.kind is Kind.VERDICT]
        self.contesting = frozenset(chain.from_iterable(phrase(row.say) for row in verdicts))

    def find(self, tokens: tuple[Token, ...], side: str) -> tuple[CueHit, ...]:
        """Cue phrases among ``tokens`` that stand ``before`` or ``after`` what they govern.

        The longest phrase at a place wins; where two classes list the same phrase, both are found.
        """
        table = self._before if side == "before" else self._behind
        hits: list[CueHit] = []
        place = 0
        while place < len(tokens):
            length, behind = 0, place + 1
            exact, inflected = table.get(f"={tokens[place].norm}", ()), table.get(tokens[place].stem, ())
            for stems, cue, needs_not in sorted((*exact, *inflected), key=_longest_first) if exact else inflected:
                if len(stems) < length:
                    break
                end = end_of_phrase(tokens, place, stems)
                if end is not None:
                    length, behind = len(stems), end
                    if cue is None:
                        break
                    hits.append(CueHit(cue, place, end, needs_not))
            place = behind
        return tuple(hits)


@cache
def cue_rows() -> tuple[CueRow, ...]:
    """Every line of every file."""
    return tuple(CueRow(cue, kind, **line) for cue in Cue for kind in Kind for line in _file(cue).get(kind.value, ()))


@cache
def cue_table() -> CueTable:
    """The phrases of all files."""
    return CueTable(cue_rows())


def cue_phrases(text: str) -> list[tuple[str, ...]]:
    """The phrases that a row stands for, each as the stems of its words; a star stays one."""
    parts = [[("*",)] if part == "*" else [phrase(one) for one in part.split("|")] for part in text.split()]
    return [tuple(chain.from_iterable(chosen)) for chosen in product(*parts)]


def end_of_phrase(tokens: tuple[Token, ...], place: int, stems: tuple[str, ...]) -> int | None:
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


def _file(cue: Cue) -> dict[str, Any]:
    return tomllib.loads((files("monitor.text") / "cues" / f"{cue}.toml").read_text("utf-8"))


def _by_first_stem(rows: Collection[CueRow]) -> _Table:
    table: dict[str, list[_Entry]] = {}
    for row in rows:
        if row.kind is Kind.VERDICT:
            continue
        cue = None if row.kind is Kind.LOOK_ALIKE else row.cue
        exact = [tuple(f"={token.norm}" for token in tokenise(row.say) if token.is_word)]
        for stems in exact if row.exact else cue_phrases(row.say):
            table.setdefault(stems[0], []).append((stems, cue, bool(row.needs)))
    return {first: tuple(sorted(dict.fromkeys(found), key=_longest_first)) for first, found in table.items()}


def _longest_first(entry: _Entry) -> tuple[int, bool]:
    """Of phrases of one length, those that look like a cue and are none come first."""
    return -len(entry[0]), entry[1] is not None
