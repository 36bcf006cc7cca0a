"""``monitor run``: APScheduler polls every feed on its own interval until somebody says stop."""

from __future__ import annotations

import asyncio
import signal
from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import structlog
from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MAX_INSTANCES, EVENT_JOB_MISSED
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.date import DateTrigger
from apscheduler.triggers.interval import IntervalTrigger

from monitor.clock import utc_now
from monitor.config import Config, FeedConfig
from monitor.daemon.round import Poller, new_poller
from monitor.daemon.rule_watch import RuleWatch
from monitor.manners.schedule import due
from monitor.manners.state import FeedState
from monitor.match.compiled import CompiledRules
from monitor.model import Transition
from monitor.pipeline.absorb import Absorbed, tick
from monitor.store.database import Store, StoreError
from monitor.store.feeds import feed_states

_TICK = timedelta(minutes=15)
# How often the folder of rules is looked at; a change counts when two looks agree.
_LOOK = timedelta(seconds=2)
# A feed whose poll could not be stored is tried again after this.
_AFTER_TROUBLE = timedelta(seconds=30)
# Feeds that are due at the start are spread over this time.
_SPREAD = timedelta(seconds=20)


def log_transitions(log: structlog.stdlib.BoundLogger, transitions: Iterable[Transition]) -> None:
    """One structured line for each status change."""
    for entry in transitions:
        log.info(
            "status changed",
            ruleset=entry.ruleset,
            condition=entry.condition,
            before=entry.before.value,
            after=entry.after.value,
            phase=entry.phase.value,
            holds_from=entry.holds_from.isoformat(),
            cause=entry.cause.value if entry.cause else "",
            reason=entry.reason,
            entry=entry.seq,
        )


def log_poll(log: structlog.stdlib.BoundLogger, absorbed: Absorbed) -> None:
    if absorbed.outcome == "failed":
        log.warning("feed failed", feed=absorbed.url, error=absorbed.error)
    else:
        log.info(
            "feed polled",
            feed=absorbed.url,
            outcome=absorbed.outcome,
            received=absorbed.received,
            new=absorbed.new,
            edited=absorbed.edited,
            evidence=absorbed.evidence,
        )
    log_transitions(log, absorbed.transitions)


class Daemon:
    """The scheduler and its jobs. ``run`` returns when SIGTERM or SIGINT arrives, after running polls have ended."""

    def __init__(self, store: Store, rules: CompiledRules, config: Config) -> None:
        self._store = store
        self._rules = rules
        self._config = config
        self._log: structlog.stdlib.BoundLogger = structlog.get_logger("monitor.daemon")
        self._watch = RuleWatch(config)
        self._running: set[asyncio.Task[Any]] = set()
        self.missed: Counter[str] = Counter()

    async def run(self) -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop.set)
        scheduler = AsyncIOScheduler(
            timezone="UTC",
            # Late is better than never, once is enough, and a feed is never polled twice at a time.
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )
        scheduler.add_listener(self._on_trouble, EVENT_JOB_MISSED | EVENT_JOB_MAX_INSTANCES | EVENT_JOB_ERROR)
        async with new_poller(self._store, self._rules, self._config) as poller:
            log_transitions(self._log, await poller.put_in_force(self._rules))
            loop.add_signal_handler(signal.SIGHUP, lambda: self._start(self._reload_once(poller, asked=True)))
            await self._schedule(scheduler, poller)
            scheduler.start()
            self._log.info("running", feeds=len(self._config.feeds), rules=self._rules.digest[:12])
            await stop.wait()
            self._log.info("stopping", polls_running=len(self._running))
            scheduler.shutdown(wait=False)
            await asyncio.gather(*self._running, return_exceptions=True)
        self._log.info("stopped", missed=sum(self.missed.values()))

    async def _schedule(self, scheduler: AsyncIOScheduler, poller: Poller) -> None:
        states = await asyncio.to_thread(self._states)
        now = utc_now()
        for number, feed in enumerate(self._config.feeds):
            spread = _SPREAD * number / max(1, len(self._config.feeds))
            self._plan(scheduler, poller, feed, due(states.get(feed.url, FeedState(feed.url)), now) + spread)
        scheduler.add_job(self._tick, IntervalTrigger(seconds=_TICK.total_seconds()), id="tick", next_run_time=now)
        scheduler.add_job(self._reload, IntervalTrigger(seconds=_LOOK.total_seconds()), args=(poller,), id="rules")

    def _states(self) -> dict[str, FeedState]:
        with self._store.read() as connection:
            return feed_states(connection)

    def _plan(self, scheduler: AsyncIOScheduler, poller: Poller, feed: FeedConfig, at: datetime) -> None:
        """One run of a feed's job. Each run plans the next one: feeds have rhythms, and servers have wishes."""
        arguments = (scheduler, poller, feed)
        scheduler.add_job(self._poll, DateTrigger(at), args=arguments, id=feed.url, replace_existing=True)

    async def _poll(self, scheduler: AsyncIOScheduler, poller: Poller, feed: FeedConfig) -> None:
        await self._track(self._poll_once(scheduler, poller, feed))

    async def _poll_once(self, scheduler: AsyncIOScheduler, poller: Poller, feed: FeedConfig) -> None:
        at = utc_now() + self._config.pace(feed).longest
        try:
            absorbed = await poller.poll(feed)
            log_poll(self._log, absorbed)
            at = absorbed.next_at or at
        except StoreError as error:
            at = utc_now() + _AFTER_TROUBLE
            self._log.error(
                "database failed; this feed is tried again on its next turn", feed=feed.url, error=str(error)
            )
        finally:
            if scheduler.running:
                self._plan(scheduler, poller, feed, at)

    async def _tick(self) -> None:
        await self._track(self._tick_once())

    async def _tick_once(self) -> None:
        try:
            log_transitions(self._log, await asyncio.to_thread(tick, self._store, utc_now()))
        except StoreError as error:
            self._log.error("database failed", error=str(error))

    async def _reload(self, poller: Poller) -> None:
        await self._track(self._reload_once(poller, asked=False))

    async def _reload_once(self, poller: Poller, asked: bool) -> None:
        """Put changed rules in force, whole or not at all; a mistake in them is logged and the old ones stay."""
        found = await asyncio.to_thread(self._watch.read if asked else self._watch.look)
        if found is None:
            return
        if found.rules is None:
            for problem in found.problems:
                self._log.error("rules not reloaded; the last good ones stay in force", problem=str(problem))
            return
        if found.rules.digest == poller.rules.digest:
            self._log.info("rules unchanged", rules=found.rules.digest[:12])
            return
        try:
            transitions = await poller.put_in_force(found.rules)
        except StoreError as error:
            self._log.error("database failed; the last rules stay in force until the next change", error=str(error))
            return
        self._log.info("rules reloaded", rules=found.rules.digest[:12], changes=len(transitions))
        log_transitions(self._log, transitions)

    async def _track(self, work: Any) -> None:
        """Run ``work`` in a task of its own, which a shutdown waits for instead of cutting it off."""
        await asyncio.shield(self._start(work))

    def _start(self, work: Any) -> asyncio.Task[Any]:
        task: asyncio.Task[Any] = asyncio.ensure_future(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return task

    def _on_trouble(self, event: Any) -> None:
        if event.code == EVENT_JOB_ERROR:
            self._log.error("job failed", job=event.job_id, error=repr(event.exception))
            return
        self.missed[event.job_id] += 1
        self._log.warning("run missed", job=event.job_id, missed=self.missed[event.job_id])
