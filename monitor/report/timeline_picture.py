"""The timeline of a condition as a picture: where every mark stands. The template draws it as SVG.

Pure geometry. The picture is ``WIDTH`` by ``HEIGHT`` units; from top to bottom it shows fulfilments, the bands of the
status, breaches, words, how well the feeds were read, and the calendar.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from monitor.assess.coverage import EVERYTHING, Gap
from monitor.assess.timeline import Standing
from monitor.model import Evidence, Phase, Stance, Status
from monitor.report.by_event import one_an_item
from monitor.report.overview import Account, Row, RulesetView
from monitor.report.wording import SIGNS, count, day, status_name

WIDTH = 720.0
HEIGHT = 106.0
# Marks nearer to each other than this are drawn as one.
_GRAIN = 8.0
_LANES = {Stance.FULFILMENT: 9.0, Stance.BREACH: 55.0}
_WORDS = 70.0
# How many letters of a label fit into a unit of a band's width.
_LETTER = 7.6
_MOST_TICKS = 8


@dataclass(frozen=True, slots=True)
class Band:
    """A status from its beginning to its end. ``label`` is empty where it would not fit."""

    x: float
    width: float
    status: Status
    phase: Phase
    label: str
    title: str


@dataclass(frozen=True, slots=True)
class Mark:
    """Evidence of one stance at one place; ``title`` says what it is, or how much of it."""

    x: float
    y: float
    stance: Stance
    count: int
    title: str


@dataclass(frozen=True, slots=True)
class Unread:
    """A time at which nothing was read (``wholly``), or at which some feeds were not."""

    x: float
    width: float
    wholly: bool
    title: str


@dataclass(frozen=True, slots=True)
class Tick:
    x: float
    label: str


@dataclass(frozen=True, slots=True)
class Picture:
    """``text`` says in a sentence what the picture shows."""

    bands: tuple[Band, ...]
    marks: tuple[Mark, ...]
    unread: tuple[Unread, ...]
    ticks: tuple[Tick, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Scale:
    """The time that a picture shows, so that all pictures of a ruleset show the same."""

    start: datetime
    end: datetime

    def x(self, moment: datetime) -> float:
        share = (moment - self.start) / (self.end - self.start)
        return round(min(1.0, max(0.0, share)) * WIDTH, 1)


def scale(view: RulesetView, as_of: datetime) -> Scale:
    """From shortly before the first evidence of anything to ``as_of``; ninety days at least."""
    parts = (*view.rows, view.consequence)
    firsts = [piece.at for row in parts for piece in row.told[:1]]
    firsts += [step.holds_from for row in parts for step in row.history[1:2] if step.holds_from]
    start = min([*firsts, as_of - timedelta(days=90)])
    return Scale(start - (as_of - start) * 0.03, as_of)


def picture(row: Row, shown: Scale, account: Account) -> Picture:
    """The picture of one condition."""
    return Picture(
        tuple(bands(row, shown)),
        tuple(_marks(row.told, shown)),
        tuple(_unread(account, shown)),
        tuple(_ticks(shown)),
        _in_words(row, shown),
    )


def bands(row: Row, shown: Scale) -> Iterator[Band]:
    """The statuses of a condition, one after the other."""
    steps = row.history
    for step, following in zip(steps, (*steps[1:], None), strict=True):
        ends = following.holds_from if following is not None else shown.end
        begins = step.holds_from or shown.start
        if ends is None or ends <= shown.start or begins > shown.end:
            continue
        x = shown.x(begins)
        # The present status is seen however new it is.
        width = max(round(shown.x(ends) - x, 1), 1.5 if following is None else 0.4)
        x = min(x, WIDTH - width)
        said = _said(row, step)
        label = f"{SIGNS[step.status]} {status_name(row.part, step.status)}"
        fits = len(label) * _LETTER < width
        sign = SIGNS[step.status] if width > 2 * _LETTER else ""
        until = "now" if following is None else day(ends)
        since = day(step.holds_from) if step.holds_from else "the beginning"
        yield Band(x, width, step.status, step.phase, label if fits else sign, f"{said}, {since} to {until}")


def _said(row: Row, step: Standing) -> str:
    named = status_name(row.part, step.status)
    return named if step.status is Status.UNKNOWN and step.phase is Phase.CONFIRMED else f"{named}, {step.phase.value}"


def _marks(told: Iterable[Evidence], shown: Scale) -> Iterator[Mark]:
    groups: dict[tuple[Stance, float], list[Evidence]] = {}
    for piece in told:
        if piece.stance is not Stance.MENTION and shown.start <= piece.at <= shown.end:
            place = round(shown.x(piece.at) / _GRAIN) * _GRAIN
            groups.setdefault((piece.stance, place), []).append(piece)
    taken: Counter[float] = Counter()
    for (stance, x), pieces in sorted(groups.items(), key=lambda group: (group[0][1], group[0][0])):
        if stance.is_word:
            # Different kinds of words at one place stand beside each other.
            y = _WORDS + 7 * (taken[x] % 2)
            taken[x] += 1
        else:
            y = _LANES[stance]
        pieces = one_an_item(pieces)
        yield Mark(x, y, stance, len(pieces), _titled(stance, pieces))


def _titled(stance: Stance, pieces: list[Evidence]) -> str:
    first = pieces[0]
    if len(pieces) == 1:
        return f"{stance.value}, {day(first.at)}: {first.publisher or 'unnamed'}: {first.title}"
    return f"{count(len(pieces), f'report of {stance.value}', f'reports of {stance.value}')}, {day(first.at)} and after"


def _unread(account: Account, shown: Scale) -> Iterator[Unread]:
    began = account.watched_since
    if began is None or began > shown.start:
        ends = min(began or shown.end, shown.end)
        if ends > shown.start:
            yield Unread(0, shown.x(ends), True, f"not watched before {day(began)}" if began else "not watched")
    for gap in sorted(account.gaps, key=lambda gap: gap.feed != EVERYTHING):
        if gap.ended > shown.start and gap.began < shown.end:
            yield _gap(gap, shown, wholly=gap.feed == EVERYTHING or _no_other_was_read(gap, account))


def _no_other_was_read(gap: Gap, account: Account) -> bool:
    """Whether every other feed that was polled by then has a gap as long."""
    return all(
        began > gap.began
        or any(other.feed == feed and other.began <= gap.began and other.ended >= gap.ended for other in account.gaps)
        for feed, began in account.first_polled.items()
    )


def _gap(gap: Gap, shown: Scale, wholly: bool) -> Unread:
    x = shown.x(gap.began)
    what = "the monitor did not run" if gap.feed == EVERYTHING else f"{gap.feed} was not read"
    title = f"{what}, {day(gap.began)} to {day(gap.ended)}"
    return Unread(x, max(round(shown.x(gap.ended) - x, 1), 0.5), wholly, title)


def _ticks(shown: Scale) -> Iterator[Tick]:
    months = (shown.end.year - shown.start.year) * 12 + shown.end.month - shown.start.month
    step = next((step for step in (1, 2, 3, 6, 12, 24, 60, 120) if months / step <= _MOST_TICKS), 240)
    month = (shown.start.year * 12 + shown.start.month - 1) // step * step
    while True:
        moment = datetime(month // 12, month % 12 + 1, 1, tzinfo=UTC)
        if moment > shown.end:
            return
        if moment >= shown.start and shown.x(moment) < WIDTH - 36:
            yield Tick(shown.x(moment), f"{moment:%Y}" if month % 12 == 0 else f"{moment:%b %Y}")
        month += step


def _in_words(row: Row, shown: Scale) -> str:
    changes = [step for step in row.history[1:] if step.holds_from and step.holds_from > shown.start]
    last = "; ".join(f"{_said(row, step)} from {day(step.holds_from)}" for step in changes[-6:])
    earlier = f"{count(len(changes) - 6, 'earlier change')}; " if len(changes) > 6 else ""
    counted = Counter(stance for _, stance in {(piece.item, piece.stance) for piece in row.told})
    kinds = ", ".join(f"{counted[stance]} {stance.value}" for stance in Stance if counted[stance])
    told = f" Reports: {kinds}." if kinds else " No report."
    return f"{row.part.title}: {earlier}{last or _said(row, row.standing)}.{told}"
