"""What reviews do to evidence: a person's verdict, with name and reason, is one more input of the assessment."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from monitor.assess.event import Grouping
from monitor.assess.story import in_order
from monitor.model import READING_LENGTH, DateMark, Evidence, Review, Stance, Verdict


def in_force(reviews: Iterable[Review]) -> list[Review]:
    """The reviews that stand, in the order they were given: none that was undone, and no undoing itself."""
    given = sorted(reviews, key=lambda review: review.number)
    undone = {review.undoes for review in given}
    return [review for review in given if review.verdict is not Verdict.UNDO and review.number not in undone]


def latest_verdict(reviews: Iterable[Review], piece: Evidence) -> Review | None:
    """The verdict on how a piece of evidence is to be read that stands, if anybody has given one."""
    return verdicts(reviews).get(piece.reading)


def verdicts(reviews: Iterable[Review]) -> dict[str, Review]:
    """The last verdict that stands on each reading."""
    return {r.evidence[:READING_LENGTH]: r for r in in_force(reviews) if r.verdict.judges_reading}


def dates_given(reviews: Iterable[Review]) -> dict[str, datetime]:
    """The date that a person gave to each item whose own date cannot be read."""
    return {review.other: review.dated for review in in_force(reviews) if review.dated is not None}


def dates_an_item(review: Review) -> bool:
    """Whether a review dates an item, or takes such a date back: it bears on all evidence in the item."""
    return review.verdict is Verdict.DATE or (review.verdict is Verdict.UNDO and bool(review.other))


def grouping(reviews: Iterable[Review]) -> list[Review]:
    """The reviews that stand which say whether evidence tells of one event, in the order they were given."""
    return [review for review in in_force(reviews) if review.verdict.groups]


def groupings(decisions: Sequence[Review], evidence: Iterable[Evidence]) -> list[Grouping]:
    """The same, said of evidence: what a person said of one piece holds for all pieces of its article and stance."""
    if not decisions:
        return []
    pieces = {piece.reading: piece for piece in evidence}
    articles: dict[tuple[str, str, Stance], list[str]] = {}
    for piece in pieces.values():
        articles.setdefault(_article(piece), []).append(piece.id)

    def article_of(key: str) -> list[str]:
        piece = pieces.get(key[:READING_LENGTH])
        return articles[_article(piece)] if piece is not None else [key]

    return [
        Grouping(one, other, review.verdict is Verdict.JOIN, review.reviewer)
        for review in decisions
        for one in article_of(review.evidence)
        for other in article_of(review.other)
    ]


def judged(evidence: Iterable[Evidence], reviews: Sequence[Review]) -> list[Evidence]:
    """The evidence as its reviewers left it, in the order of its time.

    The last verdict on a piece counts, rejected pieces are gone, and what waits for a date has the one that a person
    gave it. An article is judged once: a verdict covers all pieces of its condition and stance that have none of their
    own. A confirmed piece is one that was read rightly; that the event took place still needs its independent
    publishers.
    """
    evidence = list(evidence)
    last, dates = verdicts(reviews), dates_given(reviews)
    of_article = {_article(piece): last[piece.reading] for piece in evidence if piece.reading in last}
    out = []
    for piece in evidence:
        review = last.get(piece.reading) or of_article.get(_article(piece))
        if review is not None:
            if review.verdict is Verdict.REJECT:
                continue
            piece = replace(piece, stance=review.stance or piece.stance, reviewer=review.reviewer)
        if piece.date_mark.waits and piece.item in dates:
            piece = replace(piece, at=dates[piece.item], date_mark=DateMark.REVIEWED)
        out.append(piece)
    return sorted(out, key=in_order)


def _article(piece: Evidence) -> tuple[str, str, Stance]:
    return piece.item, piece.version, piece.stance


def set_by_hand(reviews: Iterable[Review]) -> list[Review]:
    """The statuses set by hand that stand, in the order they were set."""
    return [review for review in in_force(reviews) if review.verdict is Verdict.SET]
