"""Noticing that somebody set the clock: the scheduler goes by the time of day, which must not stop it for a day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

# Slower drifts are the ordinary work of a time server.
_TOLERANCE = timedelta(seconds=3)


class ClockWatch:
    """Compares the time of day with a clock that only ever runs forward, in seconds."""

    def __init__(self, wall: Callable[[], datetime], steady: Callable[[], float]) -> None:
        self._wall = wall
        self._steady = steady
        self._offset = self._measured()

    def step(self) -> timedelta:
        """By how much the time of day was moved since the last call; zero for what no person would call a step."""
        now = self._measured()
        moved = now - self._offset
        self._offset = now
        return moved if abs(moved) > _TOLERANCE else timedelta(0)

    def _measured(self) -> datetime:
        return self._wall() - timedelta(seconds=self._steady())
