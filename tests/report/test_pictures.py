"""Pictures and trends tell the truth, whatever the history."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from histories import CONDITION, at, piece
from hypothesis import given
from hypothesis import strategies as st

from monitor.assess.coverage import EVERYTHING, Coverage, Gap
from monitor.assess.outlook import look_ahead
from monitor.assess.standing import history, know, survey
from monitor.assess.tally import Tally
from monitor.model import Evidence, Phase, Stance, Status
from monitor.report.overview import Account, FolderRules, Row
from monitor.report.timeline_picture import WIDTH, Picture, Scale, picture
from monitor.report.trend import Direction, trend
from monitor.store.items import ItemCount

ACCOUNT = Account(1, 1, {}, None, at(0), (), ItemCount(0, 0, 0), (), (), (), FolderRules.IN_FORCE)
SHOWN = Scale(at(0), at(100))


def row(*told: Evidence, now: int = 100) -> Row:
    known = know(CONDITION, told)
    steps = history(known, at(now))
    unseen, ahead = Coverage(None, at(now), 0, ()), look_ahead(survey(known, at(now)))
    going = trend(steps, known.evidence, known.event_of, at(now))
    return Row(
        id="c",
        part=CONDITION,
        history=tuple(steps),
        told=known.evidence,
        trend=going,
        support=(),
        against=(),
        words={},
        undated=(),
        event_of=known.event_of,
        agencies={},
        outlook=ahead,
        deadline=None,
        coverage=unseen,
        failing=(),
        quiet=(),
    )


def drawn(*told: Evidence, account: Account = ACCOUNT) -> Picture:
    return picture(row(*told), SHOWN, account)


def test_bands_stand_where_the_status_changed() -> None:
    bands = drawn(piece(50, "closed", "A"), piece(60, "closed", "B")).bands
    assert [(band.status, band.phase) for band in bands] == [
        (Status.UNKNOWN, Phase.CONFIRMED),
        (Status.BREACHED, Phase.PENDING),
        (Status.BREACHED, Phase.CONFIRMED),
    ]
    assert [(band.x, band.width) for band in bands] == [(0, 360), (360, 72), (432, 288)]
    assert bands[0].title == "unknown, the beginning to 20 Feb 2022"
    assert bands[2].title == "breached, confirmed, 2 Mar 2022 to now"


def test_every_report_is_marked_on_the_day_it_appeared_and_a_mere_mention_is_not() -> None:
    said = replace(piece(20, "closed", "A"), stance=Stance.PLEDGE)
    named = replace(piece(30, "closed", "B"), stance=Stance.MENTION, id="m")
    marks = drawn(said, named, piece(50, "closed", "A"), piece(50, "closed", "B")).marks
    assert [(mark.stance, mark.count) for mark in marks] == [(Stance.PLEDGE, 1), (Stance.BREACH, 2)]
    assert marks[1].x == 360
    assert marks[1].title == "2 reports of breach, 20 Feb 2022 and after"


def test_what_nobody_read_is_a_gap_and_not_an_empty_stretch() -> None:
    gaps = (Gap(EVERYTHING, at(40), at(50)), Gap("a", at(10), at(20)))
    unread = drawn(account=replace(ACCOUNT, watched_since=at(5), gaps=gaps, first_polled={"another": at(5)})).unread
    assert [(gap.x, gap.width, gap.wholly) for gap in unread] == [(0, 36, True), (288, 72, True), (72, 72, False)]
    assert unread[1].title == "the monitor did not run, 10 Feb 2022 to 20 Feb 2022"
    assert [gap.width for gap in drawn(account=replace(ACCOUNT, watched_since=None)).unread] == [WIDTH]


def test_a_time_at_which_no_feed_was_read_is_a_whole_gap() -> None:
    of_one, of_both = Gap("a", at(10), at(30)), (Gap("a", at(40), at(60)), Gap("b", at(40), at(60)))
    polled = {"a": at(0), "b": at(35)}
    account = replace(ACCOUNT, gaps=(of_one, *of_both), first_polled=polled)
    assert [gap.wholly for gap in drawn(account=account).unread] == [True, True, True]
    account = replace(account, gaps=of_both[:1])
    assert [gap.wholly for gap in drawn(account=account).unread] == [False]


pieces = st.lists(
    st.builds(
        piece,
        st.integers(0, 100),
        st.sampled_from(["closed", "opened", "incident", "visit"]),
        st.sampled_from("ABCD"),
    ),
    max_size=12,
    unique_by=lambda one: one.id,
)


@given(pieces)
def test_no_history_is_drawn_outside_the_picture_or_with_a_hole(told: list[Evidence]) -> None:
    shown = drawn(*told)
    assert shown.bands[-1].title.endswith("to now")
    for band in shown.bands:
        assert 0 <= band.x <= WIDTH
        assert 0 < band.width <= WIDTH - band.x + 0.05
    for band, following in zip(shown.bands, shown.bands[1:], strict=False):
        assert following.x <= band.x + band.width + 0.11
    assert sum(mark.count for mark in shown.marks) == len(told)
    assert len(shown.ticks) <= 10


@pytest.mark.parametrize(
    ("told", "direction", "before"),
    [
        ((), Direction.STEADY, None),
        ((piece(90, "closed", "A"),), Direction.NEW, Status.UNKNOWN),
        ((piece(0, "closed", "A"),), Direction.STEADY, Status.UNKNOWN),
        ((piece(60, "incident", "A"),), Direction.LAPSED, Status.BREACHED),
        ((piece(60, "visit", "A"), piece(65, "visit", "B"), piece(80, "closed", "A"), piece(80, "closed", "B")),
         Direction.WORSE, Status.CONTESTED),
    ],
)  # fmt: skip
def test_a_trend_is_the_last_change_if_that_is_recent(
    told: tuple[Evidence, ...], direction: Direction, before: Status | None
) -> None:
    found = row(*told).trend
    assert (found.direction, found.before) == (direction, before)


def test_deeds_of_two_spans_are_counted_as_events() -> None:
    told = [piece(5, "closed", "A"), piece(150, "closed", "B"), piece(151, "visit", "C"), piece(160, "closed", "D")]
    found = row(*told, now=180).trend
    assert found.lately == {Stance.FULFILMENT: Tally(1, 1, 1), Stance.BREACH: Tally(2, 2, 2)}
    assert found.earlier == {Stance.FULFILMENT: Tally(0, 0, 0), Stance.BREACH: Tally(1, 1, 1)}
    assert at(180) - at(5) < timedelta(days=180)
