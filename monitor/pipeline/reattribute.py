"""Who published what is decided anew, for all evidence, when the monitor has learned more of publishers.

Where only the name of an organisation changes, nothing that rests on it does, and it is renamed. Where two names turn
out to be one organisation, or one name to be two, the evidence is recorded anew and its conditions are decided again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from monitor.assess.ledger import Key
from monitor.match.lookup.compiled import CompiledRules
from monitor.model import Asserter, Cause, Evidence, Transition
from monitor.pipeline.logbook import record
from monitor.publishers.provenance import asserted_by, provenance_of
from monitor.publishers.registry import Publishers
from monitor.rules.ruleset import Ruleset
from monitor.store.evidence import standing_with_speakers
from monitor.store.evidence_changes import rename_organisation, renew_evidence
from monitor.store.items import latest_of
from monitor.store.moments import note_publishers
from monitor.store.rule_versions import rules_in_force


def reattribute(connection: Connection, rules: CompiledRules, moment: datetime) -> list[Transition]:
    """Attribute all evidence that stands by the publishers of these ``rules``, and log what that changes."""
    publishers = rules.publishers
    note_publishers(connection, publishers.digest)
    # The first release did not keep the rules that were in force.
    in_force = rules_in_force(connection) or rules.rulesets
    rulesets = {ruleset.ruleset: ruleset for ruleset in in_force}
    by_condition: dict[Key, list[tuple[Evidence, Evidence]]] = {}
    for old, new in _attributed(connection, rulesets, publishers):
        by_condition.setdefault((old.ruleset, old.condition), []).append((old, new))
    changed: dict[Key, set[Cause]] = {}
    for key, pieces in by_condition.items():
        told = regrouped(pieces)
        for before, after in told.renames.items():
            rename_organisation(connection, *key, before, after)
        if told.renewed:
            renew_evidence(connection, told.renewed, moment)
            changed[key] = {Cause.PUBLISHERS}
    return record(connection, list(rulesets.values()), moment, changed)


def _attributed(
    connection: Connection, rulesets: Mapping[str, Ruleset], publishers: Publishers
) -> Iterable[tuple[Evidence, Evidence]]:
    """All evidence that stands, as it is stored and as it is to be."""
    pieces = [(piece, speaker) for piece, speaker in standing_with_speakers(connection) if piece.ruleset in rulesets]
    items = {stored.item.id: stored for stored in latest_of(connection, sorted({piece.item for piece, _ in pieces}))}
    for old, speaker in pieces:
        stored = items[old.item]
        wording = replace(stored.item, title=old.title, text=old.text)
        told = provenance_of(wording, stored.feed, publishers)
        # Where the text names no speaker, its publisher was taken for the addressee.
        heard = old.asserted_by if speaker else Asserter.NARRATOR
        new = replace(
            old,
            publisher=told.publisher,
            organisation=told.organisation,
            origin=told.origin,
            asserted_by=asserted_by(heard, told.organisation, rulesets[old.ruleset], publishers),
        )
        yield old, new


@dataclass(frozen=True, slots=True)
class Regrouped:
    """What becomes of the evidence of a condition: organisations that are only called otherwise, by their old name, and
    pieces that are to be recorded anew, by the id of the old one."""

    renames: Mapping[str, str]
    renewed: Mapping[str, Evidence]


def regrouped(pieces: Sequence[tuple[Evidence, Evidence]]) -> Regrouped:
    """What to do about the evidence of a condition, of which each piece is given as it was and as it is to be."""
    images: dict[str, set[str]] = {}
    for old, new in pieces:
        images.setdefault(old.organisation, set()).add(new.organisation)
        images.setdefault(old.origin, set()).add(new.origin)
    sources: dict[str, set[str]] = {}
    for before, afters in images.items():
        for after in afters:
            sources.setdefault(after, set()).add(before)
    same = {
        before: next(iter(afters))
        for before, afters in images.items()
        if len(afters) == 1 and len(sources[next(iter(afters))]) == 1
    }
    # A name that another organisation had until now cannot be given before that one has lost it.
    renames = {before: after for before, after in same.items() if before != after and after not in images}
    kept = renames | {before: after for before, after in same.items() if before == after}
    renewed = {
        old.id: new
        for old, new in pieces
        if old.asserted_by is not new.asserted_by
        or kept.get(old.organisation) != new.organisation
        or kept.get(old.origin) != new.origin
    }
    return Regrouped(renames, renewed)
