"""Deeds: which reports count, for how much, and for how long.

The event calculus of Kowalski and Sergot (1986), kept small: a deed initiates a state of affairs that then persists
until its time runs out (``lasts: 90d``) or a confirmed deed of the other direction terminates it (``reverses``).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from monitor.model import Asserter, Evidence, Stance
from monitor.rules.ruleset import Condition, Confirm, Consequence, Signal

# Nothing lasts longer than this past its last report without a reversal; far beyond any clock.
FOREVER = datetime.max.replace(tzinfo=UTC)
# What a report weighs by the grade of its source on the Admiralty scale, in quarters of a publisher. F means that the
# source's reliability cannot be judged: it never counts.
WEIGHTS = {"A": 4, "B": 4, "C": 4, "D": 2, "E": 1, "F": 0}
FULL_WEIGHT = 4


@dataclass(frozen=True, slots=True)
class Deed:
    """A deed and the span ``[at, until)`` in which it counts."""

    evidence: Evidence
    at: datetime
    until: datetime

    @property
    def origin(self) -> str:
        """The agency or publisher it comes from."""
        return self.evidence.origin

    @property
    def good(self) -> bool:
        return self.evidence.stance is Stance.FULFILMENT

    @property
    def kind(self) -> tuple[str, Stance]:
        """Deeds of one kind report the same sort of event."""
        return self.evidence.signal, self.evidence.stance

    @property
    def self_reported(self) -> bool:
        """The addressee's account of its own merit."""
        return self.good and self.evidence.asserted_by is Asserter.ADDRESSEE

    @property
    def weight(self) -> int:
        return WEIGHTS[self.evidence.grade]


def needed(confirm: Confirm) -> int:
    """The weight that corroborates."""
    return confirm.publishers * FULL_WEIGHT


def weight(deeds: Iterable[Deed]) -> int:
    """What the independent voices among ``deeds``, in the order of their time, weigh together.

    A story counts once, for whoever had it first, and an origin once, by its weightiest report; the addressee's account
    of its own merit never counts.
    """
    return max(_growing_weight(deeds), default=0)


def reaches(deeds: Iterable[Deed], wanted: int) -> bool:
    """Whether ``deeds`` weigh ``wanted``; looks no further than it must."""
    return any(total >= wanted for total in _growing_weight(deeds))


def _growing_weight(deeds: Iterable[Deed]) -> Iterator[int]:
    total = 0
    tellers: dict[str, str] = {}
    best: dict[str, int] = {}
    for deed in deeds:
        if deed.self_reported or tellers.setdefault(deed.evidence.story, deed.origin) != deed.origin:
            continue
        more = deed.weight - best.get(deed.origin, 0)
        if more > 0:
            best[deed.origin] = deed.weight
            total += more
            yield total


def deeds_of(part: Condition | Consequence, evidence: Iterable[Evidence]) -> list[Deed]:
    """The deeds that count, in the order of their time, each ending where its time runs out or a confirmed reversal
    stands, whichever is first. ``evidence`` has its stories told. Deeds that nobody can date wait: old news must not
    count as today's."""
    signals = {signal.id: signal for signal in part.signals}
    told = [
        e for e in evidence if e.signal in signals and e.stance.is_deed and WEIGHTS[e.grade] and not e.date_mark.waits
    ]
    told.sort(key=lambda e: (e.at, e.id))
    reversals = {kind: Reversals(reversing(kind, told, signals), part.confirm) for kind in _kinds(told)}
    out = []
    for piece in told:
        lasts = signals[piece.signal].lasts
        ends = piece.at + lasts if isinstance(lasts, timedelta) else FOREVER
        undone = reversals[piece.signal, piece.stance].confirmed_after(piece.at) or FOREVER
        out.append(Deed(piece, piece.at, min(ends, undone)))
    return out


def _kinds(told: Iterable[Evidence]) -> set[tuple[str, Stance]]:
    return {(piece.signal, piece.stance) for piece in told}


def reversing(kind: tuple[str, Stance], told: Iterable[Evidence], signals: Mapping[str, Signal]) -> list[Deed]:
    """Deeds that reverse deeds of this kind.

    A signal in its own direction reverses what it lists; told the other way round ("lifted the ban") it undoes itself.
    """
    target, stance = kind
    out = []
    for piece in told:
        signal = signals[piece.signal]
        own_direction = piece.stance is signal.stance
        if piece.stance is not stance and (target in signal.reverses if own_direction else target == signal.id):
            out.append(Deed(piece, piece.at, piece.at))
    return out


class Reversals:
    """When reversals that come after a given time are first confirmed. ``deeds`` are in the order of their time."""

    def __init__(self, deeds: Sequence[Deed], confirm: Confirm) -> None:
        self._confirm = confirm
        first: dict[str, Deed] = {}
        for deed in deeds:
            if not deed.self_reported:
                first.setdefault(deed.evidence.story, deed)
        self._chain = list(first.values())
        self._times = [deed.at for deed in self._chain]
        # The earliest confirmation among the windows that begin with this reversal or a later one.
        self._earliest: list[datetime | None] = []
        best: datetime | None = None
        for number in range(len(self._chain) - 1, -1, -1):
            when = self._confirmed_from(number)
            best = when if best is None or (when is not None and when < best) else best
            self._earliest.append(best)
        self._earliest.reverse()

    def _confirmed_from(self, number: int) -> datetime | None:
        window: list[Deed] = []
        for deed in self._chain[number:]:
            if deed.at - self._chain[number].at > self._confirm.within:
                return None
            window.append(deed)
            if reaches(window, needed(self._confirm)):
                return deed.at
        return None

    def confirmed_after(self, moment: datetime) -> datetime | None:
        place = bisect_right(self._times, moment)
        return self._earliest[place] if place < len(self._earliest) else None
