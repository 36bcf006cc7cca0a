"""Where a condition stands, and the whole history of how it came to stand there (contract 2).

The event calculus of Kowalski and Sergot (1986), kept small: a deed initiates a state of affairs that then persists
until its time runs out (``lasts: 90d``) or a confirmed deed of the other direction terminates it (``reverses``).
Only deeds count; words move nothing.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from monitor.model import Asserter, Evidence, Phase, Stance, Status
from monitor.rules.ruleset import Condition, Confirm, Consequence, Signal

# Nothing lasts longer than this past its last report without a reversal; far beyond any clock.
_FOREVER = datetime.max.replace(tzinfo=UTC)
# Admiralty grade F: the source's reliability cannot be judged.
_UNJUDGED = "F"


@dataclass(frozen=True, slots=True)
class Standing:
    """A status from ``holds_from`` on (UTC, the first clock), with the evidence (ids) it rests on and why."""

    status: Status
    phase: Phase
    holds_from: datetime | None
    evidence: tuple[str, ...]
    reason: str

    def same_as(self, other: Standing) -> bool:
        return (self.status, self.phase) == (other.status, other.phase)


UNKNOWN = Standing(Status.UNKNOWN, Phase.CONFIRMED, None, (), "no deed is on record")


def history(part: Condition | Consequence, evidence: Iterable[Evidence], now: datetime) -> list[Standing]:
    """Every standing of a condition up to ``now``, oldest first; the last one holds at ``now``.

    Deeds dated after ``now`` and evidence of grade F are left out. The order of ``evidence`` does not matter.
    """
    deeds = _deeds(part, evidence, now)
    events = sorted([(d.at, 1, d) for d in deeds] + [(d.until, 0, d) for d in deeds if d.until <= now], key=_event_key)
    sides = {True: _Side(part.confirm), False: _Side(part.confirm)}
    out = [UNKNOWN]
    for number, (moment, arrives, deed) in enumerate(events):
        sides[deed.good].add(deed) if arrives else sides[deed.good].remove(deed)
        if number + 1 < len(events) and events[number + 1][0] == moment:
            continue
        standing = _stand(moment, sides[True], sides[False], part.confirm)
        if not standing.same_as(out[-1]):
            out.append(standing)
    if events and out[-1].holds_from is not None:
        # The support of the present status is all that holds now, not only what first brought it about.
        latest = _stand(out[-1].holds_from, sides[True], sides[False], part.confirm)
        out[-1] = latest
    return out


def words_since(evidence: Iterable[Evidence], since: datetime | None, now: datetime) -> dict[Stance, int]:
    """How many stories of each kind of word were told from ``since`` to ``now``: shown beside a status."""
    stories: dict[Stance, set[str]] = {}
    for piece in evidence:
        if piece.stance.is_word and piece.at <= now and (since is None or piece.at >= since):
            stories.setdefault(piece.stance, set()).add(piece.story)
    return {stance: len(found) for stance, found in sorted(stories.items())}


@dataclass(frozen=True, slots=True)
class _Deed:
    """A deed and the span ``[at, until)`` in which it counts."""

    evidence: Evidence
    at: datetime
    until: datetime

    @property
    def good(self) -> bool:
        return self.evidence.stance is Stance.FULFILMENT

    @property
    def publisher(self) -> str:
        return self.evidence.publisher.casefold()

    @property
    def self_reported(self) -> bool:
        """The addressee's account of its own merit."""
        return self.good and self.evidence.asserted_by is Asserter.ADDRESSEE


def _event_key(event: tuple[datetime, int, _Deed]) -> tuple[datetime, int, str]:
    return event[0], event[1], event[2].evidence.id


class _Side:
    """The deeds of one direction that count at a moment, and which of them are corroborated."""

    def __init__(self, confirm: Confirm) -> None:
        self._confirm = confirm
        self._live: dict[str, _Deed] = {}
        self._recent: deque[_Deed] = deque()
        self._sure: set[str] = set()

    def add(self, deed: _Deed) -> None:
        """Count ``deed`` from now on; deeds arrive in the order of their time."""
        self._live[deed.evidence.id] = deed
        self._recent.append(deed)
        while deed.at - self._recent[0].at > self._confirm.within:
            self._recent.popleft()
        window = [d for d in self._recent if d.evidence.id in self._live]
        if len(_publishers(window)) >= self._confirm.publishers:
            self._sure.update(d.evidence.id for d in window)

    def remove(self, deed: _Deed) -> None:
        self._live.pop(deed.evidence.id, None)
        self._sure.discard(deed.evidence.id)

    @property
    def sure(self) -> bool:
        return bool(self._sure)

    @property
    def deeds(self) -> list[_Deed]:
        return list(self._live.values())

    def __bool__(self) -> bool:
        return bool(self._live)


