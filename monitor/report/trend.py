"""Which way a condition is going: its last change, and the deeds of the last months beside those before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from monitor.assess.deed import WEIGHTS
from monitor.assess.event import Event
from monitor.assess.tally import Tally, tally
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
    """``before`` is the last different status, if there was one; deeds are counted in the last span and in the one
    before it."""

    direction: Direction
    before: Status | None
    lately: dict[Stance, Tally]
    earlier: dict[Stance, Tally]


def trend(steps: Iterable[Standing], told: Iterable[Evidence], event_of: Mapping[str, Event], now: datetime) -> Trend:
    """The trend of a condition with this history and evidence, at ``now``; ``event_of`` is as in :func:`tally`."""
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
    return Trend(
        direction, before, _deeds(told, event_of, now - SPAN, now), _deeds(told, event_of, now - 2 * SPAN, now - SPAN)
    )


def _direction(before: Status, after: Status) -> Direction:
    if after is Status.UNKNOWN:
        return Direction.LAPSED
    if before is Status.UNKNOWN:
        return Direction.NEW
    return Direction.BETTER if _BETTER[after] > _BETTER[before] else Direction.WORSE


def _deeds(
    told: Iterable[Evidence], event_of: Mapping[str, Event], start: datetime, end: datetime
) -> dict[Stance, Tally]:
    deeds: dict[Stance, list[Evidence]] = {Stance.FULFILMENT: [], Stance.BREACH: []}
    for piece in told:
        counts = piece.stance.is_deed and WEIGHTS[piece.grade] and not piece.date_mark.waits
        if counts and start < piece.at <= end:
            deeds[piece.stance].append(piece)
    return {stance: tally(pieces, event_of) for stance, pieces in deeds.items()}
