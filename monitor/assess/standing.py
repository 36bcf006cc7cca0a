"""Where a condition stands, and the whole history of how it came to stand there (contract 2).

``semantics.md`` beside this file says precisely what moves a status; every row of its tables is tested.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property

from monitor.assess.corroboration import Side
from monitor.assess.deed import FOREVER, WEIGHTS, Deed, deeds_of
from monitor.assess.event import Event, group_events
from monitor.assess.story import SPAN, in_order, with_stories
from monitor.assess.tally import Tally, event_of_each, tally
from monitor.assess.timeline import UNKNOWN, Standing, overlay, until
from monitor.assess.verdict import grouping, groupings, judged, set_by_hand
from monitor.model import Evidence, Phase, Review, Stance, Status
from monitor.rules.ruleset import Condition, Confirm, Consequence

# News is compared with the week before it, and is rarely older than another week.
_TEXTS_FOR = timedelta(days=21)


@dataclass(frozen=True)
class Knowledge:
    """What is known of one condition at one moment of the second clock: the rule, the evidence as its reviewers left
    it and with its stories told, in the order of its time, the statuses set by hand, and what people decided of which
    evidence tells of one event."""

    part: Condition | Consequence
    evidence: tuple[Evidence, ...] = ()
    by_hand: tuple[Review, ...] = ()
    grouped: tuple[Review, ...] = ()
    # From when on the evidence has its texts; ``None`` where all of it does.
    texts_from: datetime | None = None

    @cached_property
    def event_of(self) -> dict[str, Event]:
        """The event that each piece of evidence tells of, by the piece's id."""
        return event_of_each(group_events(self.evidence, groupings(self.grouped, self.evidence)))

    @cached_property
    def deeds(self) -> list[Deed]:
        """The deeds that all the evidence together tells of."""
        return deeds_of(self.part, self.evidence)

    def deeds_by(self, now: datetime | None) -> list[Deed]:
        """The deeds that the evidence dated up to ``now`` tells of: what is dated later bears on nothing before it."""
        if now is None or not self.evidence or self.evidence[-1].at <= now:
            return self.deeds
        return deeds_of(self.part, [piece for piece in self.evidence if piece.at <= now])

    def having_learned(self, news: Iterable[Evidence]) -> Knowledge | None:
        """What is known once ``news`` is, which nobody has reviewed; ``None`` where so old a part of the evidence would
        have to be told again that its texts were :meth:`let go <without_old_texts>`, or a date may have been reviewed.

        The same as to :func:`know` all of it, at the cost of what is new and of the week before.
        """
        pieces = sorted(news, key=in_order)
        if not pieces:
            return self
        if any(piece.date_mark.waits for piece in pieces):
            # Somebody may have dated the item before it was edited.
            return None
        place = bisect_left(self.evidence, in_order(pieces[0]), key=in_order)
        earlier, later = self.evidence[:place], self.evidence[place:]
        if self.texts_from is not None and pieces[0].at - SPAN < self.texts_from:
            return None
        told = with_stories((*pieces, *later), earlier)
        return replace(self, evidence=(*earlier, *told))

    def without_old_texts(self) -> Knowledge:
        """The same without the texts of evidence that is too old to be compared with news, as news mostly is."""
        if not self.evidence:
            return self
        start = self.evidence[-1].at - _TEXTS_FOR
        place = bisect_left(self.evidence, start, key=lambda piece: piece.at)
        slim = (replace(piece, text="") if piece.text else piece for piece in self.evidence[:place])
        texts_from = start if place else self.texts_from
        return replace(self, evidence=(*slim, *self.evidence[place:]), texts_from=texts_from)


def know(part: Condition | Consequence, evidence: Iterable[Evidence], reviews: Sequence[Review] = ()) -> Knowledge:
    """Knowledge from evidence as it was found and the reviews of this condition; the order of neither matters."""
    return _with_reviews(part, with_stories(judged(evidence, reviews)), reviews)


def know_as_told(
    part: Condition | Consequence, evidence: Sequence[Evidence], reviews: Sequence[Review] = ()
) -> Knowledge:
    """The same from evidence in the order of its time whose stories were told when the last of it became known, by the
    same reviews."""
    return _with_reviews(part, judged(evidence, reviews), reviews)


def _with_reviews(part: Condition | Consequence, evidence: Iterable[Evidence], reviews: Sequence[Review]) -> Knowledge:
    return Knowledge(part, tuple(evidence), tuple(set_by_hand(reviews)), tuple(grouping(reviews)))


@dataclass(frozen=True)
class Survey:
    """What is known of a condition, as seen from ``now``: every standing so far, the oldest first and the last one of
    the present; the timeline on into the future, as it will be if no more news comes; and the fulfilments and the
    breaches that count now."""

    known: Knowledge
    now: datetime
    history: list[Standing]
    outlook: list[Standing]
    good: Side
    bad: Side


def survey(known: Knowledge, now: datetime) -> Survey:
    """All that can be said at ``now``, in one passage through the deeds.

    Deeds dated after ``now`` are left out; what is said of a day never depends on the days after it.
    """
    good, bad = Side(known.part.confirm), Side(known.part.confirm)
    events = _events(known, now)
    so_far = [event for event in events if event[0] <= now]
    timeline = _sweep(known, so_far, [UNKNOWN], good, bad)
    steps = until(_by_hand(known, timeline, now), now)
    last = steps[-1]
    if last.holds_from is not None and last.phase is not Phase.BY_HAND:
        # The support of the present status is all that holds now, not only what first brought it about.
        steps[-1] = _standing(good, bad, last.holds_from, now, known.part.confirm)
    ahead = _sweep(known, events[len(so_far) :], timeline, good.copy(), bad.copy())
    return Survey(known, now, steps, _by_hand(known, ahead, now), good, bad)


