"""Bringing what polls brought into the store: feeds that wait together share a transaction."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime

from monitor.clock import utc_now
from monitor.daemon.batches import Batches
from monitor.match.lookup.compiled import CompiledRules
from monitor.model import Transition
from monitor.pipeline.absorb import absorb_all, read_waiting
from monitor.pipeline.arrival import Absorbed, Arrival
from monitor.pipeline.memory import Memory
from monitor.pipeline.staging import OtherRules, assess_waiting, take_in_all
from monitor.store.database import Store
from monitor.store.rule_versions import rules_in_force

# No more feeds than this share a transaction, so that the first need not wait for the last.
TOGETHER = 32


class Keeping:
    """``store_all`` stores several arrivals in one transaction, or nothing."""

    def __init__(self, store_all: Callable[[Sequence[Arrival]], list[Absorbed]]) -> None:
        self._store_all = store_all
        self.batches: Batches[Arrival, Absorbed] = Batches(self._each, TOGETHER)

    def _each(self, arrivals: Sequence[Arrival]) -> list[Absorbed | Exception]:
        """Store what arrived together; where that goes wrong, each alone, so that only the guilty fail."""
        try:
            return [*self._store_all(arrivals)]
        except Exception as error:
            if len(arrivals) == 1:
                return [error]
            return [self._each([arrival])[0] for arrival in arrivals]


class Absorbing(Keeping):
    """By the only daemon of a database: all the way to the log, at once."""

    def __init__(self, store: Store, rules: CompiledRules, clock: Callable[[], datetime] = utc_now) -> None:
        super().__init__(lambda arrivals: absorb_all(store, self.rules, arrivals, clock(), self.memory))
        self._store = store
        self._clock = clock
        self.rules = rules
        self.memory = Memory()

    async def put_in_force(self, rules: CompiledRules) -> list[Transition]:
        """Read and assess everything stored with ``rules``, log what that changes, and read with them from now on.

        Raises :class:`~monitor.store.database.StoreError` when the database fails; the rules are then as before.
        """
        # Whatever was stored with the old rules in between would put them in force again.
        async with self.batches.held():
            transitions = await asyncio.to_thread(self._begin, rules)
            self.rules = rules
        return transitions

    def _begin(self, rules: CompiledRules) -> list[Transition]:
        transitions = read_waiting(self._store, rules, self._clock())
        # Workers may have been here, and may have gone before what they had taken in was assessed.
        for assessed in assess_waiting(self._store, rules, self._clock(), self.memory):
            transitions += assessed.transitions
        return transitions


class TakingIn(Keeping):
    """By one of many workers: read with the rules in force, and put in line for the worker that leads."""

    def __init__(self, store: Store, rules: CompiledRules, clock: Callable[[], datetime] = utc_now) -> None:
        super().__init__(self._take_in)
        self._store = store
        self._clock = clock
        self._rules = rules

    def _take_in(self, arrivals: Sequence[Arrival]) -> list[Absorbed]:
        while True:
            try:
                return take_in_all(self._store, self._rules, arrivals, self._clock())
            except OtherRules:
                # Those in force are what whoever leads has put in force, whatever this machine's folder holds.
                with self._store.read() as connection:
                    self._rules = CompiledRules(rules_in_force(connection), self._rules.publishers)
