"""The daemon's pulse, a loop beside the scheduler: it notices a clock that was set, tells systemd that all is well, and
answers those who ask."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from monitor.clock import utc_now
from monitor.config import Config
from monitor.daemon.clock_watch import ClockWatch
from monitor.daemon.endpoint import Endpoint
from monitor.daemon.metrics import Metrics
from monitor.daemon.sd_notify import sd_notify
from monitor.daemon.vitals import Vitals, ailments, stands_still
from monitor.store.database import Store

_BEAT = 1.0


class Pulse:
    """``vitals`` tells how the daemon is. Nothing that it does can stop the daemon."""

    def __init__(
        self,
        config: Config,
        store: Store,
        scheduler: AsyncIOScheduler,
        metrics: Metrics,
        vitals: Callable[[], Vitals],
        log: structlog.stdlib.BoundLogger,
    ) -> None:
        self._config = config
        self._store = store
        self._scheduler = scheduler
        self._metrics = metrics
        self._vitals = vitals
        self._log = log
        self._clock = ClockWatch(utc_now, time.monotonic)

    @asynccontextmanager
    async def beating(self) -> AsyncIterator[None]:
        """Beat for as long as the block lasts."""
        endpoint = Endpoint(self.health, self.page)
        await self._listen(endpoint)
        beats = asyncio.create_task(self._beat())
        try:
            yield
        finally:
            beats.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await beats
            await endpoint.stop()

    async def _listen(self, endpoint: Endpoint) -> None:
        if self._config.listen is None:
            return
        host, port = self._config.listen
        try:
            port = await endpoint.start(host, port)
        except OSError as error:
            # Watching the feeds is the job; being watched is not.
            self._log.warning(
                "health and metrics are not served; set `listen` under [daemon]",
                address=self._config.daemon.listen,
                error=error.strerror or str(error),
            )
            return
        self._log.info("health and metrics", address=f"http://{host}:{port}")

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(_BEAT)
            try:
                self._beat_once()
            except Exception as error:
                # One beat fails, said aloud, and the next one comes: a heart that stopped would have systemd kill us.
                self._log.error("pulse failed", error=repr(error))

    def _beat_once(self) -> None:
        step = self._clock.step()
        if step:
            self._set_right(step)
        vitals = self._vitals()
        self._metrics.queue.set(len(vitals.running))
        now = utc_now()
        sick = ailments(vitals, now)
        sd_notify(f"STATUS={sick[0] if sick else f'watching {len(self._config.feeds)} feeds'}")
        # A database that is full or away is waited for, a hanging feed is one of many: a new start mends neither.
        if not stands_still(vitals, now):
            sd_notify("WATCHDOG=1")

    def _set_right(self, step: timedelta) -> None:
        """After a clock was set back, what was due soon still is; after one was set forward, it is due now."""
        self._metrics.clock_stepped()
        self._log.warning("somebody set the clock", by_seconds=round(step.total_seconds()))
        if not self._scheduler.running:
            return
        if step < timedelta(0):
            for job in self._scheduler.get_jobs():
                if job.next_run_time is not None:
                    job.modify(next_run_time=job.next_run_time + step)
        self._scheduler.wakeup()

    def health(self) -> tuple[list[str], dict[str, Any]]:
        """What is wrong with the daemon, in words, and a record of how it is. May be called in any thread."""
        vitals = self._vitals()
        record = {
            "started": vitals.started.isoformat(timespec="seconds"),
            "feeds": len(self._config.feeds),
            "running": len(vitals.running),
            "next_due": vitals.next_due.isoformat(timespec="seconds") if vitals.next_due else None,
            "missed": vitals.missed,
            "failed": vitals.failed,
        }
        return ailments(vitals, utc_now()), record

    def page(self) -> bytes:
        """The page that Prometheus reads. May be called in any thread."""
        return self._metrics.page(self._store, utc_now())
