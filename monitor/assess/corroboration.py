"""Which of the deeds of one direction count at a moment, and whether they are corroborated."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from monitor.assess.deed import Deed, needed, reaches, weight
from monitor.model import Stance
from monitor.rules.ruleset import Confirm

_NEVER = datetime.min.replace(tzinfo=UTC)


class _Kind:
    """Reports of one kind that are close enough together to corroborate each other, and those not corroborated yet."""

    def __init__(self) -> None:
        self.recent: deque[Deed] = deque()
        self._alone: list[Deed] = []

    def add(self, deed: Deed, confirm: Confirm, live: Mapping[str, Deed]) -> None:
        self.recent.append(deed)
        self._alone.append(deed)
        while deed.at - self.recent[0].at > confirm.within or self.recent[0].evidence.id not in live:
            self.recent.popleft()
        if any(one.evidence.id not in live for one in self.recent):
            self.recent = deque(one for one in self.recent if one.evidence.id in live)
        self._alone = [one for one in self._alone if one.at >= self.recent[0].at and one.evidence.id in live]

    def copy(self) -> _Kind:
        twin = _Kind()
        twin.recent, twin._alone = self.recent.copy(), self._alone.copy()
        return twin

    def take_alone(self) -> list[str]:
        """The ids of those not corroborated yet, which now are."""
        ids = [deed.evidence.id for deed in self._alone]
        self._alone = []
        return ids


class Side:
    """The deeds of one direction. Deeds are added in the order of their time and removed when they end.

    Reports of one kind that corroborate each other stay corroborated for as long as each of them lasts. Reports of
    different kinds corroborate the direction together, and only while enough of them last: when a blocked flight has
    faded, a ban that one publisher told of is again a ban that one publisher told of.
    """

    def __init__(self, confirm: Confirm) -> None:
        self._confirm = confirm
        self._live: dict[str, Deed] = {}
        self._kinds: dict[tuple[str, Stance], _Kind] = {}
        self._corroborated: set[str] = set()
        self._together_until = _NEVER

    def copy(self) -> Side:
        """The same side, to which nothing happens that happens to this one."""
        twin = Side(self._confirm)
        twin._live, twin._corroborated = self._live.copy(), self._corroborated.copy()
        twin._kinds = {key: kind.copy() for key, kind in self._kinds.items()}
        twin._together_until = self._together_until
        return twin

    def add(self, deed: Deed) -> None:
        self._live[deed.evidence.id] = deed
        kind = self._kinds.setdefault(deed.kind, _Kind())
        kind.add(deed, self._confirm, self._live)
        if reaches(kind.recent, needed(self._confirm)):
            self._corroborated.update(kind.take_alone())
            return
        lasting = [one for one in self.recent(deed.at) if one.until > self._together_until]
        if reaches(lasting, needed(self._confirm)):
            self._together_until = _weighs_enough_until(lasting, needed(self._confirm))

    def remove(self, deed: Deed) -> None:
        self._live.pop(deed.evidence.id, None)
        self._corroborated.discard(deed.evidence.id)

    def recent(self, moment: datetime) -> list[Deed]:
        """The deeds that count and are close enough to ``moment`` to corroborate each other."""
        out: list[Deed] = []
        for deed in reversed(self._live.values()):
            if moment - deed.at > self._confirm.within:
                break
            out.append(deed)
        return out[::-1]

    def is_sure(self, moment: datetime) -> bool:
        return bool(self._corroborated) or self._together_until > moment

    def missing(self, moment: datetime) -> tuple[int, datetime | None]:
        """The weight that still lacks for corroboration at ``moment``, and until when what is there can be used."""
        window = self.recent(moment)
        oldest = min((deed.at for deed in window if not deed.self_reported), default=None)
        return max(0, needed(self._confirm) - weight(window)), oldest and oldest + self._confirm.within

    @property
    def deeds(self) -> list[Deed]:
        return list(self._live.values())

    def __bool__(self) -> bool:
        return bool(self._live)


def _weighs_enough_until(window: Sequence[Deed], wanted: int) -> datetime:
    """The first moment at which the voices that still last no longer weigh ``wanted``."""
    ends = sorted({deed.until for deed in window})
    return next(end for end in ends if weight([deed for deed in window if deed.until > end]) < wanted)
