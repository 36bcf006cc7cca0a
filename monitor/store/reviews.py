"""Reviews. Entries are only ever added; undoing one is a further entry."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Row, and_, func, insert, or_, select

from monitor.assess.verdict import verdicts
from monitor.model import READING_LENGTH, Review, Stance, Status, Verdict
from monitor.store.tables import reviews


def next_number(connection: Connection) -> int:
    return (connection.scalar(select(func.max(reviews.c.number))) or 0) + 1


def latest_number(connection: Connection, ruleset: str, condition: str) -> int:
    """The number of the latest review that bears on a condition; 0 if none does."""
    return connection.scalar(select(func.max(reviews.c.number)).where(_bears_on(ruleset, condition))) or 0


def _bears_on(ruleset: str, condition: str) -> ColumnElement[bool]:
    """The reviews of one condition; and those that date an item, or take that back: they bear on all evidence in it."""
    dates_item = or_(reviews.c.dated.is_not(None), and_(reviews.c.verdict == Verdict.UNDO.value, reviews.c.other != ""))
    return or_(and_(reviews.c.ruleset == ruleset, reviews.c.condition == condition), dates_item)


def add_review(connection: Connection, review: Review) -> None:
    connection.execute(
        insert(reviews).values(
            number=review.number,
            verdict=review.verdict.value,
            reviewer=review.reviewer,
            reason=review.reason,
            recorded=review.recorded,
            ruleset=review.ruleset,
            condition=review.condition,
            evidence=review.evidence,
            stance=review.stance.value if review.stance else "",
            status=review.status.value if review.status else "",
            expires=review.expires,
            undoes=review.undoes,
            other=review.other,
            dated=review.dated,
        )
    )


def all_reviews(connection: Connection) -> Iterator[Review]:
    """Every review, in the order they were given."""
    for row in connection.execute(select(reviews).order_by(reviews.c.number)):
        yield _review(row)


def reviews_of(connection: Connection, ruleset: str, condition: str, known_at: datetime | None = None) -> list[Review]:
    """The reviews that bear on a condition, given by ``known_at`` (now, if not given)."""
    query = select(reviews).where(_bears_on(ruleset, condition))
    if known_at is not None:
        query = query.where(reviews.c.recorded <= known_at)
    return [_review(row) for row in connection.execute(query.order_by(reviews.c.number))]


def reviews_of_evidence(connection: Connection, ids: Sequence[str]) -> dict[str, Review]:
    """The verdict that stands on how each of these pieces of evidence is to be read, by the id of the piece."""
    # An undoing names the review that it takes back, not the evidence: all are needed to tell which stand.
    judged = verdicts(all_reviews(connection))
    return {key: judged[key[:READING_LENGTH]] for key in ids if key[:READING_LENGTH] in judged}


def _review(row: Row[tuple[object, ...]]) -> Review:
    return Review(
        number=row.number,
        verdict=Verdict(row.verdict),
        reviewer=row.reviewer,
        reason=row.reason,
        recorded=row.recorded,
        ruleset=row.ruleset,
        condition=row.condition,
        evidence=row.evidence,
        stance=Stance(row.stance) if row.stance else None,
        status=Status(row.status) if row.status else None,
        expires=row.expires,
        undoes=row.undoes,
        other=row.other,
        dated=row.dated,
    )
