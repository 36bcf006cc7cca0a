"""The jobs of a daemon: APScheduler starts them, a shutdown waits for them, and what goes wrong is counted."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime, timedelta
from typing import Any

import structlog
from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MAX_INSTANCES, EVENT_JOB_MISSED
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.date import DateTrigger
from apscheduler.triggers.interval import IntervalTrigger

from monitor.clock import utc_now
from monitor.daemon.metrics import Metrics

Work = Callable[[], Coroutine[Any, Any, None]]


class Jobs:
    """``running`` is which of the repeated jobs run, since when (UTC)."""

    def __init__(self, metrics: Metrics, log: structlog.stdlib.BoundLogger) -> None:
        self._metrics = metrics
        self._log = log
        self.scheduler = AsyncIOScheduler(
            timezone="UTC",
            # Late is better than never, once is enough, and nothing runs twice at a time.
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )
        self.scheduler.add_listener(self._on_trouble, EVENT_JOB_MISSED | EVENT_JOB_MAX_INSTANCES | EVENT_JOB_ERROR)
        self._tasks: set[asyncio.Task[Any]] = set()
        self.running: dict[str, datetime] = {}
        self.missed = 0
        self.failed = 0

    def repeat(self, name: str, every: timedelta, first: datetime, work: Callable[[], Awaitable[None]]) -> None:
        """Do ``work`` again and again, the first time at ``first`` (UTC)."""
        self.scheduler.add_job(
            self._job,
            IntervalTrigger(seconds=every.total_seconds(), timezone="UTC"),
            args=(lambda: self._noted(name, work),),
            id=name,
            next_run_time=first,
        )

    def keep_on(self, name: str, pause: timedelta, work: Callable[[], Awaitable[None]]) -> None:
        """Do ``work`` now, and again each time after a pause; while it waits for something, no run is missed."""

        async def run() -> None:
            try:
                await self._noted(name, work)
            finally:
                if self.scheduler.running:
                    self.plan(name, utc_now() + pause, run)

        self.plan(name, utc_now(), run)

    def plan(self, name: str, at: datetime, work: Work) -> None:
        """Do ``work`` once at ``at`` (UTC), instead of what was planned under this name.

        Work that plans itself again is never done twice at a time. A second instance is allowed all the same: the first
        still counts while it plans the second, and a clock that is set just then would have the scheduler drop it.
        """
        self.scheduler.add_job(
            self._job, DateTrigger(at, timezone="UTC"), args=(work,), id=name, replace_existing=True, max_instances=2
        )

    def start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[Any]:
        """Do ``work`` now, in a task which a shutdown waits for."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def next_due(self) -> datetime | None:
        """When the next job is planned."""
        jobs = self.scheduler.get_jobs() if self.scheduler.running else []
        return min((job.next_run_time for job in jobs if job.next_run_time is not None), default=None)

    def stop(self) -> int:
        """Start nothing any more; how many jobs still run."""
        if self.scheduler.running:
            # It cancels what it waits for; the work itself goes on to its end, and is no failure.
            self.scheduler.remove_listener(self._on_trouble)
            self.scheduler.shutdown(wait=False)
        return len(self._tasks)

    async def finish(self, *, in_vain: bool) -> None:
        """Wait for what runs; what waits ``in_vain``, and has stored nothing, is called off."""
        if in_vain:
            for task in self._tasks:
                task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _job(self, work: Work) -> None:
        await asyncio.shield(self.start(work()))

    async def _noted(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        self.running[name] = utc_now()
        try:
            await work()
        finally:
            del self.running[name]

    def _on_trouble(self, event: Any) -> None:
        if event.code == EVENT_JOB_ERROR:
            self.failed += 1
            self._metrics.troubled("failed")
            self._log.error("job failed", job=event.job_id, error=repr(event.exception))
            return
        self.missed += 1
        self._metrics.troubled("missed")
        self._log.warning("run missed", job=event.job_id, missed=self.missed)
