"""Evidence: what the rules found, from which version of which item, and until when it stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    bindparam,
    func,
    insert,
    literal_column,
    or_,
    select,
    update,
)

from monitor.model import READING_LENGTH, Asserter, Cause, DateMark, Evidence, Finding, Stance, digest
from monitor.store.evidence_words import index_words
from monitor.store.items import StoredItem
from monitor.store.tables import evidence, items, versions

_BATCH = 500


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


def evidence_from(stored: StoredItem, finding: Finding) -> Evidence:
    """The evidence that a finding in a stored item is, as if it had been read when the item was first seen."""
    item = stored.item
    return Evidence(
        id=evidence_id(stored, finding),
        item=item.id,
        version=stored.version,
        ruleset=finding.ruleset,
        condition=finding.condition,
        signal=finding.signal,
        stance=finding.stance,
        asserted_by=finding.asserted_by,
        publisher=item.publisher,
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
    )


def replace_evidence(
    connection: Connection,
    stored: StoredItem,
    findings: Sequence[Finding],
    *,
    rules_digest: str,
    now: datetime,
    withdrawn_by_publisher: bool = False,
) -> set[tuple[str, str, Cause]]:
    """Make ``findings`` the evidence of an item: add what is new, withdraw what no longer stands.

    Returns the ruleset and condition of each change, and its cause. Nothing is deleted: a withdrawn row keeps the time
    and the cause.
    """
    columns = (evidence.c.id, evidence.c.version, evidence.c.withdrawn, evidence.c.ruleset, evidence.c.condition)
    rows = connection.execute(select(*columns).where(evidence.c.item == stored.item.id)).all()
    standing = {row.id: row for row in rows if row.withdrawn is None}
    withdrawn = {row.id for row in rows if row.withdrawn is not None}
    wanted: dict[str, Finding] = {}
    for finding in findings:
        again = 0
        while evidence_id(stored, finding, again) in withdrawn:
            again += 1
        wanted[evidence_id(stored, finding, again)] = finding
    changes: set[tuple[str, str, Cause]] = set()
    for row in (row for key, row in standing.items() if key not in wanted):
        edited = Cause.WITHDRAWAL if withdrawn_by_publisher else Cause.EDIT
        why = edited if row.version != stored.version else Cause.RULES
        connection.execute(
            update(evidence).where(evidence.c.id == row.id).values(withdrawn=now, withdrawn_why=why.value)
        )
        changes.add((row.ruleset, row.condition, why))
    fresh = {key: finding for key, finding in wanted.items() if key not in standing}
    if fresh:
        connection.execute(
            insert(evidence), [_row(key, stored, found, rules_digest, now) for key, found in fresh.items()]
        )
        index_words(connection, [(key, stored.item.body) for key in fresh])
    return changes | {(f.ruleset, f.condition, Cause.NEWS) for f in fresh.values()}


def add_evidence(
    connection: Connection, found: Iterable[tuple[StoredItem, Finding]], rules_digest: str, now: datetime
) -> list[Evidence]:
    """Store what was found in items that were never read before."""
    pieces = {evidence_id(stored, finding): (stored, finding) for stored, finding in found}
    if pieces:
        rows = [_row(key, stored, finding, rules_digest, now) for key, (stored, finding) in pieces.items()]
        connection.execute(insert(evidence), rows)
        index_words(connection, [(key, stored.item.body) for key, (stored, _) in pieces.items()])
    return [evidence_from(stored, finding) for stored, finding in pieces.values()]


def _row(key: str, stored: StoredItem, finding: Finding, rules_digest: str, now: datetime) -> dict[str, object]:
    return {
        "id": key,
        "item": stored.item.id,
        "version": stored.version,
        "ruleset": finding.ruleset,
        "condition": finding.condition,
        "signal": finding.signal,
        "stance": finding.stance.value,
        "asserted_by": finding.asserted_by.value,
        "speaker": finding.speaker,
        "quote": finding.quote,
        "span_start": finding.span.start,
        "span_end": finding.span.end,
        "reasons": [str(step) for step in finding.steps],
        "at": stored.item.published,
        "recorded": now,
        "withdrawn": None,
        "withdrawn_why": "",
        "rules_digest": rules_digest,
    }


# In the order of what makes an :class:`~monitor.model.Evidence`.
_COLUMNS = (
    *(
        evidence.c[name]
        for name in ("id", "item", "version", "ruleset", "condition", "signal", "stance", "asserted_by")
    ),
    items.c.publisher,
    items.c.grade,
    versions.c.title,
    evidence.c.quote,
    items.c.link,
    evidence.c.at,
    items.c.date_mark,
    evidence.c.recorded,
    evidence.c.withdrawn,
    evidence.c.withdrawn_why,
    versions.c.text,
    items.c.author,
    items.c.feed,
    evidence.c.story,
    evidence.c.origin,
)
# Looking a value up is quicker than asking its class for it.
_STANCES = {kind.value: kind for kind in Stance}
_ASSERTERS = {kind.value: kind for kind in Asserter}
_MARKS = {kind.value: kind for kind in DateMark}


def evidence_query(*, with_texts: bool = True) -> Select[tuple[object, ...]]:
    """All that :func:`evidence_rows` needs, of every piece; to be narrowed."""
    none: ColumnElement[str] = literal_column("''")
    return (
        select(*(column if with_texts or column is not versions.c.text else none for column in _COLUMNS))
        .select_from(evidence)
        .join(items, items.c.id == evidence.c.item)
        .join(versions, (versions.c.item == evidence.c.item) & (versions.c.version == evidence.c.version))
    )


def _of_condition(query: Select[tuple[object, ...]]) -> Select[tuple[object, ...]]:
    named = evidence.c.ruleset == bindparam("ruleset"), evidence.c.condition == bindparam("condition")
    return query.where(*named).order_by(evidence.c.at, evidence.c.id)


_STANDING = _of_condition(evidence_query()).where(evidence.c.withdrawn.is_(None))
_IN_BRIEF = _of_condition(evidence_query(with_texts=False)).where(evidence.c.withdrawn.is_(None))
_STOOD = _of_condition(evidence_query()).where(
    evidence.c.recorded <= bindparam("known_at"),
    or_(evidence.c.withdrawn.is_(None), evidence.c.withdrawn > bindparam("known_at")),
)


def evidence_in_brief(connection: Connection, ruleset: str, condition: str) -> list[Evidence]:
    """Evidence that stands now, in a stable order, without the texts of its items."""
    return evidence_rows(connection, _IN_BRIEF, {"ruleset": ruleset, "condition": condition})


def evidence_for(
    connection: Connection, ruleset: str, condition: str, known_at: datetime | None = None
) -> list[Evidence]:
    """Evidence that stood at ``known_at`` (now, if not given), in a stable order."""
    names = {"ruleset": ruleset, "condition": condition}
    if known_at is None:
        return evidence_rows(connection, _STANDING, names)
    return evidence_rows(connection, _STOOD, {**names, "known_at": known_at})


def evidence_mark(connection: Connection, ruleset: str, condition: str) -> tuple[object, ...]:
    """The same for as long as no evidence of a condition was found or withdrawn."""
    columns = (func.count(), func.max(evidence.c.recorded), func.max(evidence.c.withdrawn))
    query = select(*columns).where(evidence.c.ruleset == ruleset, evidence.c.condition == condition)
    return tuple(connection.execute(query).one())


def evidence_rows(
    connection: Connection, query: Select[tuple[object, ...]], asked: Mapping[str, object] | None = None
) -> list[Evidence]:
    """The pieces that a narrowed :func:`evidence_query` finds, by what it is ``asked``."""
    return [_evidence(row) for row in connection.execute(query, asked or {})]


def _evidence(row: Row[tuple[Any, ...]]) -> Evidence:
    (key, item, version, ruleset, condition, signal, stance, asserted_by, publisher, grade, title, quote, link, at,
     mark, recorded, withdrawn, why, text, author, feed, story, origin) = tuple[Any, ...](row)  # fmt: skip
    return Evidence(
        id=key,
        item=item,
        version=version,
        ruleset=ruleset,
        condition=condition,
        signal=signal,
        stance=_STANCES[stance],
        asserted_by=_ASSERTERS[asserted_by],
        publisher=publisher,
        grade=grade,
        title=title,
        quote=quote,
        link=link,
        at=at,
        date_mark=_MARKS[mark],
        recorded=recorded,
        withdrawn=withdrawn,
        withdrawn_why=Cause(why) if why else None,
        text=text,
        author=author,
        feed=feed,
        story=story,
        origin=origin,
    )


def conditions_untold(connection: Connection) -> set[tuple[str, str]]:
    """Ruleset and condition of evidence of which no story was ever told: an earlier release kept none."""
    names = evidence.c.ruleset, evidence.c.condition
    untold = select(*names).where(evidence.c.story == "", evidence.c.withdrawn.is_(None)).distinct()
    return {(row.ruleset, row.condition) for row in connection.execute(untold)}


def save_stories(connection: Connection, pieces: Iterable[Evidence]) -> None:
    """Keep the stories and origins of evidence as they have just been told."""
    rows = [{"key": piece.id, "told": piece.story, "from": piece.origin} for piece in pieces]
    if rows:
        connection.execute(_TELL, rows)


_TELL = (
    update(evidence).where(evidence.c.id == bindparam("key")).values(story=bindparam("told"), origin=bindparam("from"))
)


def find_evidence(connection: Connection, key: str) -> Evidence | None:
    """The piece of evidence with this id, or with the only id that begins so; standing or withdrawn."""
    rows = connection.execute(evidence_query().where(evidence.c.id.startswith(key, autoescape=True)).limit(2)).all()
    exact = [row for row in rows if row.id == key]
    return _evidence((exact or rows)[0]) if len(exact or rows) == 1 else None


def items_with_evidence(connection: Connection, ids: Sequence[str]) -> set[str]:
    """Those of these items in which anything was ever evidence."""
    return set(connection.scalars(_WITH_EVIDENCE, {"ids": list(ids)})) if ids else set()


_WITH_EVIDENCE = select(evidence.c.item).where(evidence.c.item.in_(bindparam("ids", expanding=True))).distinct()


def evidence_of_item(connection: Connection, item: str) -> list[Evidence]:
    """Everything that was ever evidence in an item, in a stable order."""
    query = evidence_query().where(evidence.c.item == item)
    return evidence_rows(connection, query.order_by(evidence.c.recorded, evidence.c.id))


def evidence_named(connection: Connection, ids: Iterable[str]) -> dict[str, Evidence]:
    """The pieces with these ids, standing or withdrawn, by id."""
    found: dict[str, Evidence] = {}
    wanted = sorted(set(ids))
    for start in range(0, len(wanted), _BATCH):
        rows = connection.execute(evidence_query().where(evidence.c.id.in_(wanted[start : start + _BATCH])))
        found |= {row.id: _evidence(row) for row in rows}
    return found


def all_evidence(connection: Connection) -> list[Evidence]:
    """Everything that was ever evidence, withdrawn pieces too, in a stable order."""
    return evidence_rows(connection, evidence_query().order_by(evidence.c.at, evidence.c.id))


def signals_found(connection: Connection) -> set[tuple[str, str, str]]:
    """Ruleset, condition and id of every signal that has found anything that still stands."""
    names = (evidence.c.ruleset, evidence.c.condition, evidence.c.signal)
    rows = connection.execute(select(*names).where(evidence.c.withdrawn.is_(None)).distinct())
    return {(row.ruleset, row.condition, row.signal) for row in rows}
