"""Putting rules in force: new or changed rules are applied to the items already stored, in one moment or not at all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import Connection

from monitor import __version__
from monitor.assess.ledger import rules_note, taken_away
from monitor.match.compiled import CompiledRules
from monitor.model import Cause, Transition
from monitor.pipeline.logbook import Key, append, record, standing_parts
from monitor.pipeline.read import read_unread
from monitor.rules.ruleset import Ruleset
from monitor.store.due import save_due
from monitor.store.rule_versions import marks_in_force, put_in_force, rules_in_force
from monitor.store.transitions import entries_of, logged_conditions


def are_in_force(connection: Connection, rules: CompiledRules) -> bool:
    """Whether exactly these rules, as this version of the monitor reads them, are in force."""
    return marks_in_force(connection) == _marks(rules)


def adopt(
    connection: Connection, rules: CompiledRules, moment: datetime, progress: Callable[[int], None] = lambda _: None
) -> list[Transition]:
    """Put ``rules`` in force at ``moment``: read everything stored with them and log what that changes, and why.

    ``progress`` is told how many items were read at a time.
    """
    before = rules_in_force(connection)
    marks = marks_in_force(connection)
    new = [r for r in rules.rulesets if marks.get(r.ruleset) != (r.digest, __version__)]
    removed = sorted(marks.keys() - {r.ruleset for r in rules.rulesets})
    put_in_force(connection, new, removed, __version__, moment)
    read_unread(connection, rules, moment, progress)
    # What is in force for the first time changes nothing that was logged before.
    cause = {Cause.RULES} if before else {Cause.NEWS}
    names = {ruleset.ruleset for ruleset in new}
    changed = {(r.ruleset, name): cause for r, name, _ in standing_parts(rules.rulesets) if r.ruleset in names}
    ended = _end_what_is_gone(connection, rules.rulesets, moment)
    return ended + record(connection, rules.rulesets, moment, changed, _notes(before, rules.rulesets))


def _marks(rules: CompiledRules) -> dict[str, tuple[str, str]]:
    return {ruleset.ruleset: (ruleset.digest, __version__) for ruleset in rules.rulesets}


def _notes(before: Sequence[Ruleset], after: Sequence[Ruleset]) -> dict[Key, str]:
    old = {(ruleset.ruleset, name): (ruleset, part) for ruleset, name, part in standing_parts(before)}
    notes = {}
    for ruleset, name, part in standing_parts(after):
        earlier, earlier_part = old.get((ruleset.ruleset, name), (None, None))
        if earlier is not None and earlier_part is not None:
            same = earlier.digest == ruleset.digest
            notes[ruleset.ruleset, name] = rules_note(earlier_part.signals, part.signals, version_changed=same)
    return notes


def _end_what_is_gone(connection: Connection, rulesets: Sequence[Ruleset], moment: datetime) -> list[Transition]:
    standing = {(ruleset.ruleset, name) for ruleset, name, _ in standing_parts(rulesets)}
    digests = {ruleset.ruleset: ruleset.digest for ruleset in rulesets}
    entries: list[Transition] = []
    for ruleset, name in logged_conditions(connection):
        if (ruleset, name) not in standing:
            entries += taken_away(
                entries_of(connection, ruleset, name), ruleset, name, digests.get(ruleset, ""), moment
            )
            save_due(connection, ruleset, name, None)
    return append(connection, entries)
