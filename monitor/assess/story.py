"""Which reports tell the same story: copies and light rewrites of one text, whoever carries them.

MinHash (Broder 1997) over runs of characters: the share of equal places in two sketches estimates how much of their
text two reports have in common. The threshold is measured on ``tests/assess/stories.jsonl``: syndicated copies as
feeds carry them (a new headline, a lead cut short, a touch of house style) come out at 0.56 or more, independent
reports of one event at 0.33 or less.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache

from rensa import RMinHash

from monitor.assess.origin import origin
from monitor.model import Evidence, digest

SAME_STORY = 0.45
# Feeds carry the same text at different lengths; copies begin alike.
_LENGTH = 400
_READ = 1000
_RUN = 5
_PLACES = 128
_SEED = 1
# A text that returns after this is news again: an anniversary, a second decree.
SPAN = timedelta(days=7)
_WORD = re.compile(r"\w+")


def in_order(piece: Evidence) -> tuple[datetime, str]:
    """The key that sorts evidence by its time."""
    return piece.at, piece.id


def likeness(one: str, other: str) -> float:
    """How much two texts have in common, from 0 to 1 (an estimate, the same every time)."""
    return float(_sketch(one[:_READ]).jaccard(_sketch(other[:_READ])))


def with_stories(evidence: Iterable[Evidence], earlier: Sequence[Evidence] = ()) -> list[Evidence]:
    """The evidence in the order of its time, each piece with its story and its origin.

    A piece belongs to the story of the earliest piece of the week before that it is like. Later pieces never join two
    stories that were told apart before, so what is known of a day does not change with the days after it: ``earlier``
    are pieces of the time before, in order, whose stories have been told.
    """
    out: list[Evidence] = []
    pieces = sorted(evidence, key=in_order)
    before = [piece for piece in earlier if pieces[0].at - piece.at <= SPAN] if pieces else []
    week = deque((piece, _sketch(piece.body[:_READ])) for piece in before)
    for piece in pieces:
        while week and piece.at - week[0][0].at > SPAN:
            week.popleft()
        sketch = _sketch(piece.body[:_READ])
        story = _earliest_alike(piece, sketch, week) or digest(piece.item)[:24]
        told = replace(piece, story=story, origin=origin(piece))
        week.append((told, sketch))
        out.append(told)
    return out


def _earliest_alike(piece: Evidence, sketch: RMinHash, week: Iterable[tuple[Evidence, RMinHash]]) -> str:
    for earlier, its_sketch in week:
        if earlier.item == piece.item or its_sketch.jaccard(sketch) >= SAME_STORY:
            return earlier.story
    return ""


# No more than the evidence of a week is ever compared.
@lru_cache(maxsize=2_000)
def _sketch(text: str) -> RMinHash:
    words = " ".join(_WORD.findall(text.casefold()))[:_LENGTH]
    sketch = RMinHash(num_perm=_PLACES, seed=_SEED)
    sketch.update([words[start : start + _RUN] for start in range(max(1, len(words) - _RUN + 1))])
    return sketch
