"""Finding evidence: by what it is, whose it is, when it was told, and by the words of its text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, func, or_, select

from monitor.model import Evidence, Stance
from monitor.store.evidence import evidence_query, evidence_rows
from monitor.store.evidence_words import ids_with
from monitor.store.tables import evidence, items


@dataclass(frozen=True, slots=True)
class EvidenceFilter:
    """Which evidence is wanted; what is empty or ``None`` narrows nothing. ``words`` must all stand in the
    title or text, in any inflection; words in double quotes stand next to each other."""

    ruleset: str = ""
    condition: str = ""
    stance: Stance | None = None
    publisher: str = ""
    grade: str = ""
    words: str = ""
    since: datetime | None = None
    until: datetime | None = None
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """A page of evidence, the newest first, and how much there is in all."""

    pieces: tuple[Evidence, ...]
    total: int


def search_evidence(connection: Connection, wanted: EvidenceFilter, limit: int, offset: int = 0) -> Found:
    """The evidence that a filter lets through."""
    terms = _terms(connection, wanted)
    matching = select(func.count()).select_from(evidence)
    if wanted.grade:
        matching = matching.join(items, items.c.id == evidence.c.item)
    total = connection.scalar(matching.where(*terms)) or 0
    newest_first = (evidence.c.at.desc(), evidence.c.id.desc())
    page = evidence_query().where(*terms).order_by(*newest_first).limit(limit).offset(offset)
    return Found(tuple(evidence_rows(connection, page)), total)


def _terms(connection: Connection, wanted: EvidenceFilter) -> list[ColumnElement[bool]]:
    terms: list[ColumnElement[bool]] = []
    equal = (
        (evidence.c.ruleset, wanted.ruleset),
        (evidence.c.condition, wanted.condition),
        (evidence.c.stance, wanted.stance.value if wanted.stance else ""),
        (items.c.grade, wanted.grade),
    )
    terms += [col == value for col, value in equal if value]
    if wanted.publisher:
        named = wanted.publisher.lower()
        terms.append(or_(func.lower(evidence.c.publisher) == named, evidence.c.organisation == named))
    if wanted.since is not None:
        terms.append(evidence.c.at >= wanted.since)
    if wanted.until is not None:
        terms.append(evidence.c.at <= wanted.until)
    if not wanted.withdrawn:
        terms.append(evidence.c.withdrawn.is_(None))
    if wanted.words.strip():
        terms.append(evidence.c.id.in_(ids_with(connection, wanted.words)))
    return terms
