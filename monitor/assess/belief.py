"""What the log says: the timeline that its entries add up to, and the entries that a change of mind adds to it.

An entry says what held from ``holds_from`` until ``holds_until``, and overrules what earlier entries say of that time.
So the entries recorded up to a moment tell what was believed at that moment, of every day, without any other table.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.assess.timeline import UNKNOWN, Standing, at, overlay
from monitor.model import Cause, Transition


def believed(entries: Iterable[Transition]) -> list[Standing]:
    """The timeline that the entries of one condition, in the order of the log, add up to."""
    timeline = [UNKNOWN]
    for entry in entries:
        standing = Standing(entry.after, entry.phase, entry.holds_from, entry.evidence, entry.reason)
        timeline = overlay(timeline, standing, entry.holds_from, entry.holds_until)
    return timeline


@dataclass(frozen=True, slots=True)
class Occasion:
    """Why the log is looked at again. ``recorded`` is the moment (second clock); ``note`` goes into every reason.

    ``invalid`` are ids of evidence that no longer stands as it did: what the log rests on it is decided anew.
    """

    ruleset: str
    condition: str
    rules_digest: str
    recorded: datetime
    cause: Cause
    note: str = ""
    invalid: frozenset[str] = frozenset()


def revise(entries: Sequence[Transition], timeline: Sequence[Standing], occasion: Occasion) -> list[Transition]:
    """Entries, not yet numbered, after which the log of a condition says what ``timeline`` says.

    ``entries`` are the condition's entries so far; ``timeline`` ends at the moment of the occasion. One entry is made
    for each standing in each stretch of time of which the log says something else, or rests on invalid evidence.
    """
    old = believed(entries)
    latest = old[-1].holds_from
    moments = sorted({s.holds_from for s in (*old, *timeline) if s.holds_from is not None})
    differs = [_differs(at(old, moment), at(timeline, moment), occasion.invalid) for moment in moments]
    out: list[Transition] = []
    said: Transition | None = None
    for place, moment in enumerate(moments):
        if not differs[place]:
            said = None
            continue
        earlier, standing = at(old, moment), at(timeline, moment)
        if said is not None and _is_said(said, earlier, standing):
            continue
        end = next((moments[later] for later in range(place, len(moments)) if not differs[later]), None)
        continues = said is not None and not earlier.same_as(standing) and not _says(said, standing)
        before = Standing(said.after, said.phase, moment, (), "") if said is not None and continues else earlier
        said = _entry(occasion, before, standing, moment, end, is_late=latest is not None and moment < latest)
        out.append(said)
    return out


def _says(entry: Transition, standing: Standing) -> bool:
    return (entry.after, entry.phase) == (standing.status, standing.phase)


def _is_said(said: Transition, earlier: Standing, standing: Standing) -> bool:
    """Whether the entry made just before says it all: the same standing, and not "upheld" where it now is a change."""
    upheld = (said.before, said.before_phase) == (said.after, said.phase)
    return _says(said, standing) and (not upheld or earlier.same_as(standing))


def _differs(old: Standing, new: Standing, invalid: frozenset[str]) -> bool:
    return not old.same_as(new) or not invalid.isdisjoint(old.evidence)


def _entry(
    occasion: Occasion, before: Standing, after: Standing, start: datetime, end: datetime | None, is_late: bool
) -> Transition:
    cause = Cause.LATE_NEWS if is_late and occasion.cause is Cause.NEWS else occasion.cause
    reason = after.reason
    if before.same_as(after):
        reason = f"upheld: {reason}"
    if occasion.note and cause is not Cause.NEWS:
        reason = f"{reason}; {occasion.note}"
    return Transition(
        seq=0,
        ruleset=occasion.ruleset,
        condition=occasion.condition,
        before=before.status,
        before_phase=before.phase,
        after=after.status,
        phase=after.phase,
        holds_from=start,
        holds_until=end,
        recorded=occasion.recorded,
        cause=cause,
        reason=reason,
        evidence=after.evidence,
        rules_digest=occasion.rules_digest,
    )
