"""The logbook: everything that can change a status passes through here, one moment after another.

``begin`` opens a moment: what time alone has brought about since the last one is logged first, under the rules and the
knowledge that held then. ``record`` logs what changed at the moment itself. What is logged is decided by the pure core
(:mod:`monitor.assess.ledger`); this module carries values between it and the store.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection

from monitor.assess.ledger import Key, decided, lapsed, standing_parts, strongest
from monitor.assess.log import chain
from monitor.assess.standing import Knowledge, know
from monitor.model import Cause, Transition
from monitor.rules.ruleset import Ruleset
from monitor.store.due import due_by, save_due
from monitor.store.evidence import evidence_for
from monitor.store.moments import next_moment
from monitor.store.outbox import announce
from monitor.store.reviews import reviews_of
from monitor.store.rule_versions import rules_in_force
from monitor.store.transitions import append_transitions, entries_of, log_head


def knowledge(connection: Connection, ruleset: Ruleset, condition: str, known_at: datetime | None = None) -> Knowledge:
    """What is known of a condition at ``known_at`` (now, if not given), under the rules of ``ruleset``."""
    return know(
        ruleset.standing()[condition],
        evidence_for(connection, ruleset.ruleset, condition, known_at),
        reviews_of(connection, ruleset.ruleset, condition, known_at),
    )


class Begun(NamedTuple):
    """A moment that was opened, what time alone had brought about until then, and the digest of the rules in force."""

    moment: datetime
    transitions: list[Transition]
    reading: str


def begin(connection: Connection, now: datetime) -> Begun:
    """Open a moment at ``now`` and log what time alone has brought about until then."""
    moment, reading = next_moment(connection, now)
    waiting = due_by(connection, moment)
    if not waiting:
        return Begun(moment, [], reading)
    entries: list[Transition] = []
    for ruleset, name, _ in standing_parts(rules_in_force(connection)):
        if (ruleset.ruleset, name) in waiting:
            known = knowledge(connection, ruleset, name)
            decision = lapsed(entries_of(connection, ruleset.ruleset, name), known, ruleset, name, moment)
            entries += decision.entries
            save_due(connection, ruleset.ruleset, name, decision.due)
    return Begun(moment, append(connection, entries), reading)


def record(
    connection: Connection,
    rulesets: Iterable[Ruleset],
    moment: datetime,
    changed: Mapping[Key, set[Cause]],
    notes: Mapping[Key, str] | None = None,
    reviewed: frozenset[str] = frozenset(),
    announced: bool = True,
) -> list[Transition]:
    """Log what has changed at ``moment``: the conditions in ``changed``, each with what happened to it.

    Unless it is ``announced``, nobody is notified of it.
    """
    entries: list[Transition] = []
    for ruleset, name, _ in standing_parts(rulesets):
        key = (ruleset.ruleset, name)
        if key not in changed:
            continue
        decision = decided(
            entries_of(connection, *key),
            knowledge(connection, ruleset, name),
            ruleset,
            name,
            moment,
            strongest(changed[key]),
            (notes or {}).get(key, ""),
            reviewed,
        )
        entries += decision.entries
        save_due(connection, ruleset.ruleset, name, decision.due)
    return append(connection, entries, announced)


def append(connection: Connection, entries: Sequence[Transition], announced: bool = True) -> list[Transition]:
    """Number, seal and store entries, and put what is to be ``announced`` into the outbox."""
    sealed = chain(entries, log_head(connection))
    append_transitions(connection, sealed)
    if announced:
        announce(connection, sealed)
    return sealed
