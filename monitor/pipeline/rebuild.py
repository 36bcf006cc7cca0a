"""Proof of the log from the ground up: the texts, what the rules read in them, and the log that this entails."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from sqlalchemy import Connection

from monitor.assess.log import first_difference
from monitor.assess.replay import Inputs, replay
from monitor.match.lookup.compiled import CompiledRules
from monitor.model import Evidence, Transition
from monitor.pipeline.pieces import findings_in
from monitor.rules.reading import reading_version
from monitor.store.evidence import all_evidence
from monitor.store.evidence_changes import what_was_read
from monitor.store.items import StoredItem, latest_items
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


def other_readers(connection: Connection) -> list[str]:
    """The versions other than this one that read with the rules in force, in order.

    Where there are any, :func:`what_does_not_follow` does not compare the evidence with what the rules read in the
    texts: this version may read them otherwise, and that would prove nothing.
    """
    return sorted({version for _, version in marks_in_force(connection).values()} - {reading_version()})


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
            yield broken[1] + _written_by_another(inputs, [*written, *rebuilt], broken[0])


def _written_by_another(inputs: Inputs, entries: Sequence[Transition], seq: int) -> str:
    """Whose version decided the entry ``seq``, in words, if that was another one; empty if it was this one."""
    entry = next(entry for entry in entries if entry.seq == seq)
    versions = [one for one in inputs.versions if one.ruleset == entry.ruleset and one.recorded <= entry.recorded]
    if not versions or versions[-1].monitor == reading_version():
        return ""
    return f"; version {versions[-1].monitor} decided it, and this one, {reading_version()}, may decide otherwise"


def _texts_and_readings(
    connection: Connection, inputs: Inputs, progress: Callable[[str, int, int], None]
) -> Iterator[str]:
    standing: dict[str, list[Evidence]] = {}
    for piece in inputs.evidence:
        if piece.withdrawn is None:
            standing.setdefault(piece.item, []).append(piece)
    # Another version may read otherwise; what it read is then taken as it stands.
    can_read = not other_readers(connection)
    what = "reading the items again" if can_read else "checking the texts"
    rules = CompiledRules(rules_in_force(connection))
    items = list(latest_items(connection))
    # What workers have only just taken in is no evidence yet.
    waiting = items_unassessed(connection)
    for done, stored in enumerate(items, start=1):
        progress(what, done, len(items))
        if stored.item.version != stored.version:
            yield f"the text of item {stored.item.id} was altered after it was stored (“{stored.item.title[:60]}”)"
            continue
        compared = can_read and stored.item.id not in waiting
        if compared and not _is_read(rules, stored, standing.get(stored.item.id, ())):
            yield f"the evidence of item {stored.item.id} is not what the rules read in it"


def _is_read(rules: CompiledRules, stored: StoredItem, evidence: Sequence[Evidence]) -> bool:
    """Whether the evidence that stands in an item is what ``rules`` read in it: in its latest wording, or of an item
    that its publisher changes to and fro, in the wording that each piece comes from."""
    found = {what_was_read(piece) for piece in evidence}
    if stored.unstable_since is None:
        return found == {what_was_read(finding) for finding in findings_in(rules, stored.item)}
    wordings = {piece.version: replace(stored.item, title=piece.title, text=piece.text) for piece in evidence}
    return found <= {what_was_read(one) for item in wordings.values() for one in findings_in(rules, item)}
