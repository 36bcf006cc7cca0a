"""What the writer remembers of conditions from one transaction to the next, so that news costs what is new.

It is good only while nobody else writes: the database's own clock tells, which every writer moves. Whatever is not
remembered, or can no longer be trusted, is read from the database again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from monitor.assess.ledger import Key
from monitor.assess.standing import Knowledge
from monitor.model import Transition

# Pieces of evidence, of all conditions together.
_MOST = 10_000


@dataclass(frozen=True, slots=True)
class Remembered:
    """The entries and the knowledge of a condition under the rules of this digest, and when time alone changes it."""

    rules_digest: str
    entries: tuple[Transition, ...]
    known: Knowledge
    due: datetime | None


class Memory:
    """Of one writer at a time, which the database's lock sees to."""

    def __init__(self) -> None:
        self._last: datetime | None = None
        self._conditions: dict[Key, Remembered] = {}

    def open(self, last: datetime | None, moment: datetime) -> None:
        """Begin a transaction at ``moment``; ``last`` is the latest moment that the database knows of.

        Another one than ours: somebody else has written, or what we wrote was not kept.
        """
        if last != self._last:
            self._conditions.clear()
        self._last = moment

    def recall(self, key: Key, rules_digest: str) -> Remembered | None:
        found = self._conditions.pop(key, None)
        if found is None or found.rules_digest != rules_digest:
            return None
        return found

    def keep(self, key: Key, remembered: Remembered) -> None:
        """Remember a condition; those that nothing has happened to for longest are forgotten for it."""
        self._conditions[key] = remembered
        pieces = sum(len(one.known.evidence) for one in self._conditions.values())
        while pieces > _MOST and len(self._conditions) > 1:
            oldest = next(iter(self._conditions))
            pieces -= len(self._conditions.pop(oldest).known.evidence)

    def forget(self, key: Key | None = None) -> None:
        """Forget a condition, or everything."""
        if key is None:
            self._conditions.clear()
        else:
            self._conditions.pop(key, None)
