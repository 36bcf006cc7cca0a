"""Evidence as it is stored: the pieces that stand, that stood, or that are asked for by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, bindparam, func, literal_column, or_, select

from monitor.model import Asserter, Cause, DateMark, Evidence, Stance
from monitor.store.tables import evidence, items, versions

_BATCH = 500


# In the order of what makes an :class:`~monitor.model.Evidence`.
_COLUMNS = (
    *(
        evidence.c[name]
        for name in ("id", "item", "version", "ruleset", "condition", "signal", "stance", "asserted_by")
    ),
    evidence.c.publisher,
    items.c.grade,
    versions.c.title,
    evidence.c.quote,
    items.c.link,
    evidence.c.at,
    evidence.c.date_mark,
    evidence.c.recorded,
    evidence.c.withdrawn,
    evidence.c.withdrawn_why,
    versions.c.text,
    items.c.author,
    items.c.feed,
    evidence.c.story,
    evidence.c.origin,
    evidence.c.organisation,
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
    columns: tuple[Any, ...] = tuple(row)
    (key, item, version, ruleset, condition, signal, stance, asserted_by, publisher, grade, title, quote, link, at,
     mark, recorded, withdrawn, why, text, author, feed, story, origin, organisation) = columns  # fmt: skip
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
        organisation=organisation,
    )


def conditions_with(connection: Connection, item: str) -> set[tuple[str, str]]:
    """Ruleset and condition of the evidence that stands in an item."""
    names = evidence.c.ruleset, evidence.c.condition
    found = select(*names).where(evidence.c.item == item, evidence.c.withdrawn.is_(None)).distinct()
    return {(row.ruleset, row.condition) for row in connection.execute(found)}


def conditions_untold(connection: Connection) -> set[tuple[str, str]]:
    """Ruleset and condition of evidence of which no story was ever told: an earlier release kept none."""
    names = evidence.c.ruleset, evidence.c.condition
    untold = select(*names).where(evidence.c.story == "", evidence.c.withdrawn.is_(None)).distinct()
    return {(row.ruleset, row.condition) for row in connection.execute(untold)}


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


def standing_with_speakers(connection: Connection) -> list[tuple[Evidence, str]]:
    """Everything that is evidence now, in a stable order, each with the speaker that its text names."""
    query = evidence_query().where(evidence.c.withdrawn.is_(None)).order_by(evidence.c.at, evidence.c.id)
    speakers = dict(
        connection.execute(select(evidence.c.id, evidence.c.speaker).where(evidence.c.withdrawn.is_(None))).all()
    )
    return [(piece, speakers[piece.id]) for piece in evidence_rows(connection, query)]


def signals_found(connection: Connection) -> set[tuple[str, str, str]]:
    """Ruleset, condition and id of every signal that has found anything that still stands."""
    names = (evidence.c.ruleset, evidence.c.condition, evidence.c.signal)
    rows = connection.execute(select(*names).where(evidence.c.withdrawn.is_(None)).distinct())
    return {(row.ruleset, row.condition, row.signal) for row in rows}
