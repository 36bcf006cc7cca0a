"""``monitor run``: APScheduler polls every feed in its own rhythm until somebody says stop."""

from __future__ import annotations

import asyncio
import signal
from contextlib import AsyncExitStack
from datetime import datetime, timedelta

import structlog

from monitor.clock import utc_now
from monitor.config import Config, FeedConfig
from monitor.daemon.chores import Chores
from monitor.daemon.database_gate import DatabaseGate
from monitor.daemon.events import log_poll, log_transitions
from monitor.daemon.heap import settle
from monitor.daemon.jobs import Jobs
from monitor.daemon.keeping import Absorbing
from monitor.daemon.metrics import Metrics
from monitor.daemon.process import until_stopped
from monitor.daemon.pulse import Pulse
from monitor.daemon.round import Poller, new_poller
from monitor.daemon.sd_notify import sd_notify
from monitor.daemon.vitals import Vitals
from monitor.manners.schedule import due
from monitor.manners.state import FeedState
from monitor.match.lookup.compiled import CompiledRules
from monitor.pipeline.arrival import Absorbed
from monitor.store.database import Store
from monitor.store.feeds import feed_states
from monitor.store.sole_daemon import SoleDaemon

# Feeds that are due at the start begin one after the other, so far apart, and all within this time.
_APART = timedelta(seconds=0.2)
_SPREAD = timedelta(seconds=20)


class Daemon:
    """The scheduler and its jobs. ``run`` returns when SIGTERM or SIGINT arrives, after running polls have ended."""

    def __init__(self, store: Store, rules: CompiledRules, config: Config, right: SoleDaemon) -> None:
        self._store = store
        self._config = config
        self._log: structlog.stdlib.BoundLogger = structlog.get_logger("monitor.daemon")
        self._metrics = Metrics(config)
        self._absorbing = Absorbing(store, rules)
        self._jobs = Jobs(self._metrics, self._log)
        self._gate = DatabaseGate(lambda: self._chores.let_time_pass(), self._log)
        self._chores = Chores(store, config, right, self._absorbing, self._gate, self._metrics, self._log)
        self._poller: Poller | None = None
        self._started = utc_now()
        self.pulse = Pulse(config, store, self._jobs.scheduler, self._metrics, self.vitals, self._log)

    async def run(self) -> None:
        stop = until_stopped()
        loop = asyncio.get_running_loop()
        async with AsyncExitStack() as stack:
            poller = await stack.enter_async_context(new_poller(self._store, self._absorbing, self._config))
            await stack.enter_async_context(self.pulse.beating())
            beginning = asyncio.ensure_future(self._begin(poller))
            stopping = asyncio.ensure_future(stop.wait())
            await asyncio.wait({beginning, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if beginning.done():
                beginning.result()
                loop.add_signal_handler(signal.SIGHUP, lambda: self._jobs.start(self._chores.reload_once(asked=True)))
                sd_notify("READY=1")
                await stopping
            beginning.cancel()
            sd_notify("STOPPING=1")
            self._log.info("stopping", running=self._jobs.stop())
            self._gate.close()
            # What waits for the database would wait for ever.
            await self._jobs.finish(in_vain=not self._gate.is_open)
        self._log.info("stopped", missed=self._jobs.missed, failed=self._jobs.failed)

    async def _begin(self, poller: Poller) -> None:
        self._poller = poller
        rules = self._absorbing.rules
        transitions = await self._gate.run(lambda: self._absorbing.put_in_force(rules))
        log_transitions(self._log, transitions)
        states = await self._gate.run(lambda: asyncio.to_thread(self._states))
        # What reading the rules has needed is not needed any more; the rules themselves stay.
        settle()
        self._schedule(poller, states)
        self._jobs.scheduler.start()
        self._log.info("running", feeds=len(self._config.feeds), rules=rules.digest[:12])

    def vitals(self) -> Vitals:
        """How the daemon is."""
        running = {**self._jobs.running, **(self._poller.polling if self._poller else {})}
        return Vitals(
            self._started, self._gate.error, running, self._jobs.next_due(), self._jobs.missed, self._jobs.failed
        )

    def _schedule(self, poller: Poller, states: dict[str, FeedState]) -> None:
        now = utc_now()
        apart = min(_APART, _SPREAD / max(1, len(self._config.feeds)))
        for number, feed in enumerate(self._config.feeds):
            self._plan(poller, feed, due(states.get(feed.url, FeedState(feed.url)), now) + number * apart)
        self._chores.schedule(self._jobs)

    def _states(self) -> dict[str, FeedState]:
        with self._store.read() as connection:
            return feed_states(connection)

    def _plan(self, poller: Poller, feed: FeedConfig, at: datetime) -> None:
        """One run of a feed's job. Each run plans the next one: feeds have rhythms, and servers have wishes."""
        self._jobs.plan(feed.url, at, lambda: self._poll_once(poller, feed, at))

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
            if self._jobs.scheduler.running:
                self._plan(poller, feed, again)
