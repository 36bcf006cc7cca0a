"""A person's verdict, from the desk to the status log, in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from monitor.assess.ledger import review_note, reviewed_ids, standing_parts
from monitor.assess.verdict import dates_an_item, in_force, latest_verdict
from monitor.model import Cause, Evidence, Review, Stance, Status, Transition, Verdict
from monitor.pipeline.logbook import begin, record
from monitor.problem import did_you_mean
from monitor.store.database import Store
from monitor.store.evidence import conditions_with, find_evidence
from monitor.store.reviews import add_review, all_reviews, next_number, reviews_of
from monitor.store.rule_versions import rules_in_force


class Refused(ValueError):
    """The review cannot be entered; the message says why and what to do."""


class Overtaken(Refused):
    """Somebody else has judged the same evidence meanwhile; the message says what they said."""

    def __init__(self, review: Review) -> None:
        super().__init__(
            f"{review.reviewer} has judged this meanwhile ({review.verdict.value}: {review.reason}); look again, and "
            "say so if you still differ"
        )


@dataclass(frozen=True, slots=True)
class Signature:
    """Who says so, and why. Raises :class:`Refused` if either is empty."""

    reviewer: str
    reason: str

    def __post_init__(self) -> None:
        if not self.reviewer.strip():
            raise Refused("a review needs a name: give --by, or set MONITOR_REVIEWER")
        if not self.reason.strip():
            raise Refused("a review needs a reason: give --reason")


@dataclass(frozen=True, slots=True)
class Judged:
    """A review as it was entered, what it changed, and which of that are consequences."""

    review: Review
    transitions: tuple[Transition, ...]
    consequences: frozenset[str]


def judge_evidence(
    store: Store,
    now: datetime,
    key: str,
    verdict: Verdict,
    by: Signature,
    stance: Stance | None = None,
    seen: int | None = None,
) -> Judged:
    """Confirm, reject or reclassify (as ``stance``) the evidence with this id. Raises :class:`Refused`.

    ``seen`` is the number of the latest review of it that the reviewer knows of, 0 for none: a later one raises
    :class:`Overtaken`. Without it nobody is asked twice.
    """
    with store.write() as connection:
        piece = _standing_evidence(connection, key)
        if verdict is Verdict.RECLASSIFY and stance is None:
            raise Refused("to reclassify is to say as what: choose a stance")
        if seen is not None:
            latest = latest_verdict(reviews_of(connection, piece.ruleset, piece.condition), piece)
            if latest is not None and latest.number > seen:
                raise Overtaken(latest)
        if verdict is Verdict.RECLASSIFY and stance is piece.stance:
            raise Refused(f"evidence `{key}` is a {piece.stance.value} already; to agree with it, confirm it")
        moment, transitions, *_ = begin(connection, now)
        review = Review(
            next_number(connection),
            verdict,
            by.reviewer.strip(),
            by.reason.strip(),
            moment,
            piece.ruleset,
            piece.condition,
            evidence=piece.id,
            stance=stance if verdict is Verdict.RECLASSIFY else None,
        )
        return _enter(connection, review, transitions)


def group_evidence(store: Store, now: datetime, key: str, other: str, together: bool, by: Signature) -> Judged:
    """Say that two pieces of evidence tell of one event, or that they do not. Raises :class:`Refused`."""
    with store.write() as connection:
        piece, second = _standing_evidence(connection, key), _standing_evidence(connection, other)
        kinds = [(one.ruleset, one.condition, one.stance) for one in (piece, second)]
        if piece.id == second.id:
            raise Refused("name two different pieces of evidence")
        if kinds[0] != kinds[1]:
            raise Refused("only evidence of one condition and one stance can tell of one event")
        moment, transitions, *_ = begin(connection, now)
        review = Review(
            next_number(connection),
            Verdict.JOIN if together else Verdict.SPLIT,
            by.reviewer.strip(),
            by.reason.strip(),
            moment,
            piece.ruleset,
            piece.condition,
            evidence=piece.id,
            other=second.id,
        )
        return _enter(connection, review, transitions)


def date_item(store: Store, now: datetime, key: str, dated: datetime, by: Signature) -> Judged:
    """Say when the item was published in which this evidence stands, where its own date cannot be read.

    It holds for all evidence in the item. Raises :class:`Refused`.
    """
    with store.write() as connection:
        piece = _standing_evidence(connection, key)
        if not piece.date_mark.waits:
            raise Refused(f"evidence `{key}` has a date that could be read: {piece.at:%Y-%m-%d}")
        if dated > now:
            raise Refused(f"{dated:%Y-%m-%d} is still to come: an item was published when it was fetched, or before")
        moment, transitions, *_ = begin(connection, now)
        review = Review(
            next_number(connection),
            Verdict.DATE,
            by.reviewer.strip(),
            by.reason.strip(),
            moment,
            piece.ruleset,
            piece.condition,
            evidence=piece.id,
            other=piece.item,
            dated=dated,
        )
        return _enter(connection, review, transitions)


def set_status(store: Store, now: datetime, condition: str, status: Status, expires: datetime, by: Signature) -> Judged:
    """Set a status by hand, from ``now`` until ``expires``. Raises :class:`Refused`."""
    with store.write() as connection:
        ruleset, name = _named(connection, condition)
        moment, transitions, *_ = begin(connection, now)
        if expires <= moment:
            raise Refused(f"a status set by hand needs an end that is still to come, not {expires:%Y-%m-%d %H:%M}")
        number = next_number(connection)
        reviewer, reason = by.reviewer.strip(), by.reason.strip()
        review = Review(number, Verdict.SET, reviewer, reason, moment, ruleset, name, status=status, expires=expires)
        return _enter(connection, review, transitions)


def undo(store: Store, now: datetime, number: int, by: Signature) -> Judged:
    """Take back the review with this number, by a further entry. Raises :class:`Refused`."""
    with store.write() as connection:
        given = list(all_reviews(connection))
        undone = next((review for review in given if review.number == number), None)
        if undone is None:
            raise Refused(f"there is no review {number}; `monitor review list` shows them")
        if undone.verdict is Verdict.UNDO:
            raise Refused(f"review {number} takes back review {undone.undoes}; give that verdict again instead")
        if undone not in in_force(given):
            raise Refused(f"review {number} was taken back already")
        moment, transitions, *_ = begin(connection, now)
        review = Review(
            next_number(connection),
            Verdict.UNDO,
            by.reviewer.strip(),
            by.reason.strip(),
            moment,
            undone.ruleset,
            undone.condition,
            undoes=number,
            other=undone.other if undone.verdict is Verdict.DATE else "",
        )
        return _enter(connection, review, transitions)


def _standing_evidence(connection: Connection, key: str) -> Evidence:
    piece = find_evidence(connection, key)
    if piece is None:
        raise Refused(f"there is no evidence `{key}`; `monitor review list` shows what can be reviewed")
    if piece.withdrawn is not None:
        why = piece.withdrawn_why.value if piece.withdrawn_why else "edit"
        raise Refused(f"evidence `{key}` no longer stands: withdrawn on {piece.withdrawn:%Y-%m-%d} ({why})")
    return piece


def _named(connection: Connection, condition: str) -> tuple[str, str]:
    """Ruleset and name of a condition written as ``condition`` or ``ruleset/condition``."""
    parts = [(ruleset.ruleset, name) for ruleset, name, _ in standing_parts(rules_in_force(connection))]
    found = [part for part in parts if condition in (part[1], "/".join(part))]
    if not found:
        raise Refused(
            f"`{condition}` is no condition of the rules in force{did_you_mean(condition, [name for _, name in parts])}"
        )
    if len(found) > 1:
        raise Refused(f"`{condition}` stands in several rulesets; say {' or '.join('/'.join(part) for part in found)}")
    return found[0]


def _enter(connection: Connection, review: Review, transitions: list[Transition]) -> Judged:
    add_review(connection, review)
    keys = {(review.ruleset, review.condition)}
    if dates_an_item(review):
        keys |= conditions_with(connection, review.other)
    reviewed = reviewed_ids(review, all_reviews(connection))
    rulesets = rules_in_force(connection)
    transitions += record(
        connection,
        rulesets,
        review.recorded,
        {key: {Cause.REVIEW} for key in keys},
        dict.fromkeys(keys, review_note(review)),
        reviewed,
    )
    return Judged(review, tuple(transitions), frozenset(ruleset.consequence.id for ruleset in rulesets))