def history(known: Knowledge, now: datetime) -> list[Standing]:
    """Every standing of a condition up to ``now``, oldest first; the last one holds at ``now``."""
    return survey(known, now).history


def outlook(known: Knowledge) -> list[Standing]:
    """The timeline from the beginning into the future, as it will be if no more news comes."""
    confirm = known.part.confirm
    return _by_hand(known, _sweep(known, _events(known, None), [UNKNOWN], Side(confirm), Side(confirm)), None)


def words_since(known: Knowledge, since: datetime | None, now: datetime) -> dict[Stance, Tally]:
    """How much of each kind of word was told from ``since`` to ``now``: shown beside a status."""
    told: dict[Stance, list[Evidence]] = {}
    for piece in known.evidence:
        counts = piece.stance.is_word and WEIGHTS[piece.grade]
        if counts and piece.at <= now and (since is None or piece.at >= since):
            told.setdefault(piece.stance, []).append(piece)
    return {stance: tally(pieces, known.event_of) for stance, pieces in sorted(told.items())}


_Events = list[tuple[datetime, list[tuple[bool, Deed]]]]


def _sweep(known: Knowledge, events: _Events, timeline: Sequence[Standing], good: Side, bad: Side) -> list[Standing]:
    """Let deeds begin and end in the order of time; the ``timeline`` with what comes of it. Both sides change."""
    timeline = list(timeline)
    for moment, deeds in events:
        for arrives, deed in deeds:
            side = good if deed.good else bad
            if arrives:
                side.add(deed)
            else:
                side.remove(deed)
        if _status(good, bad, moment) != (timeline[-1].status, timeline[-1].phase):
            timeline.append(_standing(good, bad, moment, moment, known.part.confirm))
    return timeline


def _by_hand(known: Knowledge, timeline: list[Standing], now: datetime | None) -> list[Standing]:
    """The timeline with the statuses that a person set, each from its review until it expires."""
    for review in known.by_hand:
        if review.status is not None and (now is None or review.recorded <= now):
            reason = f"set by hand by {review.reviewer}: {review.reason}"
            standing = Standing(review.status, Phase.BY_HAND, review.recorded, (f"review-{review.number}",), reason)
            timeline = overlay(timeline, standing, review.recorded, review.expires)
    return timeline


def _events(known: Knowledge, now: datetime | None) -> _Events:
    """The moments at which deeds begin (``True``) and end, what ends at a moment before what begins there; without
    those of deeds dated after ``now``."""
    moments: dict[datetime, list[tuple[bool, Deed]]] = {}
    for deed in known.deeds_by(now):
        moments.setdefault(deed.at, []).append((True, deed))
        if deed.until < FOREVER:
            moments.setdefault(deed.until, []).append((False, deed))
    return [
        (moment, sorted(moments[moment], key=lambda event: (event[0], event[1].evidence.id)))
        for moment in sorted(moments)
    ]


def _status(good: Side, bad: Side, moment: datetime) -> tuple[Status, Phase]:
    """The table of statuses: what each side of the evidence amounts to decides, and nothing else."""
    if not good and not bad:
        return Status.UNKNOWN, Phase.CONFIRMED
    good_sure, bad_sure = good.is_sure(moment), bad.is_sure(moment)
    phase = Phase.CONFIRMED if good_sure or bad_sure else Phase.PENDING
    if good and bad and good_sure == bad_sure:
        return Status.CONTESTED, phase
    # A confirmed side is not moved by an unconfirmed one: going back needs as much as going forward.
    met = good_sure if good_sure != bad_sure else bool(good)
    return Status.MET if met else Status.BREACHED, phase


def _standing(good: Side, bad: Side, since: datetime, moment: datetime, confirm: Confirm) -> Standing:
    """The standing since ``since`` by what counts at ``moment``."""
    status, phase = _status(good, bad, moment)
    if status is Status.UNKNOWN:
        return Standing(status, phase, since, (), "what was reported no longer counts")
    if status is Status.CONTESTED:
        reason = f"met, as reported by {_named(good)}; breached, as reported by {_named(bad)}"
        return Standing(status, phase, since, _ids([*good.deeds, *bad.deeds]), reason)
    side = good if status is Status.MET else bad
    reason = f"reported by {_named(side)}" + ("" if phase is Phase.CONFIRMED else f"; {_wanted(confirm)}")
    return Standing(status, phase, since, _ids(side.deeds), reason)


def _ids(deeds: Sequence[Deed]) -> tuple[str, ...]:
    return tuple(deed.evidence.id for deed in sorted(deeds, key=lambda deed: (deed.at, deed.evidence.id)))


def _named(side: Side) -> str:
    """The organisations that report, by name; of one that was read in several feeds, in how many."""
    names: dict[str, str] = {}
    feeds: dict[str, set[str]] = {}
    for piece in (deed.evidence for deed in side.deeds):
        names.setdefault(piece.organisation, piece.publisher or "an unnamed publisher")
        feeds.setdefault(piece.organisation, set()).add(piece.feed)
    told = [f"{names[key]} ({len(feeds[key])} feeds)" if len(feeds[key]) > 1 else names[key] for key in names]
    publishers = sorted(told)
    return ", ".join(publishers[:4]) + (" and others" if len(publishers) > 4 else "")


def _wanted(confirm: Confirm) -> str:
    wanted = f"{confirm.publishers} independent publishers" if confirm.publishers > 1 else "one independent publisher"
    return f"{wanted} would confirm it"
