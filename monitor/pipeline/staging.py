"""News taken in by many workers at once, and brought to the log by one.

A worker stores what a poll brought and reads it, beside other workers: that is where the time goes. What it has found
waits in line, and the worker that leads turns it into evidence and statuses, poll after poll, each at a moment of its
own. So there is one log, whoever has polled: its chain is whole, and the order in it is that in which the news came.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection

from monitor.match.lookup.compiled import CompiledRules
from monitor.model import Stance, Transition, digest
from monitor.pipeline.absorb import begin_with
from monitor.pipeline.arrival import Absorbed, Arrival, Learned, Opened, take_in
from monitor.pipeline.logbook import record
from monitor.pipeline.memory import Memory
from monitor.pipeline.pieces import findings_in
from monitor.pipeline.read import take_in_findings
from monitor.store.database import Store
from monitor.store.items import Saved, StoredItem, latest_of
from monitor.store.turns import rules_held_still
from monitor.store.unassessed import Unassessed, add_unassessed, first_unassessed, is_any_unassessed, strike_out

# Items in line, and all that came with them, that share a transaction.
_TOGETHER = 200


class OtherRules(Exception):
    """Other rules are in force than those at hand. Nothing was stored."""


def take_in_all(store: Store, rules: CompiledRules, arrivals: Sequence[Arrival], now: datetime) -> list[Absorbed]:
    """Store what was received of several feeds, in one transaction beside others, and put in line what ``rules`` find.

    Raises :class:`OtherRules` if ``rules`` are not those in force, and :class:`~monitor.store.database.StoreError`.
    """
    with store.write_beside() as connection:
        if rules_held_still(connection) != rules.digest:
            raise OtherRules

        def open_for(arrival: Arrival) -> Opened:
            return Opened(now, _Line(connection, rules, digest(arrival.feed.url, now.isoformat())[:24]))

        return take_in(connection, arrivals, now, rules.digest, open_for)


class _Line:
    """Puts in line what a poll brought that bears on anything, and what was edited."""

    def __init__(self, connection: Connection, rules: CompiledRules, poll: str) -> None:
        self._connection = connection
        self._rules = rules
        self._poll = poll

    def __call__(self, saved: Saved, is_news: bool) -> Learned:
        found: Counter[Stance] = Counter()
        waiting: list[Unassessed] = []
        for stored in saved.new:
            findings = tuple(findings_in(self._rules, stored.item))
            found.update(finding.stance for finding in findings)
            if findings:
                read_with = self._rules.digest
                waiting.append(Unassessed(stored.item.id, stored.version, self._poll, is_news, read_with, findings))
        waiting += [Unassessed(stored.item.id, stored.version, self._poll, is_news) for stored in saved.edited]
        add_unassessed(self._connection, waiting)
        return Learned(found)


class Assessed(NamedTuple):
    """What became of the items in line: how many were taken out of it, and what they changed."""

    items: int
    transitions: list[Transition]


def assess_waiting(store: Store, rules: CompiledRules, now: datetime, memory: Memory) -> Iterator[Assessed]:
    """Bring what stands in line to the log, portion by portion; each is one transaction.

    To be called by one process at a time; a second one would find the line empty. Raises
    :class:`~monitor.store.database.StoreError`; what was not assessed then still waits.
    """
    while _is_any(store):
        with store.write() as connection:
            waiting = first_unassessed(connection, _TOGETHER)
            transitions: list[Transition] = []
            polls: dict[str, list[Unassessed]] = {}
            for one in waiting:
                polls.setdefault(one.poll, []).append(one)
            for poll in polls.values():
                transitions += assess_together(connection, rules, poll, now, memory, announced=poll[0].announced)
            strike_out(connection, [one.number for one in waiting])
        yield Assessed(len(waiting), transitions)


def _is_any(store: Store) -> bool:
    with store.read() as connection:
        return is_any_unassessed(connection)


def assess_together(
    connection: Connection,
    rules: CompiledRules,
    waiting: Sequence[Unassessed],
    now: datetime,
    memory: Memory,
    *,
    announced: bool,
) -> list[Transition]:
    """Make evidence of what was found, at one moment, and log what that changes."""
    moment, transitions = begin_with(connection, rules, now, memory)
    latest = {stored.item.id: stored for stored in latest_of(connection, [one.item for one in waiting])}
    # A wording that was replaced while it waited is behind us: the one that replaced it stands in line as well.
    current = [one for one in waiting if latest[one.item].version == one.version]
    found = [(latest[one.item], one.findings) for one in current if one.read_with == rules.digest]
    unread: list[StoredItem] = [latest[one.item] for one in current if one.read_with != rules.digest]
    read = take_in_findings(connection, rules, moment, found, unread)
    return transitions + record(
        connection, rules.rulesets, moment, read.changed, announced=announced, news=read.news, memory=memory
    )
