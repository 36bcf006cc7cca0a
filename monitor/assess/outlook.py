"""How near a status is to changing, and what it would take."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from monitor.assess.corroboration import Side
from monitor.assess.deed import FOREVER, FULL_WEIGHT, Deed, needed, reversing, weight
from monitor.assess.standing import Knowledge, Survey
from monitor.assess.timeline import Standing
from monitor.model import Stance
from monitor.rules.ruleset import Condition, Consequence


@dataclass(frozen=True, slots=True)
class Need:
    """What would corroborate one direction: so many more independent publishers, if told ``by`` then (UTC).

    ``publishers`` is 0 where the direction is corroborated already. ``by`` is ``None`` where nothing has been told yet
    that could be added to.
    """

    stance: Stance
    publishers: int
    by: datetime | None


@dataclass(frozen=True, slots=True)
class Hold:
    """Deeds of a signal that last until reversed: by which signals, and how many publishers that still takes."""

    signal: str
    stance: Stance
    reversed_by: tuple[str, ...]
    publishers: int


@dataclass(frozen=True, slots=True)
class Outlook:
    """``fades`` is what time alone will bring next, if anything; ``needs`` and ``holds`` say what news would change."""

    fades: Standing | None
    fulfilment: Need
    breach: Need
    holds: tuple[Hold, ...]


def look_ahead(seen: Survey) -> Outlook:
    """What could change the status of a condition from the moment on at which it was ``seen``."""
    known, now, good, bad = seen.known, seen.now, seen.good, seen.bad
    fades = next((step for step in seen.outlook if not step.has_begun(now)), None)
    live = [deed for side in (good, bad) for deed in side.deeds]
    return Outlook(
        fades, _need(Stance.FULFILMENT, good, now), _need(Stance.BREACH, bad, now), tuple(_holds(known, live, now))
    )


def _need(stance: Stance, side: Side, now: datetime) -> Need:
    if side.is_sure(now):
        return Need(stance, 0, None)
    missing, by = side.missing(now)
    return Need(stance, ceil(missing / FULL_WEIGHT), by)


def _holds(known: Knowledge, live: list[Deed], now: datetime) -> list[Hold]:
    """One hold for each kind of deed that lasts until it is reversed."""
    part = known.part
    signals = {signal.id: signal for signal in part.signals}
    told = [piece for piece in known.evidence if piece.at <= now and piece.stance.is_deed and piece.signal in signals]
    out = []
    for kind in sorted({deed.kind for deed in live if deed.until == FOREVER}):
        latest = max(deed.at for deed in live if deed.kind == kind)
        target, stance = kind
        by = [s.id for s in part.signals if s.stance is not stance and target in s.reverses] or [target]
        window = part.confirm.within
        recent = [deed for deed in reversing(kind, told, signals) if latest < deed.at and now - deed.at <= window]
        missing = max(0, needed(part.confirm) - weight(recent))
        out.append(Hold(target, stance, tuple(by), ceil(missing / FULL_WEIGHT)))
    return out


@dataclass(frozen=True, slots=True)
class Deadline:
    """A condition's ``by``: how long it has still to run, or (below zero) for how long it has been overdue."""

    by: datetime
    left: timedelta

    @property
    def is_overdue(self) -> bool:
        return self.left < timedelta()


def deadline(part: Condition | Consequence, now: datetime) -> Deadline | None:
    """The deadline of a condition that has one."""
    if not isinstance(part, Condition) or part.deadline is None:
        return None
    return Deadline(part.deadline, part.deadline - now)
