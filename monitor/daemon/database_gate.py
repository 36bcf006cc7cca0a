"""Work that needs the database waits while the database fails, says so once, and goes on when it can."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import structlog
from sqlalchemy import make_url

from monitor.clock import utc_now
from monitor.config import Config
from monitor.store.database import Store, StoreError, StoreUnavailable, open_store

_FIRST_PAUSE = 1.0
_LONGEST_PAUSE = 60.0
T = TypeVar("T")


def open_patiently(config: Config) -> Store:
    """Open the database of the settings, waiting for one that has been there before: at boot a server may come later,
    and a file system may be read-only for a while. Raises ``StoreError`` for one that waiting does not mend."""
    log: structlog.stdlib.BoundLogger = structlog.get_logger("monitor.daemon")
    url = make_url(config.database_url)
    there = url.get_backend_name() != "sqlite" or Path(url.database or "").exists()
    pause = _FIRST_PAUSE
    while True:
        try:
            return open_store(config.database_url)
        except StoreUnavailable as error:
            if not there:
                raise
            log.error("database failed; waiting until it works again", error=str(error), next_try_in_seconds=pause)
            time.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)


class DatabaseGate:
    """Open while the database works. ``probe`` writes something to it, and raises ``StoreError`` if it cannot."""

    def __init__(self, probe: Callable[[], object], log: structlog.stdlib.BoundLogger) -> None:
        self._probe = probe
        self._log = log
        self._open = asyncio.Event()
        self._open.set()
        self._prober: asyncio.Task[None] | None = None
        self.error = ""
        self.failing_since: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self._open.is_set()

    async def run(self, work: Callable[[], Awaitable[T]]) -> T:
        """Do ``work``, from its beginning again and again until the database lets it be done."""
        while True:
            await self._open.wait()
            try:
                return await work()
            except StoreError as error:
                self._close(error)

    def _close(self, error: StoreError) -> None:
        self.error = str(error)
        if not self._open.is_set():
            return
        self._open.clear()
        self.failing_since = utc_now()
        self._log.error("database failed; waiting until it works again", error=self.error)
        self._prober = asyncio.create_task(self._wait_for_it())

    async def _wait_for_it(self) -> None:
        pause = _FIRST_PAUSE
        while True:
            await asyncio.sleep(pause)
            try:
                await asyncio.to_thread(self._probe)
            except StoreError as error:
                self.error = str(error)
                self._log.warning("database still fails", error=self.error, next_try_in_seconds=pause)
                pause = min(pause * 2, _LONGEST_PAUSE)
                continue
            self._log.info("database works again", failed_since=str(self.failing_since))
            self.error, self.failing_since = "", None
            self._open.set()
            return

    def close(self) -> None:
        """Stop asking."""
        if self._prober is not None:
            self._prober.cancel()
