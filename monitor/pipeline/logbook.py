"""The logbook: everything that can change a status passes through here, one moment after another.

``begin`` opens a moment: what time alone has brought about since the last one is logged first, under the rules and the
knowledge that held then. ``record`` logs what changed at the moment itself. What is logged is decided by the pure core
(:mod:`monitor.assess.ledger`); this module carries values between it and the store.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection

from monitor.assess.ledger import Key, decided, lapsed, standing_parts, strongest
from monitor.assess.log import chain
from monitor.assess.standing import Knowledge, know, know_as_told
from monitor.model import Cause, Evidence, Transition
from monitor.pipeline.memory import Memory, Remembered
from monitor.rules.ruleset import Condition, Consequence, Ruleset
from monitor.store.due import due_at, due_by, save_dues
from monitor.store.evidence import evidence_for, evidence_in_brief
from monitor.store.evidence_changes import save_stories
from monitor.store.moments import next_moment
from monitor.store.outbox import announce
from monitor.store.reviews import reviews_of
from monitor.store.rule_versions import rules_in_force
from monitor.store.transitions import append_transitions, entries_of, log_head


def knowledge(connection: Connection, ruleset: Ruleset, condition: str, known_at: datetime | None = None) -> Knowledge:
    """What is known of a condition at ``known_at`` (now, if not given), under the rules of ``ruleset``."""
    part = ruleset.standing()[condition]
    pieces = evidence_for(connection, ruleset.ruleset, condition, known_at)
    reviews = reviews_of(connection, ruleset.ruleset, condition, known_at)
    told = know_as_told(part, pieces, reviews)
    # The stories as they stand now were told when they last changed.
    return told if known_at is None and _is_told(told) else know(part, pieces, reviews)


def knowledge_in_brief(
    connection: Connection, ruleset: Ruleset, condition: str, known_at: datetime | None = None
) -> Knowledge:
    """The same; of what is known now without the texts of items, which a status does not need."""
    if known_at is None:
        key = (ruleset.ruleset, condition)
        part, pieces = ruleset.standing()[condition], evidence_in_brief(connection, *key)
        told = know_as_told(part, pieces, reviews_of(connection, *key))
        if _is_told(told):
            return told
    return knowledge(connection, ruleset, condition, known_at)


def _is_told(known: Knowledge) -> bool:
    """Whether every piece that counts has its story; what was rejected before stories were kept needs none."""
    return all(piece.story for piece in known.evidence)


class Begun(NamedTuple):
    """A moment that was opened, what time alone had brought about until then, and the digests of the rules in force and
    of the publishers by which reports were attributed."""

    moment: datetime
    transitions: list[Transition]
    reading: str
    publishers: str


def begin(connection: Connection, now: datetime, memory: Memory | None = None) -> Begun:
    """Open a moment at ``now`` and log what time alone has brought about until then.

    A ``memory`` that is given here is given to :func:`record` as well.
    """
    opened = next_moment(connection, now)
    moment = opened.at
    if memory is not None:
        memory.open(opened.last, moment)
    if not opened.has_due:
        return Begun(moment, [], opened.reading, opened.publishers)
    waiting = due_by(connection, moment)
    entries: list[Transition] = []
    rulesets = rules_in_force(connection, only={ruleset for ruleset, _ in waiting})
    for ruleset, name, _ in standing_parts(rulesets):
        if (ruleset.ruleset, name) in waiting:
            if memory is not None:
                memory.forget((ruleset.ruleset, name))
            known = knowledge(connection, ruleset, name)
            decision = lapsed(entries_of(connection, ruleset.ruleset, name), known, ruleset, name, moment)
            entries += decision.entries
            save_dues(connection, {(ruleset.ruleset, name): decision.due})
    return Begun(moment, append(connection, entries), opened.reading, opened.publishers)


def record(
    connection: Connection,
    rulesets: Iterable[Ruleset],
    moment: datetime,
    changed: Mapping[Key, set[Cause]],
    notes: Mapping[Key, str] | None = None,
    reviewed: frozenset[str] = frozenset(),
    announced: bool = True,
    news: Mapping[Key, Sequence[Evidence]] | None = None,
    memory: Memory | None = None,
) -> list[Transition]:
    """Log what has changed at ``moment``: the conditions in ``changed``, each with what happened to it.

    Unless it is ``announced``, nobody is notified of it. Where ``news`` tells of all the evidence that is new to a
    condition, and nothing else has happened to it, what ``memory`` holds of it need not be read again.
    """
    if not changed:
        return []
    entries: list[Transition] = []
    after: dict[Key, Remembered] = {}
    dues: dict[Key, datetime | None] = {}
    retold: list[Evidence] = []
    for ruleset, name, _ in _parts(rulesets, changed):
        key = (ruleset.ruleset, name)
        before, told_anew = _remembered(connection, ruleset, name, (news or {}).get(key), memory)
        retold += told_anew
        decision = decided(
            before.entries,
            before.known,
            ruleset,
            name,
            moment,
            strongest(changed[key]),
            (notes or {}).get(key, ""),
            reviewed,
        )
        entries += decision.entries
        if before.due != decision.due:
            dues[key] = decision.due
        after[key] = replace(before, due=decision.due)
    save_stories(connection, retold)
    save_dues(connection, dues)
    sealed = append(connection, entries, announced)
    if memory is not None:
        for key, told in after.items():
            own = (entry for entry in sealed if (entry.ruleset, entry.condition) == key)
            memory.keep(key, replace(told, entries=(*told.entries, *own), known=told.known.without_old_texts()))
    return sealed


def _parts(
    rulesets: Iterable[Ruleset], changed: Mapping[Key, set[Cause]]
) -> list[tuple[Ruleset, str, Condition | Consequence]]:
    """What has changed, of all that has a status."""
    touched = {ruleset for ruleset, _ in changed}
    parts = standing_parts(ruleset for ruleset in rulesets if ruleset.ruleset in touched)
    return [part for part in parts if (part[0].ruleset, part[1]) in changed]


def _remembered(
    connection: Connection, ruleset: Ruleset, name: str, news: Sequence[Evidence] | None, memory: Memory | None
) -> tuple[Remembered, list[Evidence]]:
    """What the log and the evidence say of a condition, its stories told anew, and the pieces whose story changed."""
    key = (ruleset.ruleset, name)
    recalled = memory.recall(key, ruleset.digest) if memory is not None else None
    if recalled is not None and news is not None:
        learned = recalled.known.having_learned(news)
        if learned is not None:
            return replace(recalled, known=learned), _retold(recalled.known.evidence, learned)
    pieces = evidence_for(connection, *key)
    known = know(ruleset.standing()[name], pieces, reviews_of(connection, *key))
    entries = tuple(entries_of(connection, *key))
    return Remembered(ruleset.digest, entries, known, due_at(connection, *key)), _retold(pieces, known)


def _retold(before: Iterable[Evidence], known: Knowledge) -> list[Evidence]:
    kept = {piece.id: piece.story for piece in before}
    return [piece for piece in known.evidence if kept.get(piece.id) != piece.story]


def append(connection: Connection, entries: Sequence[Transition], announced: bool = True) -> list[Transition]:
    """Number, seal and store entries, and put what is to be ``announced`` into the outbox."""
    sealed = chain(entries, log_head(connection))
    append_transitions(connection, sealed)
    if announced:
        announce(connection, sealed)
    return sealed
