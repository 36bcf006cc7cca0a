"""Where sentences end.

Rule-based on purpose: news text is regular, the answer never changes, and abbreviations are data.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from monitor.text.cue_table import CueHit, cue_table
from monitor.text.tokens import Token, tokenise

_ABBREVIATIONS = frozenset(
    {
        *("mr", "mrs", "ms", "dr", "prof", "rev", "hon", "gen", "lt", "col", "capt", "cmdr", "sgt", "maj", "adm"),
        *("gov", "sen", "rep", "pres", "st", "mt", "jr", "sr", "vs", "inc", "ltd", "co", "corp", "dept", "est"),
        *("jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec", "approx", "fig"),
        *("al", "etc", "e.g", "i.e"),
    }
)
# A stop, any closing quotes, and white space. Whether a capital follows does not matter: headlines are in all cases.
_STOP = re.compile(r"([.!?\u2026]+)([\"'\u201d\u2019)\]]*)(\s+)(?=\S)")
_LAST_WORD = re.compile(r"([^\W\d_]+(?:\.[^\W\d_]+)*)$")
# No sentence is longer than this many characters: what follows is read as the next one, so that hostile text
# without a single stop still costs linear time.
_LONGEST = 2000


@dataclass(frozen=True)
class Sentence:
    """A sentence at ``[start, end)`` of a text; ``line`` tells the title (0) from what follows.

    Its tokens and cues are found when asked for: most sentences are of no interest.
    """

    start: int
    end: int
    line: int
    text: str

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        """Its tokens, with their places in the whole text."""
        return tokenise(self.text, self.start)

    def cues(self, side: str) -> tuple[CueHit, ...]:
        """The cue phrases that stand ``before`` or ``after`` what they govern."""
        return self._before if side == "before" else self._after

    @cached_property
    def _before(self) -> tuple[CueHit, ...]:
        return cue_table().find(self.tokens, "before")

    @cached_property
    def _after(self) -> tuple[CueHit, ...]:
        return cue_table().find(self.tokens, "after")


def sentence_spans(text: str) -> list[tuple[int, int, int]]:
    """``(start, end, line)`` of every sentence of ``text``; a line break always ends one."""
    spans: list[tuple[int, int, int]] = []
    place = 0
    for number, line in enumerate(text.split("\n")):
        start = place
        for stop in _STOP.finditer(line):
            end = place + stop.end(2)
            if not _is_abbreviation(line[max(0, stop.start() - 40) : stop.start()], stop.group(1)):
                spans += _capped(start, end, number)
                start = place + stop.end(3)
        spans += _capped(start, place + len(line), number)
        place += len(line) + 1
    return [span for span in spans if not text[span[0] : span[1]].isspace()]


def _capped(start: int, end: int, line: int) -> list[tuple[int, int, int]]:
    return [(at, min(at + _LONGEST, end), line) for at in range(start, end, _LONGEST)]


def _is_abbreviation(before: str, stop: str) -> bool:
    if stop != ".":
        return False
    *_, ending = before.split(" ")
    last = _LAST_WORD.search(ending)
    if last is None:
        return False
    word = last.group(1)
    return word.casefold() in _ABBREVIATIONS or len(word) == 1 or "." in word
