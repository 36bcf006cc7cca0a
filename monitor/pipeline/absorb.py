"""From what was fetched to the status log: whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from monitor.config import FeedConfig
from monitor.manners.state import Pace
from monitor.match.lookup.compiled import CompiledRules
from monitor.model import Transition
from monitor.pipeline.adopt import adopt
from monitor.pipeline.arrival import DEFAULT_PACE, Absorbed, Arrival, Learned, Opened, take_in
from monitor.pipeline.logbook import begin, record
from monitor.pipeline.memory import Memory
from monitor.pipeline.read import read_received
from monitor.pipeline.reattribute import reattribute
from monitor.pipeline.receive import Received
from monitor.store.database import Store
from monitor.store.items import Saved


def absorb(
    store: Store, rules: CompiledRules, feed: FeedConfig, received: Received, now: datetime, pace: Pace = DEFAULT_PACE
) -> Absorbed:
    """Take what was received all the way to the status log, in one transaction.

    A failure is recorded against the feed and touches nothing else. Raises
    :class:`~monitor.store.database.StoreError`; then nothing at all was stored.
    """
    return absorb_all(store, rules, [Arrival(feed, received, pace)], now)[0]


def absorb_all(
    store: Store, rules: CompiledRules, arrivals: Sequence[Arrival], now: datetime, memory: Memory | None = None
) -> list[Absorbed]:
    """As :func:`absorb`, what was received of several feeds in one transaction, each at a moment of its own.

    Raises as that does. A ``memory`` makes it quicker.
    """
    memory = memory or Memory()
    with store.write() as connection:

        def open_for(_: Arrival) -> Opened:
            moment, transitions = begin_with(connection, rules, now, memory)
            return Opened(moment, _Log(connection, rules, moment, memory), transitions)

        if not all(arrival.is_unchanged for arrival in arrivals):
            return take_in(connection, arrivals, now, rules.digest, open_for)
        # Time passes as well where nothing else happens.
        _, transitions = begin_with(connection, rules, now, memory)
        first, *others = take_in(connection, arrivals, now, rules.digest, open_for)
        return [replace(first, transitions=tuple(transitions)), *others]


class _Log:
    """Reads what a poll brought, and has what that changes logged, at its moment."""

    def __init__(self, connection: Connection, rules: CompiledRules, moment: datetime, memory: Memory) -> None:
        self._connection = connection
        self._rules = rules
        self._moment = moment
        self._memory = memory

    def __call__(self, saved: Saved, is_news: bool) -> Learned:
        read = read_received(self._connection, self._rules, self._moment, saved)
        changed = record(
            self._connection,
            self._rules.rulesets,
            self._moment,
            read.changed,
            announced=is_news,
            news=read.news,
            memory=self._memory,
        )
        return Learned(read.found, changed)


def begin_with(
    connection: Connection,
    rules: CompiledRules,
    now: datetime,
    memory: Memory,
    progress: Callable[[int], None] = lambda _: None,
) -> tuple[datetime, list[Transition]]:
    """Open a moment at which ``rules`` are in force, and reports are attributed by the publishers that belong to them.

    ``progress`` is told how many items were read at a time.
    """
    begun = begin(connection, now, memory)
    transitions = begun.transitions
    # What each of them changed, and what a feed brings, are told apart in the log.
    if begun.publishers != rules.publishers.digest:
        memory.forget()
        transitions += reattribute(connection, rules, begun.moment)
        begun = begin(connection, begun.moment, memory)
        transitions += begun.transitions
    if begun.reading != rules.digest:
        memory.forget()
        transitions += adopt(connection, rules, begun.moment, progress)
        begun = begin(connection, begun.moment, memory)
        transitions += begun.transitions
    return begun.moment, transitions


def read_waiting(
    store: Store, rules: CompiledRules, now: datetime, progress: Callable[[int], None] = lambda _: None
) -> list[Transition]:
    """Put ``rules`` in force if they are not, which reads everything stored with them, and log what changes.

    One transaction: interrupted, nothing has happened. ``progress`` is told how many items were read at a time.
    """
    with store.write() as connection:
        return begin_with(connection, rules, now, Memory(), progress)[1]


def tick(store: Store, now: datetime, memory: Memory | None = None) -> list[Transition]:
    """Log what time alone has changed: deeds that no longer count, statuses set by hand that expired."""
    with store.write() as connection:
        return begin(connection, now, memory).transitions
