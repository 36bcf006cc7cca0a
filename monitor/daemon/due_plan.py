"""Which of many feeds is to be looked at next. Pure: a plan on paper, which knows no clock and no database."""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from datetime import datetime


class DuePlan:
    """Feeds by the moment (UTC) at which to look at them; each stands in the plan once, until it is taken out."""

    def __init__(self, urls: Iterable[str], at: datetime) -> None:
        # In the order of the settings, where several are due at once.
        self._heap = [(at, number, url) for number, url in enumerate(urls)]
        heapq.heapify(self._heap)
        self._count = len(self._heap)

    def take(self, now: datetime, most: int) -> list[str]:
        """Take out up to ``most`` feeds that are to be looked at by ``now``."""
        taken: list[str] = []
        while self._heap and self._heap[0][0] <= now and len(taken) < most:
            taken.append(heapq.heappop(self._heap)[2])
        return taken

    def put(self, url: str, at: datetime) -> None:
        """Look at a feed that was taken out again at ``at``."""
        self._count += 1
        heapq.heappush(self._heap, (at, self._count, url))