def _publishers(deeds: Iterable[_Deed]) -> set[str]:
    """Independent publishers: copies of one story count once, for whoever had it first; self-reports never count."""
    first: dict[str, _Deed] = {}
    for deed in sorted((d for d in deeds if not d.self_reported), key=lambda d: (d.at, d.evidence.id)):
        first.setdefault(deed.evidence.story, deed)
    return {deed.publisher for deed in first.values()}


def _deeds(part: Condition | Consequence, evidence: Iterable[Evidence], now: datetime) -> list[_Deed]:
    """The deeds on record, each ending where its time runs out or a confirmed reversal stands, whichever is first."""
    signals = {signal.id: signal for signal in part.signals}
    told = [e for e in evidence if e.signal in signals and e.stance.is_deed and e.at <= now and e.grade != _UNJUDGED]
    told.sort(key=lambda e: (e.at, e.id))
    reversals = {
        (signal.id, stance): _Reversals(_reversers(signal.id, stance, told, signals), part.confirm)
        for signal in part.signals
        for stance in (Stance.FULFILMENT, Stance.BREACH)
    }
    out = []
    for piece in told:
        lasts = signals[piece.signal].lasts
        ends = piece.at + lasts if isinstance(lasts, timedelta) else _FOREVER
        out.append(_Deed(piece, piece.at, min(ends, reversals[piece.signal, piece.stance].after(piece.at) or _FOREVER)))
    return out


def _reversers(target: str, stance: Stance, told: Sequence[Evidence], signals: dict[str, Signal]) -> list[_Deed]:
    """Deeds that reverse deeds of ``target`` with this stance.

    A signal in its own direction reverses what it lists; told the other way round ("lifted the ban") it undoes itself.
    """
    out = []
    for piece in told:
        signal = signals[piece.signal]
        own_direction = piece.stance is signal.stance
        if piece.stance is not stance and (target in signal.reverses if own_direction else target == signal.id):
            out.append(_Deed(piece, piece.at, piece.at))
    return out


class _Reversals:
    """When reversals that come after a given time are first confirmed."""

    def __init__(self, deeds: Sequence[_Deed], confirm: Confirm) -> None:
        first: dict[str, _Deed] = {}
        for deed in deeds:
            if not deed.self_reported:
                first.setdefault(deed.evidence.story, deed)
        chain = list(first.values())
        confirmed: list[datetime | None] = []
        for number, deed in enumerate(chain):
            seen: set[str] = set()
            when = None
            for later in chain[number:]:
                if later.at - deed.at > confirm.within:
                    break
                seen.add(later.publisher)
                if len(seen) >= confirm.publishers:
                    when = later.at
                    break
            confirmed.append(when)
        self._times = [deed.at for deed in chain]
        # The earliest confirmation among this reversal and all later ones.
        self._earliest: list[datetime | None] = []
        best: datetime | None = None
        for when in reversed(confirmed):
            best = when if best is None or (when is not None and when < best) else best
            self._earliest.append(best)
        self._earliest.reverse()

    def after(self, moment: datetime) -> datetime | None:
        place = bisect_right(self._times, moment)
        return self._earliest[place] if place < len(self._earliest) else None


def _stand(moment: datetime, good: _Side, bad: _Side, confirm: Confirm) -> Standing:
    if not good and not bad:
        return Standing(Status.UNKNOWN, Phase.CONFIRMED, moment, (), "what was reported has lapsed")
    if good and bad and good.sure == bad.sure:
        return _standing(Status.CONTESTED, good.sure, moment, [*good.deeds, *bad.deeds], confirm)
    # A confirmed side is not moved by an unconfirmed one: going back needs as much as going forward.
    met = good.sure if good.sure != bad.sure else bool(good)
    side = good if met else bad
    return _standing(Status.MET if met else Status.BREACHED, side.sure, moment, side.deeds, confirm)


def _standing(status: Status, sure: bool, moment: datetime, side: Sequence[_Deed], confirm: Confirm) -> Standing:
    publishers = sorted({d.evidence.publisher for d in side if d.evidence.publisher})
    named = ", ".join(publishers[:4]) + (" and others" if len(publishers) > 4 else "")
    wanted = f"{confirm.publishers} independent publishers" if confirm.publishers > 1 else "one independent publisher"
    reason = f"reported by {named or 'an unnamed publisher'}" + ("" if sure else f"; {wanted} would confirm it")
    ids = tuple(d.evidence.id for d in sorted(side, key=lambda d: (d.at, d.evidence.id)))
    return Standing(status, Phase.CONFIRMED if sure else Phase.PENDING, moment, ids, reason)
