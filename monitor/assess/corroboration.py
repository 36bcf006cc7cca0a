"""Which of the deeds of one direction count at a moment, and whether they are corroborated."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from monitor.assess.deed import Deed, needed, weight
from monitor.rules.ruleset import Confirm

_NEVER = datetime.min.replace(tzinfo=UTC)


class Side:
    """The deeds of one direction. Deeds are added in the order of their time and removed when they end.

    Reports of one kind that corroborate each other stay corroborated for as long as each of them lasts. Reports of
    different kinds corroborate the direction together, and only while enough of them last: when a blocked flight has
    faded, a ban that one publisher told of is again a ban that one publisher told of.
    """

    def __init__(self, confirm: Confirm) -> None:
        self._confirm = confirm
        self._live: dict[str, Deed] = {}
        self._corroborated: set[str] = set()
        self._together_until = _NEVER

    def add(self, deed: Deed) -> None:
        self._live[deed.evidence.id] = deed
        window = self.recent(deed.at)
        alike = [one for one in window if one.kind == deed.kind]
        if weight(alike) >= needed(self._confirm):
            self._corroborated.update(one.evidence.id for one in alike)
        elif weight(window) >= needed(self._confirm):
            self._together_until = max(self._together_until, _weighs_enough_until(window, needed(self._confirm)))

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
