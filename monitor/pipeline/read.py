"""Reading: from stored items to stored evidence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import Connection

from monitor.assess.ledger import Key
from monitor.match.discourse.retraction import is_withdrawn
from monitor.match.lookup.compiled import CompiledRules
from monitor.model import Cause, Evidence, Finding, Stance
from monitor.pipeline.pieces import pieces_from, pieces_in
from monitor.store.evidence import items_with_evidence
from monitor.store.evidence_changes import add_evidence, replace_evidence
from monitor.store.items import Saved, StoredItem, mark_read, unread_items

_BATCH = 500


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read: what happened to the evidence of which condition, how many findings of each stance there are.

    ``news`` is the new evidence of the conditions to which nothing else has happened.
    """

    changed: dict[Key, set[Cause]] = field(default_factory=dict)
    found: Counter[Stance] = field(default_factory=Counter)
    news: dict[Key, list[Evidence]] = field(default_factory=dict)


def read_unread(
    connection: Connection, rules: CompiledRules, moment: datetime, progress: Callable[[int], None] = lambda _: None
) -> Reading:
    """Read every item that these rules have not read yet. ``progress`` is told how many were read at a time."""
    reading = Reading()
    last: StoredItem | None = None
    while batch := unread_items(connection, rules.digest, _BATCH, last):
        _read(connection, rules, moment, batch, reading, Cause.RULES)
        progress(len(batch))
        last = batch[-1]
    return reading


def read_received(connection: Connection, rules: CompiledRules, moment: datetime, saved: Saved) -> Reading:
    """Read the items that a poll has just brought."""
    reading = Reading()
    pieces = [piece for stored in saved.new for piece in pieces_in(rules, stored)]
    reading.found.update(piece.finding.stance for piece in pieces)
    for piece in add_evidence(connection, pieces, rules.digest, moment):
        reading.news.setdefault((piece.ruleset, piece.condition), []).append(piece)
    if saved.edited:
        _read(connection, rules, moment, saved.edited, reading, Cause.EDIT)
        for key in reading.changed:
            reading.news.pop(key, None)
    for key in reading.news:
        reading.changed[key] = {Cause.NEWS}
    return reading


def take_in_findings(
    connection: Connection,
    rules: CompiledRules,
    moment: datetime,
    found: Sequence[tuple[StoredItem, Sequence[Finding]]],
    edited: Sequence[StoredItem],
) -> Reading:
    """Make evidence of what these rules have ``found`` in items elsewhere, and read those that were ``edited``."""
    reading = Reading()
    known = items_with_evidence(connection, [stored.item.id for stored, _ in found])
    fresh = [
        piece
        for stored, findings in found
        if stored.item.id not in known
        for piece in pieces_from(rules, replace(stored, seen=moment), findings)
    ]
    for piece in add_evidence(connection, fresh, rules.digest, moment):
        reading.news.setdefault((piece.ruleset, piece.condition), []).append(piece)
    again = [stored for stored, _ in found if stored.item.id in known]
    if again or edited:
        _read(connection, rules, moment, [*again, *edited], reading, Cause.EDIT)
        for key in reading.changed:
            reading.news.pop(key, None)
    for key in reading.news:
        reading.changed[key] = {Cause.NEWS}
    return reading


def _read(
    connection: Connection,
    rules: CompiledRules,
    moment: datetime,
    batch: Sequence[StoredItem],
    reading: Reading,
    why: Cause,
) -> None:
    """Read a batch again; ``why`` is the cause of what is then withdrawn, unless the publisher withdrew all of it."""
    known = items_with_evidence(connection, [stored.item.id for stored in batch])
    for stored in batch:
        pieces = pieces_in(rules, stored)
        if not pieces and stored.item.id not in known:
            continue
        reading.found.update(piece.finding.stance for piece in pieces)
        changes = replace_evidence(
            connection,
            stored,
            pieces,
            rules_digest=rules.digest,
            now=moment,
            why=Cause.WITHDRAWAL if is_withdrawn(stored.item) else why,
        )
        for ruleset, condition, cause in changes:
            reading.changed.setdefault((ruleset, condition), set()).add(cause)
    mark_read(connection, batch, rules.digest)
