"""Putting rules in force: new or changed rules are applied to the items already stored, in one moment or not at all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import Connection

from monitor.assess.ledger import rule_changes, standing_parts, taken_away
from monitor.match.lookup.compiled import CompiledRules
from monitor.model import Cause, Transition
from monitor.pipeline.logbook import append, record
from monitor.pipeline.read import read_unread
from monitor.rules.reading import reading_version
from monitor.rules.ruleset import Ruleset
from monitor.store.due import save_dues
from monitor.store.evidence import conditions_untold
from monitor.store.moments import note_reading
from monitor.store.rule_versions import marks_in_force, put_in_force, rules_in_force
from monitor.store.transitions import entries_of, logged_conditions
from monitor.store.turns import wait_for_all


def adopt(
    connection: Connection, rules: CompiledRules, moment: datetime, progress: Callable[[int], None] = lambda _: None
) -> list[Transition]:
    """Put ``rules`` in force at ``moment``: read everything stored with them and log what that changes, and why.

    ``progress`` is told how many items were read at a time.
    """
    wait_for_all(connection)
    before = rules_in_force(connection)
    marks = marks_in_force(connection)
    reader = reading_version()
    new = [r for r in rules.rulesets if marks.get(r.ruleset) != (r.digest, reader)]
    removed = sorted(marks.keys() - {r.ruleset for r in rules.rulesets})
    put_in_force(connection, new, removed, reader, moment)
    note_reading(connection, rules.digest)
    read_unread(connection, rules, moment, progress)
    changed, notes = rule_changes(before, rules.rulesets, {ruleset.ruleset for ruleset in new})
    for key in conditions_untold(connection):
        changed.setdefault(key, {Cause.RULES})
    ended = _end_what_is_gone(connection, rules.rulesets, moment)
    return ended + record(connection, rules.rulesets, moment, changed, notes)


def _end_what_is_gone(connection: Connection, rulesets: Sequence[Ruleset], moment: datetime) -> list[Transition]:
    standing = {(ruleset.ruleset, name) for ruleset, name, _ in standing_parts(rulesets)}
    digests = {ruleset.ruleset: ruleset.digest for ruleset in rulesets}
    entries: list[Transition] = []
    for ruleset, name in logged_conditions(connection):
        if (ruleset, name) not in standing:
            entries += taken_away(
                entries_of(connection, ruleset, name), ruleset, name, digests.get(ruleset, ""), moment
            )
            save_dues(connection, {(ruleset, name): None})
    return append(connection, entries)
