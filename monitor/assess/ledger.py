"""Keeping the log: which entries an occasion adds to a condition's, and when time alone will add the next.

Used alike by the daemon, which keeps everything in a database, and by the replay, which keeps nothing.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from monitor.assess.belief import Occasion, believed, revise
from monitor.assess.standing import Knowledge, outlook
from monitor.assess.timeline import Standing, until
from monitor.model import Cause, Phase, Review, Status, Transition, Verdict
from monitor.rules.ruleset import Condition, Consequence, Ruleset, Signal

# A ruleset and the name of something in it that has a status.
Key = tuple[str, str]

# Where several things happened to a condition at once, the strongest names the occasion.
_STRENGTH = (Cause.RULES, Cause.PUBLISHERS, Cause.REVIEW, Cause.WITHDRAWAL, Cause.EDIT, Cause.NEWS)
_NOTES = {
    Cause.EDIT: "the publisher edited an item",
    Cause.WITHDRAWAL: "the publisher withdrew an item",
    Cause.PUBLISHERS: "it was found out which reports come from one organisation",
}


def strongest(causes: Iterable[Cause]) -> Cause:
    return min(causes, key=_STRENGTH.index)


@dataclass(frozen=True, slots=True)
class Decision:
    """The entries that a moment adds to the log of a condition, and when time alone will next change its status."""

    entries: list[Transition]
    due: datetime | None


def lapsed(
    entries: Sequence[Transition], known: Knowledge, ruleset: Ruleset, condition: str, moment: datetime
) -> Decision:
    """What time alone brings about up to ``moment``: deeds that no longer count, expired statuses.

    What brings them about was known before, so each entry is recorded at the moment from which it holds.
    """
    timeline = outlook(known)
    occasion = Occasion(ruleset.ruleset, condition, ruleset.digest, moment, Cause.TIME)
    new = revise(entries, until(timeline, moment), occasion)
    return Decision([replace(entry, recorded=entry.holds_from) for entry in new], _next_due(timeline, moment))


def decided(
    entries: Sequence[Transition],
    known: Knowledge,
    ruleset: Ruleset,
    condition: str,
    moment: datetime,
    cause: Cause,
    note: str = "",
    reviewed: frozenset[str] = frozenset(),
) -> Decision:
    """What new evidence, a review or a rule adds at ``moment``; ``reviewed`` are the ids of evidence that a review
    has just changed."""
    timeline = outlook(known)
    standing = {piece.id for piece in known.evidence if piece.stance.is_deed}
    rested_on = {key for step in believed(entries) for key in step.evidence if not key.startswith("review-")}
    occasion = Occasion(
        ruleset.ruleset,
        condition,
        ruleset.digest,
        moment,
        cause,
        note or _NOTES.get(cause, ""),
        frozenset((rested_on - standing) | reviewed),
    )
    return Decision(revise(entries, until(timeline, moment), occasion), _next_due(timeline, moment))


def taken_away(
    entries: Sequence[Transition], ruleset: str, condition: str, rules_digest: str, moment: datetime
) -> list[Transition]:
    """The entry that ends the history of a condition which is no longer in the rules; none if it was unknown."""
    gone = Standing(Status.UNKNOWN, Phase.CONFIRMED, moment, (), "the condition is no longer in the rules")
    occasion = Occasion(ruleset, condition, rules_digest, moment, Cause.RULES)
    return revise(entries, [*believed(entries), gone], occasion)


def _next_due(timeline: Sequence[Standing], moment: datetime) -> datetime | None:
    return next((step.holds_from for step in timeline if not step.has_begun(moment)), None)


def standing_parts(rulesets: Iterable[Ruleset]) -> list[tuple[Ruleset, str, Condition | Consequence]]:
    """Everything that has a status, with its ruleset and name."""
    return [(ruleset, name, part) for ruleset in rulesets for name, part in ruleset.standing().items()]


def rule_changes(
    before: Sequence[Ruleset], after: Sequence[Ruleset], renewed: Container[str]
) -> tuple[dict[Key, set[Cause]], dict[Key, str]]:
    """What is to be decided anew when the rules ``after`` take the place of those ``before``, and a note on why.

    ``renewed`` are the names of the rulesets that were put in force. Where no rules were in force before, they are the
    reason for nothing: what they find is news.
    """
    old = {(ruleset.ruleset, name): (ruleset, part) for ruleset, name, part in standing_parts(before)}
    changed: dict[Key, set[Cause]] = {}
    notes: dict[Key, str] = {}
    for ruleset, name, part in standing_parts(after):
        if ruleset.ruleset not in renewed:
            continue
        key = (ruleset.ruleset, name)
        changed[key] = {Cause.RULES if before else Cause.NEWS}
        if key in old:
            earlier, earlier_part = old[key]
            same = earlier.digest == ruleset.digest
            notes[key] = _rules_note(earlier_part.signals, part.signals, version_changed=same)
        elif before:
            notes[key] = "the condition is new in the rules"
    return changed, notes


def _rules_note(before: Sequence[Signal], after: Sequence[Signal], version_changed: bool) -> str:
    """What changed in the rules of a condition, and so what its evidence may have lost."""
    kept = {signal.id for signal in after}
    dropped = [f"`{signal.id}`" for signal in before if signal.id not in kept]
    if dropped:
        signals = "signal" if len(dropped) == 1 else "signals"
        verb = "is" if len(dropped) == 1 else "are"
        return f"the rules changed: {signals} {', '.join(dropped)} {verb} gone"
    return "read again by a new version of the monitor" if version_changed else "the rules changed"


_DONE = {
    Verdict.CONFIRM: "confirmed the reading of",
    Verdict.REJECT: "rejected",
    Verdict.RECLASSIFY: "reclassified",
    Verdict.JOIN: "joined",
    Verdict.SPLIT: "told apart",
    Verdict.DATE: "dated",
    Verdict.UNDO: "took back",
}


def review_note(review: Review) -> str:
    """A review in one sentence: who did what, and why; a status set by hand gives that as its reason already."""
    if review.verdict is Verdict.SET:
        return ""
    what = {
        Verdict.RECLASSIFY: f" evidence {review.evidence[:8]} as {review.stance.value if review.stance else ''}",
        Verdict.JOIN: f" evidence {review.evidence[:8]} and {review.other[:8]} as one event",
        Verdict.SPLIT: f" evidence {review.evidence[:8]} and {review.other[:8]} as two events",
        Verdict.DATE: f" evidence {review.evidence[:8]} to {review.dated:%Y-%m-%d}" if review.dated else "",
        Verdict.UNDO: f" review {review.undoes}",
    }.get(review.verdict, f" evidence {review.evidence[:8]}")
    return f"{review.reviewer} {_DONE[review.verdict]}{what}: {review.reason}"


def reviewed_ids(review: Review, all_reviews: Iterable[Review]) -> frozenset[str]:
    """Ids of the evidence that a review changes, that of the review it undoes included."""
    by_number: Mapping[int, Review] = {one.number: one for one in all_reviews}
    undone = by_number.get(review.undoes) if review.undoes is not None else None
    changed = [one for one in (review, undone) if one is not None and one.evidence]
    # Agreeing with a reading changes nothing, and how reports are counted moves no status.
    return frozenset(one.evidence for one in changed if one.verdict is not Verdict.CONFIRM and not one.verdict.groups)
