"""The worker that leads: of all that share a database one, as long as it lives and its connection does.

It says which feeds are due, brings what the others have read to the log, and does the chores. The right to lead is a
lock in the database, which the database takes from whoever dies or is cut off; the others ask for it every second.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog

from monitor.clock import utc_now
from monitor.config import Config, FeedConfig
from monitor.daemon.chores import Chores
from monitor.daemon.database_gate import DatabaseGate
from monitor.daemon.due_plan import DuePlan
from monitor.daemon.heap import settle
from monitor.daemon.jobs import Jobs
from monitor.daemon.metrics import Metrics
from monitor.daemon.poll_queue import PollQueue
from monitor.daemon.round import turn_of
from monitor.manners.host import host_of, patience
from monitor.manners.redirect import address_of
from monitor.manners.schedule import due
from monitor.match.lookup.compiled import CompiledRules
from monitor.model import Transition
from monitor.pipeline.absorb import read_waiting
from monitor.pipeline.memory import Memory
from monitor.pipeline.staging import Assessed, assess_waiting
from monitor.store.database import Store
from monitor.store.feeds import states_of
from monitor.store.hosts import host_states
from monitor.store.rule_versions import rules_in_force
from monitor.store.sole_daemon import AnotherDaemon, SoleDaemon

_LEAD = timedelta(seconds=1)
_LOST = timedelta(seconds=5)
# Feeds that are looked at together, and at most within one turn.
_TOGETHER, _MOST = 500, 5_000
# A feed that was offered and not polled is offered again: after this, or sooner where feeds are polled more often.
_AGAIN = timedelta(minutes=1)
_SOONEST = timedelta(seconds=1)
# A clock that differs by more is not to be trusted.
_WRONG = timedelta(seconds=30)


class Assessing:
    """Brings to the log what workers have read: the part of the log's only writer."""

    def __init__(self, store: Store, rules: CompiledRules) -> None:
        self._store = store
        self.rules = rules
        self.memory = Memory()

    async def put_in_force(self, rules: CompiledRules) -> list[Transition]:
        """Read everything stored with ``rules``, and log what that changes. Raises ``StoreError``."""
        transitions = await asyncio.to_thread(read_waiting, self._store, rules, utc_now())
        self.rules = rules
        return transitions

    async def assess(self) -> list[Assessed]:
        """Assess what waits. Raises ``StoreError``."""
        return await asyncio.to_thread(list, assess_waiting(self._store, self.rules, utc_now(), self.memory))


class Leader:
    """Leads, or waits to. ``leads`` says which."""

    def __init__(
        self,
        store: Store,
        rules: CompiledRules,
        config: Config,
        right: SoleDaemon,
        queue: PollQueue,
        metrics: Metrics,
        log: structlog.stdlib.BoundLogger,
    ) -> None:
        self._store = store
        self._config = config
        self._right = right
        self._queue = queue
        self._log = log
        self._feeds = {feed.url: feed for feed in config.feeds}
        self._plan = DuePlan((), utc_now())
        self._assessing = Assessing(store, rules)
        self.gate = DatabaseGate(self._probe, log)
        self._chores = Chores(store, config, right, self._assessing, self.gate, metrics, log, lambda: self.leads)
        self.leads = False
        self._is_clock_wrong = False

    def schedule(self, jobs: Jobs) -> None:
        jobs.keep_on("lead", _LEAD, self._lead_once)
        jobs.keep_on("lost", _LOST, self._look_for_lost)
        self._chores.schedule(jobs)

    def _probe(self) -> None:
        # That somebody else leads is an answer of the database, too.
        with contextlib.suppress(AnotherDaemon):
            self._chores.let_time_pass()

    async def reload_rules(self) -> None:
        """Read the rules again because somebody asked for it."""
        if not self.leads:
            self._log.info("rules are read by the worker that leads; ask that one")
        await self._chores.reload_once(asked=True)

    async def _lead_once(self) -> None:
        await self.gate.run(self._lead)

    async def _lead(self) -> None:
        try:
            await asyncio.to_thread(self._right.take)
        except AnotherDaemon:
            if self.leads:
                self._log.warning("another worker leads now")
            self.leads = False
            return
        if not self.leads:
            await self._begin()
        if self.leads:
            await self._assess()
            if self._queue.is_open:
                await self._offer()

    async def _begin(self) -> None:
        ahead = await asyncio.to_thread(self._store.clock_ahead)
        if abs(ahead) > _WRONG:
            # What is logged bears the time of whoever leads, and no moment before the last can ever be logged again.
            self._right.give_back()
            if not self._is_clock_wrong:
                seconds = round(ahead.total_seconds())
                self._log.error("does not lead: set this machine's clock by the database's", seconds_ahead=seconds)
            self._is_clock_wrong = True
            return
        self._is_clock_wrong = False
        rules = await asyncio.to_thread(self._rules_to_lead_with)
        self._assessing.memory.forget()
        self._chores.logged(await self._assessing.put_in_force(rules))
        settle()
        self._plan = DuePlan(self._feeds, utc_now())
        self.leads = True
        self._log.info("leading", feeds=len(self._feeds), rules=rules.digest[:12])

    def _rules_to_lead_with(self) -> CompiledRules:
        """Those in the folder as they are now, which may have changed while somebody else led; those in force, if there
        is a mistake in them."""
        rules = self._chores.rules_in_folder()
        if rules is not None:
            return rules
        with self._store.read() as connection:
            in_force = rules_in_force(connection)
        return CompiledRules(in_force, self._assessing.rules.publishers) if in_force else self._assessing.rules

    async def _assess(self) -> None:
        for assessed in await self._assessing.assess():
            self._log.info("assessed", items=assessed.items, changes=len(assessed.transitions))
            self._chores.logged(assessed.transitions)

    async def _offer(self) -> None:
        """Put the hosts of feeds that are due in line."""
        looked = 0
        while looked < _MOST:
            now = utc_now()
            urls = self._plan.take(now, _TOGETHER)
            if not urls:
                return
            looked += len(urls)
            try:
                when = await asyncio.to_thread(self._due, urls, now)
                hosts = {turn_of(self._feeds[url]): None for url in urls if when[url] <= now}
                await self._queue.offer(hosts)
            except BaseException:
                for url in urls:
                    self._plan.put(url, now)
                raise
            for url in urls:
                self._plan.put(url, when[url] if when[url] > now else now + self._again(self._feeds[url]))

    def _due(self, urls: Sequence[str], now: datetime) -> dict[str, datetime]:
        """When these feeds are to be polled, by their own rhythm and by what their servers said."""
        with self._store.read() as connection:
            states = states_of(connection, urls)
            names = {url: host_of(address_of(states[url], now)) for url in urls}
            hosts = host_states(connection, set(names.values()))
        asked = {url: patience(states[url], hosts[names[url]], now) or now for url in urls}
        return {url: max(due(states[url], now), asked[url]) for url in urls}

    def _again(self, feed: FeedConfig) -> timedelta:
        return max(_SOONEST, min(_AGAIN, self._config.pace(feed).shortest))

    async def _look_for_lost(self) -> None:
        if not self._queue.is_open:
            return
        await self.gate.run(self._queue.account)
        lost = await self.gate.run(self._queue.forget_lost) if self.leads else 0
        if lost:
            self._log.warning("a worker has died; its hosts are offered again", hosts=lost)
