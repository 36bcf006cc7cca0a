"""``monitor run``: APScheduler polls every feed in its own rhythm until somebody says stop."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from typing import Any

import structlog
from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MAX_INSTANCES, EVENT_JOB_MISSED
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.date import DateTrigger
from apscheduler.triggers.interval import IntervalTrigger

from monitor.clock import utc_now
from monitor.config import Config, FeedConfig
from monitor.daemon.database_gate import DatabaseGate
from monitor.daemon.events import log_poll, log_transitions
from monitor.daemon.heap import give_back, share_pools
from monitor.daemon.housekeeping import forget_all
from monitor.daemon.metrics import Metrics
from monitor.daemon.pulse import Pulse
from monitor.daemon.round import Poller, new_poller
from monitor.daemon.rule_watch import RuleWatch
from monitor.daemon.sd_notify import sd_notify
from monitor.daemon.vitals import Vitals
from monitor.manners.schedule import due
from monitor.manners.state import FeedState
from monitor.match.compiled import CompiledRules
from monitor.model import Transition
from monitor.notify.send import send_due
from monitor.pipeline.absorb import Absorbed, tick
from monitor.store.database import Store
from monitor.store.feeds import feed_states
from monitor.store.sole_daemon import SoleDaemon

_TICK = timedelta(minutes=15)
_NOTIFY = timedelta(seconds=15)
_FORGET = timedelta(hours=6)
_GIVE_BACK = timedelta(minutes=1)
# How often the folder of rules is looked at; a change counts when two looks agree.
_LOOK = timedelta(seconds=2)
# Feeds that are due at the start begin one after the other, so far apart, and all within this time.
_APART = timedelta(seconds=0.2)
_SPREAD = timedelta(seconds=20)
# Names are resolved, files read and the database waited for in threads: few, however many feeds there are.
_THREADS = 32


class Daemon:
    """The scheduler and its jobs. ``run`` returns when SIGTERM or SIGINT arrives, after running polls have ended."""

    def __init__(self, store: Store, rules: CompiledRules, config: Config, right: SoleDaemon) -> None:
        self._store = store
        self._right = right
        self._rules = rules
        self._config = config
        self._log: structlog.stdlib.BoundLogger = structlog.get_logger("monitor.daemon")
        self._watch = RuleWatch(config)
        self._metrics = Metrics(config)
        self._gate = DatabaseGate(self._tick, self._log)
        self._scheduler = AsyncIOScheduler(
            timezone="UTC",
            # Late is better than never, once is enough, and nothing runs twice at a time.
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )
        self._tasks: set[asyncio.Task[Any]] = set()
        # What runs since when: jobs of the daemon's own here, feeds in the poller.
        self._running: dict[str, datetime] = {}
        self._poller: Poller | None = None
        self._started = utc_now()
        self.pulse = Pulse(config, store, self._scheduler, self._metrics, self.vitals, self._log)
        self._missed = 0
        self._failed = 0

    async def run(self) -> None:
        share_pools()
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        loop.set_default_executor(ThreadPoolExecutor(_THREADS, thread_name_prefix="monitor"))
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop.set)
        self._scheduler.add_listener(self._on_trouble, EVENT_JOB_MISSED | EVENT_JOB_MAX_INSTANCES | EVENT_JOB_ERROR)
        async with AsyncExitStack() as stack:
            poller = await stack.enter_async_context(new_poller(self._store, self._rules, self._config))
            await stack.enter_async_context(self.pulse.beating())
            beginning = asyncio.ensure_future(self._begin(poller))
            stopping = asyncio.ensure_future(stop.wait())
            await asyncio.wait({beginning, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if beginning.done():
                beginning.result()
                loop.add_signal_handler(signal.SIGHUP, lambda: self._start(self._reload_once(poller, asked=True)))
                sd_notify("READY=1")
                await stopping
            beginning.cancel()
            sd_notify("STOPPING=1")
            self._log.info("stopping", running=len(self._tasks))
            if self._scheduler.running:
                # It cancels what it waits for; the work itself goes on to its end, and is no failure.
                self._scheduler.remove_listener(self._on_trouble)
                self._scheduler.shutdown(wait=False)
            await self._finish()
        self._log.info("stopped", missed=self._missed, failed=self._failed)

    async def _begin(self, poller: Poller) -> None:
        self._poller = poller
        transitions = await self._gate.run(lambda: poller.put_in_force(self._rules))
        log_transitions(self._log, transitions)
        states = await self._gate.run(lambda: asyncio.to_thread(self._states))
        # What reading the rules has needed is not needed any more.
        give_back()
        self._schedule(poller, states)
        self._scheduler.start()
        self._log.info("running", feeds=len(self._config.feeds), rules=self._rules.digest[:12])

    async def _finish(self) -> None:
        """Wait for what runs; what waits for the database would wait for ever, and has stored nothing."""
        self._gate.close()
        if not self._gate.is_open:
            for task in self._tasks:
                task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def vitals(self) -> Vitals:
        """How the daemon is."""
        jobs = self._scheduler.get_jobs() if self._scheduler.running else []
        planned = [job.next_run_time for job in jobs if job.next_run_time is not None]
        running = {**self._running, **(self._poller.polling if self._poller else {})}
        return Vitals(self._started, self._gate.error, running, min(planned, default=None), self._missed, self._failed)

    def _schedule(self, poller: Poller, states: dict[str, FeedState]) -> None:
        now = utc_now()
        apart = min(_APART, _SPREAD / max(1, len(self._config.feeds)))
        for number, feed in enumerate(self._config.feeds):
            self._plan(poller, feed, due(states.get(feed.url, FeedState(feed.url)), now) + number * apart)
        self._repeat("tick", _TICK, now, self._tick_once)
        self._repeat("rules", _LOOK, now + _LOOK, lambda: self._reload_once(poller, asked=False))
        self._repeat("memory", _GIVE_BACK, now + _GIVE_BACK, lambda: asyncio.to_thread(give_back))
        if self._config.notify:
            self._repeat("notify", _NOTIFY, now, self._notify_once)
        if self._config.retention.items or self._config.retention.polls:
            self._repeat("forget", _FORGET, now, self._forget_once)

    def _states(self) -> dict[str, FeedState]:
        with self._store.read() as connection:
            return feed_states(connection)

    def _repeat(self, name: str, every: timedelta, first: datetime, work: Callable[[], Awaitable[None]]) -> None:
        self._scheduler.add_job(
            self._job,
            IntervalTrigger(seconds=every.total_seconds(), timezone="UTC"),
            args=(lambda: self._noted(name, work),),
            id=name,
            next_run_time=first,
        )

    def _plan(self, poller: Poller, feed: FeedConfig, at: datetime) -> None:
        """One run of a feed's job. Each run plans the next one: feeds have rhythms, and servers have wishes.

        So a feed is never polled twice at a time. A second instance is allowed all the same: the first still counts
        while it plans the second, and a clock that is set just then would have the scheduler drop it, and the feed.
        """
        self._scheduler.add_job(
            self._job,
            DateTrigger(at, timezone="UTC"),
            args=(lambda: self._poll_once(poller, feed, at),),
            id=feed.url,
            replace_existing=True,
            max_instances=2,
        )

    async def _job(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Run ``work`` in a task of its own, which a shutdown waits for instead of cutting it off."""
        await asyncio.shield(self._start(work()))

    async def _noted(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        self._running[name] = utc_now()
        try:
            await work()
        finally:
            del self._running[name]

    def _start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[Any]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _poll_once(self, poller: Poller, feed: FeedConfig, planned: datetime) -> None:
        loop = asyncio.get_running_loop()
        again = utc_now() + self._config.pace(feed).longest
        begun, lag = loop.time(), (utc_now() - planned).total_seconds()
        try:
            absorbed: Absorbed = await self._gate.run(lambda: poller.poll(feed))
            self._metrics.polled(absorbed, loop.time() - begun, lag)
            log_poll(self._log, absorbed)
            again = absorbed.next_at or again
        finally:
            # Whatever went wrong with this run, there is a next one.
            if self._scheduler.running:
                self._plan(poller, feed, again)

    def _tick(self) -> list[Transition]:
        """Log what time has brought about, if this is still the only daemon. Raises ``StoreError``."""
        self._right.take()
        return tick(self._store, utc_now(), self._poller.memory if self._poller else None)

    async def _tick_once(self) -> None:
        transitions = await self._gate.run(lambda: asyncio.to_thread(self._tick))
        self._metrics.logged(entry.after for entry in transitions)
        log_transitions(self._log, transitions)

    async def _notify_once(self) -> None:
        for sent in await self._gate.run(lambda: asyncio.to_thread(list, send_due(self._store, self._config, utc_now))):
            self._metrics.sent(sent.target, "failed" if sent.error else "sent")
            if sent.error:
                self._log.warning("notification failed", target=sent.target, changes=sent.changes, error=sent.error)
            else:
                self._log.info("notification sent", target=sent.target, changes=sent.changes)

    async def _forget_once(self) -> None:
        forgotten = await self._gate.run(lambda: asyncio.to_thread(forget_all, self._store, self._config, utc_now()))
        if forgotten.items or forgotten.polls:
            self._log.info("forgotten", items=forgotten.items, polls=forgotten.polls)

    async def _reload_once(self, poller: Poller, asked: bool) -> None:
        """Put changed rules in force, whole or not at all; a mistake in them is logged and the old ones stay."""
        found = await asyncio.to_thread(self._watch.read if asked else self._watch.look)
        if found is None:
            return
        if found.rules is None:
            for problem in found.problems:
                self._log.error("rules not reloaded; the last good ones stay in force", problem=str(problem))
            return
        rules = found.rules
        if rules.digest == poller.rules.digest:
            self._log.info("rules unchanged", rules=rules.digest[:12])
            return
        transitions = await self._gate.run(lambda: poller.put_in_force(rules))
        self._metrics.logged(entry.after for entry in transitions)
        self._log.info("rules reloaded", rules=rules.digest[:12], changes=len(transitions))
        log_transitions(self._log, transitions)

    def _on_trouble(self, event: Any) -> None:
        if event.code == EVENT_JOB_ERROR:
            self._failed += 1
            self._metrics.troubled("failed")
            self._log.error("job failed", job=event.job_id, error=repr(event.exception))
            return
        self._missed += 1
        self._metrics.troubled("missed")
        self._log.warning("run missed", job=event.job_id, missed=self._missed)
