"""Which reports tell the same story: copies and light rewrites of one text, whoever carries them.

How alike two texts are is the share of their runs of five characters that both contain (Jaccard's index), computed
exactly. The threshold is measured on ``tests/assess/stories.jsonl``: syndicated copies as feeds carry them (a new
headline, a lead cut short, a touch of house style) come out at 0.59 or more, independent reports of one event at
0.27 or less.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from struct import unpack_from

from monitor.model import Evidence, digest

SAME_STORY = 0.45
# Feeds carry the same text at different lengths; copies begin alike.
_LENGTH = 400
# Enough of a text to hold that many characters of words.
_READ = 600
_RUN = 5
_MARKS = 2048
# A text that returns after this is news again: an anniversary, a second decree.
SPAN = timedelta(days=7)
_WORD = re.compile(r"\w+")


def in_order(piece: Evidence) -> tuple[datetime, str]:
    """The key that sorts evidence by its time."""
    return piece.at, piece.id


def likeness(one: str, other: str) -> float:
    """The share of the runs of both texts that each of them contains, from 0 to 1."""
    return _likeness(_words(one), _words(other))


def with_stories(evidence: Iterable[Evidence], earlier: Sequence[Evidence] = ()) -> list[Evidence]:
    """The evidence in the order of its time, each piece with its story.

    A piece belongs to the story of the earliest piece of the week before that it is like. Later pieces never join two
    stories that were told apart before, so what is known of a day does not change with the days after it: ``earlier``
    are pieces of the time before, in order, whose stories have been told.
    """
    out: list[Evidence] = []
    pieces = sorted(evidence, key=in_order)
    before = [piece for piece in earlier if pieces[0].at - piece.at <= SPAN] if pieces else []
    week = deque((piece, _text_of(piece)) for piece in before)
    for piece in pieces:
        while week and piece.at - week[0][0].at > SPAN:
            week.popleft()
        text = _text_of(piece)
        story = _earliest_alike(piece, text, week) or digest(piece.item)[:24]
        told = replace(piece, story=story)
        week.append((told, text))
        out.append(told)
    return out


@dataclass(frozen=True, slots=True)
class _Text:
    """The beginning of a text in words, and a summary of it that tells most texts apart without a look at their runs.

    Each run sets one bit of ``marks``. ``marked`` is how many bits are set; ``spare`` is how many runs there can be
    beyond that, because several runs may set the same bit.
    """

    words: str
    marks: int
    marked: int
    spare: int

    def may_be_like(self, other: _Text) -> bool:
        """Whether the texts can reach the threshold. Never false of texts that do: it only saves comparing the rest.

        A run that both texts contain sets a bit in both, so they share at most the common bits and what is spare; and
        together they have at least as many runs as bits.
        """
        common = (self.marks & other.marks).bit_count()
        return (common + self.spare) / (self.marked + other.marked - common) >= SAME_STORY


def _earliest_alike(piece: Evidence, text: _Text, week: Iterable[tuple[Evidence, _Text]]) -> str:
    for earlier, its_text in week:
        if earlier.item == piece.item or (
            text.may_be_like(its_text) and _likeness(text.words, its_text.words) >= SAME_STORY
        ):
            return earlier.story
    return ""


def _likeness(one: str, other: str) -> float:
    its_runs, other_runs = _set_of_runs(one), _set_of_runs(other)
    return len(its_runs & other_runs) / len(its_runs | other_runs)


def _words(text: str) -> str:
    """The words that a text begins with, long enough for one run at least."""
    return " ".join(_WORD.findall(text[:_READ].casefold()))[:_LENGTH].ljust(_RUN)


def _runs(words: str) -> list[bytes]:
    """Each run of five characters, in no order, as UTF-32."""
    encoded = words.encode("utf-32-le")
    runs: list[bytes] = []
    # From each of the first five characters on, run behind run: one call cuts a fifth of them.
    for start in range(_RUN):
        runs += unpack_from(f"{4 * _RUN}s" * ((len(words) - start) // _RUN), encoded, 4 * start)
    return runs


# Some 45 kB each. Few texts come so near to another: copies of what is in the news.
@lru_cache(maxsize=50)
def _set_of_runs(words: str) -> frozenset[bytes]:
    return frozenset(_runs(words))


def _text_of(piece: Evidence) -> _Text:
    return _summed_up(piece.title, piece.text[:_READ])


# Some 2 kB each. The week before is compared with whatever is new.
@lru_cache(maxsize=2_000)
def _summed_up(title: str, text: str) -> _Text:
    words = _words(f"{title}\n{text}")
    runs = _runs(words)
    bits = bytearray(b"0") * _MARKS
    for number in map(hash, runs):
        # Which bit a run sets differs from process to process; what is alike does not.
        bits[number % _MARKS] = ord("1")
    marks = int(bits, 2)
    marked = marks.bit_count()
    return _Text(words, marks, marked, len(runs) - marked)
