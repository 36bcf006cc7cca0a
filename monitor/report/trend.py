"""Which way a condition is going: its last change, and the deeds of the last months beside those before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from monitor.assess.deed import WEIGHTS
from monitor.assess.timeline import Standing
from monitor.model import Evidence, Stance, Status

# What changed longer ago than this is no trend any more, and so long are the two spans that deeds are counted in.
SPAN = timedelta(days=90)
_BETTER = {Status.BREACHED: 0, Status.CONTESTED: 1, Status.MET: 2}


class Direction(StrEnum):
    """Where a status has gone of late. One that lapsed is neither better nor worse: nobody knows."""

    BETTER = "better"
    WORSE = "worse"
    LAPSED = "no longer known"
    NEW = "newly known"
    STEADY = "unchanged"


@dataclass(frozen=True, slots=True)
class Trend:
    """``before`` is the last different status, if there was one; deeds are counted as stories, in the last span and in
    the one before it."""

    direction: Direction
    before: Status | None
    lately: dict[Stance, int]
    earlier: dict[Stance, int]


def trend(steps: Iterable[Standing], told: Iterable[Evidence], now: datetime) -> Trend:
    """The trend of a condition with this history and this evidence, at ``now``."""
    steps, told = list(steps), list(told)
    present = steps[-1]
    changed_at, before = present.holds_from, None
    for step in reversed(steps):
        if step.status is not present.status:
            before = step.status
            break
        changed_at = step.holds_from
    direction = Direction.STEADY
    if before is not None and changed_at is not None and now - changed_at <= SPAN:
        direction = _direction(before, present.status)
    return Trend(direction, before, _deeds(told, now - SPAN, now), _deeds(told, now - 2 * SPAN, now - SPAN))


def _direction(before: Status, after: Status) -> Direction:
    if after is Status.UNKNOWN:
        return Direction.LAPSED
    if before is Status.UNKNOWN:
        return Direction.NEW
    return Direction.BETTER if _BETTER[after] > _BETTER[before] else Direction.WORSE


def _deeds(told: Iterable[Evidence], start: datetime, end: datetime) -> dict[Stance, int]:
    stories: dict[Stance, set[str]] = {Stance.FULFILMENT: set(), Stance.BREACH: set()}
    for piece in told:
        if piece.stance.is_deed and WEIGHTS[piece.grade] and start < piece.at <= end:
            stories[piece.stance].add(piece.story)
    return {stance: len(found) for stance, found in stories.items()}
