"""Which reports tell the same story: copies and light rewrites of one text, whoever carries them.

MinHash (Broder 1997) over runs of characters: the share of equal places in two sketches estimates how much of their
text two reports have in common. The threshold is measured on ``tests/assess/stories.jsonl``: syndicated copies as
feeds carry them (a new headline, a lead cut short, a touch of house style) come out at 0.56 or more, independent
reports of one event at 0.33 or less.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from functools import lru_cache

from rensa import RMinHash

from monitor.model import Evidence, digest

SAME_STORY = 0.45
# Feeds carry the same text at different lengths; copies begin alike.
_LENGTH = 400
_READ = 1000
_RUN = 5
_PLACES = 128
_SEED = 1
# A text that returns after this is news again: an anniversary, a second decree.
_SPAN = timedelta(days=7)
_WORD = re.compile(r"\w+")


def likeness(one: str, other: str) -> float:
    """How much two texts have in common, from 0 to 1 (an estimate, the same every time)."""
    return float(_sketch(one[:_READ]).jaccard(_sketch(other[:_READ])))


def with_stories(evidence: Iterable[Evidence]) -> list[Evidence]:
    """The evidence in the order of its time, each piece with its story.

    A piece belongs to the story of the earliest piece of the week before that it is like. Later pieces never join two
    stories that were told apart before, so what is known of a day does not change with the days after it.
    """
    out: list[Evidence] = []
    week: deque[tuple[Evidence, RMinHash]] = deque()
    for piece in sorted(evidence, key=lambda e: (e.at, e.id)):
        while week and piece.at - week[0][0].at > _SPAN:
            week.popleft()
        sketch = _sketch(piece.body[:_READ])
        told = replace(piece, story=_earliest_alike(piece, sketch, week) or digest(piece.item)[:24])
        week.append((told, sketch))
        out.append(told)
    return out


def _earliest_alike(piece: Evidence, sketch: RMinHash, week: Iterable[tuple[Evidence, RMinHash]]) -> str:
    for earlier, its_sketch in week:
        if earlier.item == piece.item or its_sketch.jaccard(sketch) >= SAME_STORY:
            return earlier.story
    return ""


@lru_cache(maxsize=50_000)
def _sketch(text: str) -> RMinHash:
    words = " ".join(_WORD.findall(text.casefold()))[:_LENGTH]
    sketch = RMinHash(num_perm=_PLACES, seed=_SEED)
    sketch.update([words[start : start + _RUN] for start in range(max(1, len(words) - _RUN + 1))])
    return sketch
