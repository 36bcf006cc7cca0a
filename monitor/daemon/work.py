"""``monitor worker``: one of many that poll what is due, and perhaps the one that leads."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from datetime import datetime
from typing import Any

import structlog

from monitor.clock import utc_now
from monitor.config import Config, FeedConfig
from monitor.daemon.events import log_poll
from monitor.daemon.jobs import Jobs
from monitor.daemon.keeping import TakingIn
from monitor.daemon.leader import Leader
from monitor.daemon.metrics import Metrics
from monitor.daemon.poll_queue import PollQueue
from monitor.daemon.process import until_stopped
from monitor.daemon.pulse import Pulse
from monitor.daemon.round import Poller, new_poller, turn_of
from monitor.daemon.sd_notify import sd_notify
from monitor.daemon.vitals import Vitals
from monitor.manners.schedule import due
from monitor.match.lookup.compiled import CompiledRules
from monitor.store.database import Store, StoreError
from monitor.store.feeds import states_of
from monitor.store.sole_daemon import SoleDaemon

_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 15.0


class Worker:
    """``run`` returns when SIGTERM or SIGINT arrives, after running polls have ended."""

    def __init__(self, store: Store, rules: CompiledRules, config: Config) -> None:
        self._store = store
        self._rules = rules
        self._config = config
        self._log: structlog.stdlib.BoundLogger = structlog.get_logger("monitor.worker")
        self._metrics = Metrics(config)
        self._right = SoleDaemon(store)
        self._queue = PollQueue(store.engine.url)
        self._jobs = Jobs(self._metrics, self._log)
        self._leader = Leader(store, rules, config, self._right, self._queue, self._metrics, self._log)
        self._hosts: dict[str, list[FeedConfig]] = {}
        for feed in config.feeds:
            self._hosts.setdefault(turn_of(feed), []).append(feed)
        self._poller: Poller | None = None
        self._stop = asyncio.Event()
        self._started = utc_now()
        self._queue_error = ""
        self.pulse = Pulse(config, store, self._jobs.scheduler, self._metrics, self.vitals, self._log)

    async def run(self) -> None:
        self._stop = until_stopped()
        asyncio.get_running_loop().set_exception_handler(self._on_trouble)
        async with AsyncExitStack() as stack:
            keeping = TakingIn(self._store, self._rules)
            self._poller = await stack.enter_async_context(new_poller(self._store, keeping, self._config))
            await stack.enter_async_context(self.pulse.beating())
            working = asyncio.create_task(self._work())
            asyncio.get_running_loop().add_signal_handler(
                signal.SIGHUP, lambda: self._jobs.start(self._leader.reload_rules())
            )
            sd_notify("READY=1")
            self._log.info("working", feeds=len(self._config.feeds), hosts=len(self._hosts))
            await self._stop.wait()
            sd_notify("STOPPING=1")
            self._log.info("stopping", running=len(self._poller.polling))
            self._jobs.stop()
            self._leader.gate.close()
            await self._jobs.finish(in_vain=not self._leader.gate.is_open)
            self._right.give_back()
            working.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await working
        self._log.info("stopped", missed=self._jobs.missed, failed=self._jobs.failed)

    def vitals(self) -> Vitals:
        """How the worker is."""
        running = {**self._jobs.running, **(self._poller.polling if self._poller else {})}
        error = self._leader.gate.error or self._queue_error
        return Vitals(self._started, error, running, self._jobs.next_due(), self._jobs.missed, self._jobs.failed)

    def _on_trouble(self, _: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """What no task was there to hear: a job of the queue, for one, whose end the database could not be told."""
        self._log.warning("not heard of elsewhere", what=context["message"], error=repr(context.get("exception")))

    async def _work(self) -> None:
        """Work off the queue, and go on after whatever befalls the database."""
        pause = _FIRST_PAUSE
        while True:
            begun = asyncio.get_running_loop().time()
            try:
                async with self._queue.opened():
                    self._queue_error = ""
                    if not self._jobs.scheduler.running:
                        self._leader.schedule(self._jobs)
                        self._jobs.scheduler.start()
                    await self._queue.work(self._poll_host, self._config.daemon.concurrency)
            except StoreError as error:
                self._queue_error = str(error)
                if asyncio.get_running_loop().time() - begun > _LONGEST_PAUSE:
                    pause = _FIRST_PAUSE
                self._log.error(
                    "queue failed; waiting until it works again", error=str(error), next_try_in_seconds=pause
                )
                await asyncio.sleep(pause)
                pause = min(2 * pause, _LONGEST_PAUSE)

    async def _poll_host(self, host: str) -> None:
        """Poll the feeds of a host that are due. Nobody else polls any of them meanwhile."""
        feeds = self._hosts.get(host, [])
        try:
            states_due = await asyncio.to_thread(self._due, feeds)
        except StoreError as error:
            self._log.warning("host not polled; it is offered again", host=host, error=str(error))
            return
        places = asyncio.Semaphore(self._config.fetch.host_concurrency)
        now_due = [feed for feed in feeds if feed.url in states_due]
        await asyncio.gather(*(self._poll(feed, places, states_due[feed.url]) for feed in now_due))
        if self._poller is not None and not self._stop.is_set() and self._is_soon_asked_again(feeds):
            # Whoever has the host next keeps the same distance from what was asked here.
            resting, stopping = (asyncio.ensure_future(it) for it in (self._poller.rest(host), self._stop.wait()))
            await asyncio.wait({resting, stopping}, return_when=asyncio.FIRST_COMPLETED)
            resting.cancel()
            stopping.cancel()

    def _is_soon_asked_again(self, feeds: Sequence[FeedConfig]) -> bool:
        spacing = self._config.fetch.host_spacing
        return len(feeds) > 1 or any(self._config.pace(feed).shortest.total_seconds() < spacing for feed in feeds)

    def _due(self, feeds: Sequence[FeedConfig]) -> Mapping[str, datetime]:
        """Those of the feeds that are due, since when."""
        now = utc_now()
        with self._store.read() as connection:
            states = states_of(connection, [feed.url for feed in feeds])
        return {url: state.next_at or now for url, state in states.items() if due(state, now) <= now}

    async def _poll(self, feed: FeedConfig, places: asyncio.Semaphore, planned: datetime) -> None:
        loop = asyncio.get_running_loop()
        async with places:
            if self._poller is None or self._stop.is_set():
                return
            begun, lag = loop.time(), (utc_now() - planned).total_seconds()
            try:
                absorbed = await self._poller.poll(feed)
            except StoreError as error:
                self._log.warning("feed not polled; it is offered again", feed=feed.url, error=str(error))
                return
            except Exception as error:
                # One feed that breaks something stops no other.
                self._jobs.failed += 1
                self._metrics.troubled("failed")
                self._log.error("job failed", job=feed.url, error=repr(error))
                return
        self._metrics.polled(absorbed, loop.time() - begun, lag)
        log_poll(self._log, absorbed)
