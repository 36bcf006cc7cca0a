"""A timeline: what holds from when on, as a list of standings, the oldest first and each until the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from monitor.model import Phase, Status


@dataclass(frozen=True, slots=True)
class Standing:
    """A status from ``holds_from`` on (UTC, the first clock), with the evidence (ids) it rests on and why.

    ``holds_from`` is ``None`` for what has held since before anything was known.
    """

    status: Status
    phase: Phase
    holds_from: datetime | None
    evidence: tuple[str, ...]
    reason: str

    def same_as(self, other: Standing) -> bool:
        return (self.status, self.phase) == (other.status, other.phase)

    def has_begun(self, moment: datetime) -> bool:
        return self.holds_from is None or self.holds_from <= moment


UNKNOWN = Standing(Status.UNKNOWN, Phase.CONFIRMED, None, (), "no deed is on record")


def at(timeline: Sequence[Standing], moment: datetime | None) -> Standing:
    """The standing that holds at ``moment``; with ``None``, the one before anything was known."""
    if moment is None:
        return timeline[0]
    return next(standing for standing in reversed(timeline) if standing.has_begun(moment))


def until(timeline: Sequence[Standing], moment: datetime) -> list[Standing]:
    """The part of a timeline that has begun by ``moment``."""
    return [standing for standing in timeline if standing.has_begun(moment)]


def overlay(timeline: Sequence[Standing], standing: Standing, start: datetime, end: datetime | None) -> list[Standing]:
    """The timeline with ``standing`` in place of whatever it said from ``start`` to ``end`` (``None``: for good)."""
    before = [step for step in timeline if step.holds_from is None or step.holds_from < start]
    laid = [*before, replace(standing, holds_from=start)]
    if end is None:
        return laid
    resumed = replace(at(timeline, end), holds_from=end)
    after = [step for step in timeline if step.holds_from is not None and step.holds_from > end]
    return [*laid, resumed, *after]
