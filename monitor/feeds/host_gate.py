"""One host is asked by few at a time, and not in quick succession, however many of the feeds are on it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass(slots=True)
class _Host:
    places: asyncio.Semaphore
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    # On the event loop's clock, which no change of the time of day moves.
    free_at: float = 0.0


class HostGate:
    """Lets at most ``concurrency`` requests to a host run at a time, each begun ``spacing`` seconds after the last."""

    def __init__(self, concurrency: int, spacing: float) -> None:
        self._concurrency = concurrency
        self._spacing = spacing
        self._hosts: dict[str, _Host] = {}

    @asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[None]:
        """Wait for a turn at ``host``, and hold a place there for as long as the block lasts."""
        known = self._hosts.get(host)
        if known is None:
            known = self._hosts[host] = _Host(asyncio.Semaphore(self._concurrency))
        async with known.places:
            async with known.turn:
                loop = asyncio.get_running_loop()
                wait = known.free_at - loop.time()
                if wait > 0:
                    await asyncio.sleep(wait)
                known.free_at = loop.time() + self._spacing
            yield

    async def rest(self, host: str) -> None:
        """Wait until the next request to ``host`` may begin."""
        known = self._hosts.get(host)
        if known is not None:
            await asyncio.sleep(max(0.0, known.free_at - asyncio.get_running_loop().time()))
