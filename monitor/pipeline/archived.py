"""What an archive holds, taken in portion by portion and assessed once all of it is in, the oldest report first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.match.lookup.compiled import CompiledRules
from monitor.model import Finding, Item
from monitor.pipeline.memory import Memory
from monitor.pipeline.staging import Assessed, OtherRules, assess_together
from monitor.store.backfilled import note_done, portions_done
from monitor.store.counts import ITEMS, VERSIONS, count_more
from monitor.store.database import Store
from monitor.store.items import find_item, save_items
from monitor.store.known_items import Recognised, keys_of, known_items
from monitor.store.turns import lock_feeds, rules_held_still
from monitor.store.unassessed import Unassessed, add_unassessed, oldest_unassessed, strike_out

# Items that are assessed at one moment.
_TOGETHER = 1_000


@dataclass(frozen=True, slots=True)
class Archived:
    """A portion of an archive, named by its ``key``: how many records it has, and what the rules found in which items:
    nothing where it is a notice that one is withdrawn.

    ``feed`` stands for the feed of its items.
    """

    archive: str
    feed: str
    grade: str
    key: str
    records: int
    found: Sequence[tuple[Item, tuple[Finding, ...]]]


def take_in_archived(store: Store, rules: CompiledRules, portion: Archived, now: datetime) -> int:
    """Store what ``rules`` found in a portion, whole or not at all and once; how many items were new.

    Raises :class:`~monitor.pipeline.staging.OtherRules` if others are in force, and
    :class:`~monitor.store.database.StoreError`.
    """
    with store.write_beside() as connection:
        if rules_held_still(connection) != rules.digest:
            raise OtherRules
        lock_feeds(connection, [portion.feed])
        if portion.key in portions_done(connection, portion.archive):
            return 0
        # The notice that an item is withdrawn matters only where that item is known.
        items = [item for item, found in portion.found if found or find_item(connection, item.id)]
        entries = [(item, keys_of(portion.feed, item)) for item in items]
        known = {one.id: one for one in known_items(connection, entries).get(portion.feed, ())}
        # A record of an archive is what its name says: archives are read again, and never move.
        recognised = [Recognised(item, keys, known.get(item.id)) for item, keys in entries]
        saved = save_items(connection, portion.feed, portion.grade, recognised, now, rules.digest)
        findings = {item.id: found for item, found in portion.found}
        count_more(connection, {ITEMS: len(saved.new), VERSIONS: saved.wordings})
        line = [
            Unassessed(one.item.id, one.version, portion.key[:24], False, rules.digest, findings[one.item.id])
            for one in saved.new
        ]
        line += [Unassessed(one.item.id, one.version, portion.key[:24], False) for one in saved.edited]
        add_unassessed(connection, line, portion.archive)
        note_done(connection, portion.archive, portion.key, portion.records, now)
        return len(saved.new)


def assess_archived(
    store: Store, rules: CompiledRules, archive: str, clock: Callable[[], datetime], memory: Memory
) -> Iterator[Assessed]:
    """Bring what waits of an archive to the log, in the order in which it happened; each step is one transaction.

    Nobody is notified of it. Raises :class:`~monitor.store.database.StoreError`; what was not assessed still waits.
    """
    while assessed := _next_step(store, rules, archive, clock(), memory):
        yield assessed


def _next_step(store: Store, rules: CompiledRules, archive: str, now: datetime, memory: Memory) -> Assessed | None:
    with store.write() as connection:
        oldest = oldest_unassessed(connection, archive, _TOGETHER)
        if not oldest:
            return None
        transitions = assess_together(connection, rules, oldest, now, memory, announced=False)
        strike_out(connection, [one.number for one in oldest])
    return Assessed(len(oldest), transitions)
