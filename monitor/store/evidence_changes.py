"""How stored evidence changes: what the rules find is added, and what no longer stands is withdrawn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, insert, select, update

from monitor.entries.words import read_words
from monitor.model import READING_LENGTH, Asserter, Cause, Evidence, Finding, digest
from monitor.publishers.provenance import Provenance
from monitor.store.evidence import evidence_of_item
from monitor.store.evidence_words import index_words
from monitor.store.items import StoredItem
from monitor.store.tables import evidence


def evidence_id(stored: StoredItem, finding: Finding, again: int = 0) -> str:
    """The same finding in the same version of the same item has the same name, whenever it is found.

    ``again`` counts how often it was withdrawn before: what returns is a new entry, the old one stays as it was.
    """
    name = digest(
        stored.item.id,
        stored.version,
        finding.ruleset,
        finding.condition,
        finding.signal,
        finding.stance.value,
        f"{finding.span.start}:{finding.span.end}",
        "0",
    )
    return f"{name[:READING_LENGTH]}.{again}" if again else name[:24]


class Piece(NamedTuple):
    """A piece of evidence, and the finding it was made from, which also tells the steps of the reasoning."""

    evidence: Evidence
    finding: Finding


def evidence_from(stored: StoredItem, finding: Finding, told: Provenance, asserter: Asserter) -> Evidence:
    """The evidence that a finding in a stored item is, as if it had been read when the item was first seen; ``told``
    says where it comes from, and the ``asserter`` who says so."""
    item = stored.item
    return Evidence(
        id=evidence_id(stored, finding),
        item=item.id,
        version=stored.version,
        ruleset=finding.ruleset,
        condition=finding.condition,
        signal=finding.signal,
        stance=finding.stance,
        asserted_by=asserter,
        publisher=told.publisher,
        grade=stored.grade,
        title=item.title,
        quote=finding.quote,
        link=item.link,
        at=item.published or stored.seen,
        date_mark=item.date_mark,
        recorded=stored.seen,
        text=item.text,
        author=item.author,
        feed=stored.feed,
        origin=told.origin,
        organisation=told.organisation,
    )


def replace_evidence(
    connection: Connection,
    stored: StoredItem,
    pieces: Sequence[Piece],
    *,
    rules_digest: str,
    now: datetime,
    why: Cause,
) -> set[tuple[str, str, Cause]]:
    """Make ``pieces`` the evidence of an item: add what is new, withdraw what no longer stands.

    What says the same as before is left as it was, even if the item's words around it have changed. Returns the ruleset
    and condition of each change, and its cause: ``why`` for what is withdrawn. Nothing is deleted: a withdrawn row
    keeps the time and the cause.
    """
    known = evidence_of_item(connection, stored.item.id)
    standing: dict[tuple[object, ...], list[Evidence]] = {}
    for old in known:
        if old.withdrawn is None:
            standing.setdefault(what_it_says(old), []).append(old)
    used = {old.id for old in known}
    fresh: dict[str, Piece] = {}
    for piece in pieces:
        same = standing.get(what_it_says(piece.evidence))
        if same:
            same.pop()
            continue
        again = 0
        while (key := evidence_id(stored, piece.finding, again)) in used:
            again += 1
        used.add(key)
        fresh[key] = piece
    gone = [old for left in standing.values() for old in left]
    withdraw_evidence(connection, [old.id for old in gone], now, why)
    _insert(connection, fresh, stored.item.body, rules_digest, now)
    changes = {(old.ruleset, old.condition, why) for old in gone}
    return changes | {(one.finding.ruleset, one.finding.condition, Cause.NEWS) for one in fresh.values()}


def what_it_says(piece: Evidence) -> tuple[object, ...]:
    """What two pieces of evidence in one item have in common that say the same: the reading, the words of the passage
    as a reader takes them in, who published it, and when."""
    told = (piece.asserted_by, piece.organisation, piece.origin, piece.at, piece.date_mark)
    return (*what_was_read(piece), *told)


def what_was_read(piece: Evidence | Finding) -> tuple[object, ...]:
    """What two readings of one item have in common that are the same: the signal, its stance and the words of the
    passage as a reader takes them in."""
    return piece.ruleset, piece.condition, piece.signal, piece.stance, read_words(piece.quote)


def withdraw_evidence(connection: Connection, ids: Sequence[str], now: datetime, why: Cause) -> None:
    """Note that pieces of evidence no longer stand."""
    if ids:
        rows = [{"key": key, "now": now, "why": why.value} for key in ids]
        connection.execute(_WITHDRAW, rows)


_WITHDRAW = (
    update(evidence)
    .where(evidence.c.id == bindparam("key"))
    .values(withdrawn=bindparam("now"), withdrawn_why=bindparam("why"))
)


def add_evidence(connection: Connection, pieces: Iterable[Piece], rules_digest: str, now: datetime) -> list[Evidence]:
    """Store what was found in items that were never read before."""
    by_id = {piece.evidence.id: piece for piece in pieces}
    if by_id:
        connection.execute(insert(evidence), [_row(key, piece, rules_digest, now) for key, piece in by_id.items()])
        index_words(connection, [(key, piece.evidence.body) for key, piece in by_id.items()])
    return [piece.evidence for piece in by_id.values()]


def _insert(connection: Connection, pieces: Mapping[str, Piece], body: str, rules_digest: str, now: datetime) -> None:
    if pieces:
        connection.execute(insert(evidence), [_row(key, piece, rules_digest, now) for key, piece in pieces.items()])
        index_words(connection, [(key, body) for key in pieces])


def renew_evidence(connection: Connection, renewed: Mapping[str, Evidence], now: datetime) -> list[str]:
    """Put pieces that say the same of somebody else in place of those with these ids, which are withdrawn; the new ids.

    Everything else that is stored of a piece, such as the steps of its reasoning, is kept.
    """
    rows = {row.id: row for row in connection.execute(select(evidence).where(evidence.c.id.in_(list(renewed))))}
    used = set(
        connection.scalars(select(evidence.c.id).where(evidence.c.item.in_({one.item for one in renewed.values()})))
    )
    withdraw_evidence(connection, list(renewed), now, Cause.PUBLISHERS)
    added: list[dict[str, object]] = []
    for key, piece in renewed.items():
        again = 1
        while (new := f"{key[:READING_LENGTH]}.{again}") in used:
            again += 1
        used.add(new)
        told = {**rows[key]._mapping, "id": new, "recorded": now, "withdrawn": None, "withdrawn_why": "", "story": ""}
        told |= {name: getattr(piece, name) for name in ("publisher", "organisation", "origin")}
        added.append({**told, "asserted_by": piece.asserted_by.value})
    if added:
        connection.execute(insert(evidence), added)
        bodies = {one.item: one.body for one in renewed.values()}
        index_words(connection, [(str(row["id"]), bodies[str(row["item"])]) for row in added])
    return [str(row["id"]) for row in added]


def rename_organisation(connection: Connection, ruleset: str, condition: str, before: str, after: str) -> None:
    """Call an organisation ``after`` in all evidence of a condition, which changes nothing that rests on it."""
    for column in (evidence.c.organisation, evidence.c.origin):
        connection.execute(
            update(evidence)
            .where(evidence.c.ruleset == ruleset, evidence.c.condition == condition, column == before)
            .values({column.name: after})
        )


def save_stories(connection: Connection, pieces: Iterable[Evidence]) -> None:
    """Keep the stories of evidence as they have just been told."""
    rows = [{"key": piece.id, "told": piece.story} for piece in pieces]
    if rows:
        connection.execute(_TELL, rows)


_TELL = update(evidence).where(evidence.c.id == bindparam("key")).values(story=bindparam("told"))


def _row(key: str, piece: Piece, rules_digest: str, now: datetime) -> dict[str, object]:
    told, finding = piece
    return {
        "id": key,
        "item": told.item,
        "version": told.version,
        "ruleset": finding.ruleset,
        "condition": finding.condition,
        "signal": finding.signal,
        "stance": finding.stance.value,
        "asserted_by": told.asserted_by.value,
        "speaker": finding.speaker,
        "quote": finding.quote,
        "span_start": finding.span.start,
        "span_end": finding.span.end,
        "reasons": [str(step) for step in finding.steps],
        "at": told.at,
        "recorded": now,
        "withdrawn": None,
        "withdrawn_why": "",
        "rules_digest": rules_digest,
        "origin": told.origin,
        "publisher": told.publisher,
        "organisation": told.organisation,
        "date_mark": told.date_mark.value,
    }
