"""Proof of the log from the ground up: the texts, what the rules read in them, and the log that this entails."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sqlalchemy import Connection

from monitor import __version__
from monitor.assess.log import first_difference
from monitor.assess.replay import Inputs, replay
from monitor.match.compiled import CompiledRules
from monitor.model import Transition
from monitor.pipeline.read import findings_in
from monitor.store.evidence import all_evidence, evidence_from
from monitor.store.items import latest_items
from monitor.store.moments import last_moment
from monitor.store.reviews import all_reviews
from monitor.store.rule_versions import all_versions, marks_in_force, rules_in_force
from monitor.store.transitions import read_log
from monitor.store.unassessed import items_unassessed


def stored_inputs(connection: Connection) -> Inputs:
    """All that the stored log rests on."""
    return Inputs(tuple(all_versions(connection)), tuple(all_evidence(connection)), tuple(all_reviews(connection)))


def rebuilt_log(connection: Connection) -> list[Transition]:
    """The log that the stored evidence, rules and reviews entail."""
    until = last_moment(connection)
    return [] if until is None else replay(stored_inputs(connection), until)


def what_does_not_follow(connection: Connection, progress: Callable[[str, int, int], None]) -> Iterator[str]:
    """What in the database is not what it should be, in words; nothing if all follows.

    ``progress`` is told what is being done, how much of it is done, and how much there is.
    """
    inputs = stored_inputs(connection)
    yield from _texts_and_readings(connection, inputs, progress)
    until = last_moment(connection)
    if until is not None:
        total = len(inputs.moments())
        rebuilt = replay(inputs, until, lambda done: progress("rebuilding the log", done, total))
        written = read_log(connection)
        old = sum(entry.cause is None for entry in written)
        if old:
            yield f"{old} entries were written by the first release, which kept no rules to rebuild a log from"
            return
        broken = first_difference(written, rebuilt)
        if broken is not None:
            yield broken[1]


def _texts_and_readings(
    connection: Connection, inputs: Inputs, progress: Callable[[str, int, int], None]
) -> Iterator[str]:
    standing: dict[str, set[str]] = {}
    for piece in inputs.evidence:
        if piece.withdrawn is None:
            standing.setdefault(piece.item, set()).add(piece.reading)
    # Another version of the monitor may read otherwise; what it read is then taken as it stands.
    can_read = all(version == __version__ for _, version in marks_in_force(connection).values())
    rules = CompiledRules(rules_in_force(connection))
    items = list(latest_items(connection))
    # What workers have only just taken in is no evidence yet.
    waiting = items_unassessed(connection)
    for done, stored in enumerate(items, start=1):
        progress("reading the items again", done, len(items))
        if stored.item.version != stored.version:
            yield f"the text of item {stored.item.id} was altered after it was stored (“{stored.item.title[:60]}”)"
            continue
        if can_read and stored.item.id not in waiting:
            findings = findings_in(rules, stored.item)
            read = {evidence_from(stored, finding).reading for finding in findings}
            if read != standing.get(stored.item.id, set()):
                yield f"the evidence of item {stored.item.id} is not what the rules read in it"
