"""What reviews do to evidence: a person's verdict, with name and reason, is one more input of the assessment."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from monitor.model import READING_LENGTH, Evidence, Review, Verdict


def in_force(reviews: Iterable[Review]) -> list[Review]:
    """The reviews that stand, in the order they were given: none that was undone, and no undoing itself."""
    given = sorted(reviews, key=lambda review: review.number)
    undone = {review.undoes for review in given}
    return [review for review in given if review.verdict is not Verdict.UNDO and review.number not in undone]


def latest_verdict(reviews: Iterable[Review], piece: Evidence) -> Review | None:
    """The verdict on a piece of evidence that stands, if anybody has given one."""
    found = [review for review in in_force(reviews) if review.evidence[:READING_LENGTH] == piece.reading]
    return found[-1] if found else None


def judged(evidence: Iterable[Evidence], reviews: Iterable[Review]) -> list[Evidence]:
    """The evidence as its reviewers left it: the last verdict on a piece counts, and rejected pieces are gone.

    A confirmed piece is one that was read rightly; that the event took place still needs its independent publishers.
    """
    last = {review.evidence[:READING_LENGTH]: review for review in in_force(reviews) if review.evidence}
    out = []
    for piece in evidence:
        review = last.get(piece.reading)
        if review is None:
            out.append(piece)
        elif review.verdict is not Verdict.REJECT:
            out.append(replace(piece, stance=review.stance or piece.stance, reviewer=review.reviewer))
    return out


def set_by_hand(reviews: Iterable[Review]) -> list[Review]:
    """The statuses set by hand that stand, in the order they were set."""
    return [review for review in in_force(reviews) if review.verdict is Verdict.SET]
