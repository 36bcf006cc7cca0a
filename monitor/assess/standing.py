"""Where a condition stands, and the whole history of how it came to stand there (contract 2).

``semantics.md`` beside this file says precisely what moves a status; every row of its tables is tested.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.assess.corroboration import Side
from monitor.assess.deed import FOREVER, WEIGHTS, Deed, deeds_of
from monitor.assess.story import with_stories
from monitor.assess.timeline import UNKNOWN, Standing, overlay, until
from monitor.assess.verdict import judged, set_by_hand
from monitor.model import Evidence, Phase, Review, Stance, Status
from monitor.rules.ruleset import Condition, Confirm, Consequence


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What is known of one condition at one moment of the second clock: the rule, the evidence as its reviewers left
    it and with its stories told, in the order of its time, and the statuses set by hand."""

    part: Condition | Consequence
    evidence: tuple[Evidence, ...] = ()
    by_hand: tuple[Review, ...] = ()


def know(part: Condition | Consequence, evidence: Iterable[Evidence], reviews: Sequence[Review] = ()) -> Knowledge:
    """Knowledge from evidence as it was found and the reviews of this condition; the order of neither matters."""
    return Knowledge(part, tuple(with_stories(judged(evidence, reviews))), tuple(set_by_hand(reviews)))


def history(known: Knowledge, now: datetime) -> list[Standing]:
    """Every standing of a condition up to ``now``, oldest first; the last one holds at ``now``."""
    steps = until(outlook(known, now), now)
    if steps[-1].evidence and steps[-1].phase is not Phase.BY_HAND:
        # The support of the present status is all that holds now, not only what first brought it about.
        steps[-1] = _support(known, steps[-1], now)
    return steps


def outlook(known: Knowledge, now: datetime | None = None) -> list[Standing]:
    """The timeline from the beginning into the future, as it will be if no more news comes.

    Deeds dated after ``now`` are left out; what is said of a day never depends on the days after it.
    """
    timeline = _told_by_deeds(known, now)
    for review in known.by_hand:
        if review.status is not None and (now is None or review.recorded <= now):
            by_hand = Standing(
                review.status,
                Phase.BY_HAND,
                review.recorded,
                (f"review-{review.number}",),
                f"set by hand by {review.reviewer}: {review.reason}",
            )
            timeline = overlay(timeline, by_hand, review.recorded, review.expires)
    return timeline


def words_since(evidence: Iterable[Evidence], since: datetime | None, now: datetime) -> dict[Stance, int]:
    """How many stories of each kind of word were told from ``since`` to ``now``: shown beside a status."""
    stories: dict[Stance, set[str]] = {}
    for piece in evidence:
        counts = piece.stance.is_word and WEIGHTS[piece.grade]
        if counts and piece.at <= now and (since is None or piece.at >= since):
            stories.setdefault(piece.stance, set()).add(piece.story)
    return {stance: len(found) for stance, found in sorted(stories.items())}


def sides_at(known: Knowledge, now: datetime) -> tuple[Side, Side]:
    """The fulfilments and the breaches that count at ``now``."""
    good, bad = Side(known.part.confirm), Side(known.part.confirm)
    for _, deeds in _events(known, now):
        for arrives, deed in deeds:
            _move(good if deed.good else bad, deed, arrives)
    return good, bad


def _told_by_deeds(known: Knowledge, now: datetime | None) -> list[Standing]:
    good, bad = Side(known.part.confirm), Side(known.part.confirm)
    timeline = [UNKNOWN]
    for moment, deeds in _events(known, now, into_the_future=True):
        for arrives, deed in deeds:
            _move(good if deed.good else bad, deed, arrives)
        standing = _stand(moment, good, bad, known.part.confirm)
        if not standing.same_as(timeline[-1]):
            timeline.append(standing)
    return timeline


def _events(
    known: Knowledge, now: datetime | None, into_the_future: bool = False
) -> list[tuple[datetime, list[tuple[bool, Deed]]]]:
    """The moments at which deeds begin (``True``) and end, what ends at a moment before what begins there."""
    evidence = known.evidence if now is None else [piece for piece in known.evidence if piece.at <= now]
    moments: dict[datetime, list[tuple[bool, Deed]]] = {}
    for deed in deeds_of(known.part, evidence):
        moments.setdefault(deed.at, []).append((True, deed))
        if deed.until < FOREVER and (into_the_future or now is None or deed.until <= now):
            moments.setdefault(deed.until, []).append((False, deed))
    return [
        (moment, sorted(moments[moment], key=lambda event: (event[0], event[1].evidence.id)))
        for moment in sorted(moments)
    ]


def _move(side: Side, deed: Deed, arrives: bool) -> None:
    if arrives:
        side.add(deed)
    else:
        side.remove(deed)


def _support(known: Knowledge, standing: Standing, now: datetime) -> Standing:
    good, bad = sides_at(known, now)
    return _stand(standing.holds_from or now, good, bad, known.part.confirm, now)


def _stand(since: datetime, good: Side, bad: Side, confirm: Confirm, moment: datetime | None = None) -> Standing:
    """The table of statuses: what each side of the evidence amounts to decides, and nothing else."""
    moment = moment or since
    if not good and not bad:
        return Standing(Status.UNKNOWN, Phase.CONFIRMED, since, (), "what was reported no longer counts")
    good_sure, bad_sure = good.is_sure(moment), bad.is_sure(moment)
    phase = Phase.CONFIRMED if good_sure or bad_sure else Phase.PENDING
    if good and bad and good_sure == bad_sure:
        ids = _ids([*good.deeds, *bad.deeds])
        reason = f"met, as reported by {_named(good)}; breached, as reported by {_named(bad)}"
        return Standing(Status.CONTESTED, phase, since, ids, reason)
    # A confirmed side is not moved by an unconfirmed one: going back needs as much as going forward.
    met = good_sure if good_sure != bad_sure else bool(good)
    side = good if met else bad
    reason = f"reported by {_named(side)}" + ("" if phase is Phase.CONFIRMED else f"; {_wanted(confirm)}")
    return Standing(Status.MET if met else Status.BREACHED, phase, since, _ids(side.deeds), reason)


def _ids(deeds: Sequence[Deed]) -> tuple[str, ...]:
    return tuple(deed.evidence.id for deed in sorted(deeds, key=lambda deed: (deed.at, deed.evidence.id)))


def _named(side: Side) -> str:
    publishers = sorted({deed.evidence.publisher for deed in side.deeds if deed.evidence.publisher})
    named = ", ".join(publishers[:4]) + (" and others" if len(publishers) > 4 else "")
    return named or "an unnamed publisher"


def _wanted(confirm: Confirm) -> str:
    wanted = f"{confirm.publishers} independent publishers" if confirm.publishers > 1 else "one independent publisher"
    return f"{wanted} would confirm it"
