"""Two timelines side by side: on which days they say something else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.assess.timeline import Standing, at


@dataclass(frozen=True, slots=True)
class Difference:
    """From ``start`` to ``end`` (``None``: until now) one timeline says ``before`` and the other ``after``."""

    start: datetime
    end: datetime | None
    before: Standing
    after: Standing


def differences(before: Sequence[Standing], after: Sequence[Standing]) -> list[Difference]:
    """Where the timelines differ in status or phase, in the order of time."""
    moments = sorted({s.holds_from for s in (*before, *after) if s.holds_from is not None})
    out: list[Difference] = []
    for place, moment in enumerate(moments):
        end = moments[place + 1] if place + 1 < len(moments) else None
        one, other = at(before, moment), at(after, moment)
        if one.same_as(other):
            continue
        last = out[-1] if out else None
        if last and last.end == moment and last.before.same_as(one) and last.after.same_as(other):
            out[-1] = Difference(last.start, end, last.before, last.after)
        else:
            out.append(Difference(moment, end, one, other))
    return out
