"""What has to be done now and then besides polling, by one daemon of all that share a database."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Protocol

import structlog

from monitor.clock import utc_now
from monitor.config import Config
from monitor.daemon.database_gate import DatabaseGate
from monitor.daemon.events import log_transitions
from monitor.daemon.heap import give_back, settle
from monitor.daemon.housekeeping import forget_all
from monitor.daemon.jobs import Jobs
from monitor.daemon.metrics import Metrics
from monitor.daemon.rule_watch import RuleWatch
from monitor.match.lookup.compiled import CompiledRules
from monitor.model import Transition
from monitor.notify.send import send_due
from monitor.pipeline.absorb import tick
from monitor.pipeline.memory import Memory
from monitor.store.database import Store
from monitor.store.sole_daemon import SoleDaemon

_TICK = timedelta(minutes=15)
_NOTIFY = timedelta(seconds=15)
_FORGET = timedelta(hours=6)
_GIVE_BACK = timedelta(seconds=10)
# How often the folder of rules is looked at; a change counts when two looks agree.
_LOOK = timedelta(seconds=2)


class Keeper(Protocol):
    """Whoever writes the log: with which rules, and what it remembers of it."""

    rules: CompiledRules
    memory: Memory

    async def put_in_force(self, rules: CompiledRules) -> list[Transition]:
        """Put ``rules`` in force, and return what that changes."""
        ...


class Chores:
    """Time passes, rules change, people are told, what is old is forgotten; ``is_ours`` says whether by us."""

    def __init__(
        self,
        store: Store,
        config: Config,
        right: SoleDaemon,
        keeper: Keeper,
        gate: DatabaseGate,
        metrics: Metrics,
        log: structlog.stdlib.BoundLogger,
        is_ours: Callable[[], bool] = lambda: True,
    ) -> None:
        self._store = store
        self._config = config
        self._right = right
        self._keeper = keeper
        self._gate = gate
        self._metrics = metrics
        self._log = log
        self._is_ours = is_ours
        self._watch = RuleWatch(config)

    def schedule(self, jobs: Jobs) -> None:
        now = utc_now()
        jobs.repeat("tick", _TICK, now, self._tick_once)
        jobs.repeat("rules", _LOOK, now + _LOOK, lambda: self.reload_once(asked=False))
        jobs.repeat("memory", _GIVE_BACK, now + _GIVE_BACK, lambda: asyncio.to_thread(give_back))
        if self._config.notify:
            jobs.repeat("notify", _NOTIFY, now, self._notify_once)
        if self._config.retention.items or self._config.retention.polls:
            jobs.repeat("forget", _FORGET, now, self._forget_once)

    def let_time_pass(self) -> list[Transition]:
        """Log what time has brought about, if this is still the only daemon. Raises ``StoreError``."""
        self._right.take()
        return tick(self._store, utc_now(), self._keeper.memory)

    def logged(self, transitions: list[Transition]) -> None:
        """Count entries of the log, and say them aloud."""
        self._metrics.logged(entry.after for entry in transitions)
        log_transitions(self._log, transitions)

    async def _tick_once(self) -> None:
        if self._is_ours():
            self.logged(await self._gate.run(lambda: asyncio.to_thread(self.let_time_pass)))

    async def _notify_once(self) -> None:
        if not self._is_ours():
            return
        for sent in await self._gate.run(lambda: asyncio.to_thread(list, send_due(self._store, self._config, utc_now))):
            self._metrics.sent(sent.target, "failed" if sent.error else "sent")
            if sent.error:
                self._log.warning("notification failed", target=sent.target, changes=sent.changes, error=sent.error)
            else:
                self._log.info("notification sent", target=sent.target, changes=sent.changes)

    async def _forget_once(self) -> None:
        if not self._is_ours():
            return
        forgotten = await self._gate.run(lambda: asyncio.to_thread(forget_all, self._store, self._config, utc_now()))
        if forgotten.items or forgotten.polls:
            self._log.info("forgotten", items=forgotten.items, polls=forgotten.polls)

    def rules_in_folder(self) -> CompiledRules | None:
        """The rules as they are written now; ``None``, and said aloud, if there is a mistake in them."""
        found = self._watch.read()
        for problem in found.problems:
            self._log.error("rules not reloaded; the last good ones stay in force", problem=str(problem))
        return found.rules

    async def reload_once(self, asked: bool) -> None:
        """Put changed rules in force, whole or not at all; a mistake in them is logged and the old ones stay."""
        if not self._is_ours():
            return
        if not asked and not await asyncio.to_thread(self._watch.has_changed):
            return
        rules = await asyncio.to_thread(self.rules_in_folder)
        if rules is None:
            return
        if rules.digest == self._keeper.rules.digest:
            self._log.info("rules unchanged", rules=rules.digest[:12])
            return
        transitions = await self._gate.run(lambda: self._keeper.put_in_force(rules))
        await asyncio.to_thread(settle)
        self._log.info("rules reloaded", rules=rules.digest[:12], changes=len(transitions))
        self.logged(transitions)
