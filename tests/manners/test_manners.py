"""When a feed is polled again, what is believed of its server's answers, and how it is doing: the rules as tables."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.manners.health import Health, health
from monitor.manners.host import HostState, host_of, patience, slowed
from monitor.manners.redirect import address_of
from monitor.manners.schedule import (
    CEILING,
    LONGEST_FRESH,
    LONGEST_PATIENCE,
    SECOND_LOOK,
    Demands,
    Heard,
    due,
    failed,
    well,
)
from monitor.manners.state import FeedState, Pace

NOW = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
URL = "https://example.org/feed.xml"
NEW = FeedState(URL)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
PACE = Pace(15 * MINUTE, 6 * HOUR)
NOTHING = Demands()


def heard(new: int = 0, **more: timedelta) -> Heard:
    return Heard(URL, URL, new, **more)


def wait(state: FeedState, moment: datetime = NOW) -> timedelta:
    """How long until the next poll; the jitter of up to a tenth is taken off by rounding down to the minute."""
    assert state.next_at is not None
    return state.next_at - moment


def about(span: timedelta) -> tuple[timedelta, timedelta]:
    return span, span * 1.1


@pytest.mark.parametrize(
    ("case", "answer", "demands", "expected"),
    [
        ("nothing is known of its rhythm", heard(), NOTHING, 15 * MINUTE),
        ("its items lie an hour apart", heard(spacing=HOUR), NOTHING, 30 * MINUTE),
        ("its items lie a minute apart", heard(spacing=MINUTE), NOTHING, 15 * MINUTE),
        ("its items lie a month apart", heard(spacing=30 * DAY), NOTHING, 6 * HOUR),
        ("it says it changes every two hours", heard(update_period=2 * HOUR), NOTHING, 2 * HOUR),
        ("it says it changes once a year", heard(update_period=365 * DAY), NOTHING, 6 * HOUR),
        ("the answer is good for an hour", heard(), Demands(max_age=HOUR), HOUR),
        ("the answer is good for a year", heard(), Demands(max_age=365 * DAY), 6 * HOUR),
        ("the server wants a day's rest", heard(), Demands(retry_after=DAY), DAY),
        ("the server wants a year's rest", heard(), Demands(retry_after=365 * DAY), LONGEST_PATIENCE),
    ],
)
def test_the_next_poll_of_a_feed_that_is_well(case: str, answer: Heard, demands: Demands, expected: timedelta) -> None:
    least, most = about(expected)
    assert least <= wait(well(NEW, answer, demands, NOW, PACE)) <= most, case


def test_a_feed_with_an_interval_of_its_own_keeps_it_but_for_what_its_server_asks() -> None:
    fixed = Pace(HOUR, HOUR)
    least, most = about(HOUR)
    assert least <= wait(well(NEW, heard(spacing=30 * DAY, update_period=DAY), NOTHING, NOW, fixed)) <= most
    assert wait(well(NEW, heard(), Demands(retry_after=DAY), NOW, fixed)) >= DAY
    assert wait(well(NEW, heard(), Demands(max_age=3 * HOUR), NOW, fixed)) >= 3 * HOUR


def test_what_a_feed_recommends_holds_while_it_does_not_change_and_until_it_says_otherwise() -> None:
    state = well(NEW, heard(update_period=3 * HOUR), NOTHING, NOW, PACE)
    state = well(state, Heard(URL, URL, unchanged=True), NOTHING, NOW + 3 * HOUR, PACE)
    assert state.interval == 3 * 3600
    assert well(state, heard(), NOTHING, NOW + 6 * HOUR, PACE).interval == 15 * 60


def test_a_feed_is_polled_more_rarely_the_longer_it_is_quiet_and_at_once_more_often_when_it_speaks() -> None:
    state = well(NEW, heard(3, spacing=20 * MINUTE), NOTHING, NOW, PACE)
    waits = []
    moment = NOW
    for _ in range(40):
        moment += wait(state, moment)
        state = well(state, heard(), NOTHING, moment, PACE)
        waits.append(state.interval)
    assert waits == sorted(waits)  # type: ignore[type-var]
    assert waits[-1] == 6 * 3600
    spoke = well(state, heard(200), NOTHING, moment + HOUR, PACE)
    assert spoke.interval == 15 * 60


def test_a_failing_feed_is_polled_ever_more_rarely_and_never_given_up() -> None:
    state, moment = well(NEW, heard(), NOTHING, NOW, PACE), NOW
    waits = []
    for _ in range(100):
        state = failed(state, "the server answered 500", 500, NOTHING, moment, PACE)
        waits.append(wait(state, moment))
        moment += waits[-1]
    assert all(15 * MINUTE <= w <= CEILING * 1.1 for w in waits)
    assert waits[3] > 4 * waits[0]
    assert waits[-1] >= CEILING
    again = well(state, heard(), NOTHING, moment, PACE)
    assert (again.failures, again.failing_since, again.error) == (0, None, "")
    assert again.interval == 15 * 60


def test_the_first_poll_is_remembered_whatever_its_outcome() -> None:
    def fails(state: FeedState, moment: datetime) -> FeedState:
        return failed(state, "the server answered 500", 500, NOTHING, moment, PACE)

    def succeeds(state: FeedState, moment: datetime) -> FeedState:
        return well(state, heard(), NOTHING, moment, PACE)

    for first in (fails, succeeds):
        for second in (fails, succeeds):
            assert second(first(NEW, NOW), NOW + DAY).first_polled_at == NOW
            # A first poll in the future was dated by a clock that was wrong.
            assert second(first(NEW, NOW + 9000 * DAY), NOW).first_polled_at == NOW


def test_gone_retires_a_feed_with_a_rare_second_look_that_can_bring_it_back() -> None:
    state = failed(NEW, "the server answered 410 Gone", 410, NOTHING, NOW, PACE)
    assert health(state, None, NOW) is Health.RETIRED
    assert SECOND_LOOK <= wait(state) <= SECOND_LOOK * 1.1
    assert patience(state, None, NOW + 29 * DAY) is not None
    assert patience(state, None, NOW + 31 * DAY) is None
    assert due(state, NOW + DAY) == state.next_at
    back = well(state, heard(), NOTHING, NOW + 31 * DAY, PACE)
    assert health(back, None, NOW + 31 * DAY) is Health.WELL


def test_not_found_for_a_week_is_told_apart_from_failing() -> None:
    state = failed(NEW, "the server answered 404 Not Found", 404, NOTHING, NOW, PACE)
    assert health(state, None, NOW + 6 * DAY) is Health.FAILING
    assert health(state, None, NOW + 7 * DAY) is Health.MISSING


@pytest.mark.parametrize(
    ("period", "configured", "quiet_for", "expected"),
    [
        (HOUR, None, 2 * DAY, Health.WELL),
        (HOUR, None, 4 * DAY, Health.QUIET),
        (DAY, None, 9 * DAY, Health.WELL),
        (DAY, None, 11 * DAY, Health.QUIET),
        (None, None, 13 * DAY, Health.WELL),
        (None, None, 15 * DAY, Health.QUIET),
        (HOUR, 30 * DAY, 29 * DAY, Health.WELL),
        (30 * DAY, DAY, 2 * DAY, Health.QUIET),
    ],
)
def test_a_feed_gone_quiet_is_noticed_by_its_own_rhythm_or_by_the_settings(
    period: timedelta | None, configured: timedelta | None, quiet_for: timedelta, expected: Health
) -> None:
    seconds = round(period.total_seconds()) if period else None
    state = replace(NEW, polled_at=NOW, succeeded_at=NOW, new_at=NOW, period=seconds)
    assert health(state, configured, NOW + quiet_for) is expected


ELSEWHERE = "https://elsewhere.org/feed.xml"


def polled(state: FeedState, day: float, led_to: str) -> FeedState:
    moment = NOW + day * DAY
    asked = address_of(state, moment)
    return well(state, Heard(asked, led_to if asked == URL or led_to != URL else asked), NOTHING, moment, PACE)


def test_a_permanent_redirect_is_believed_once_it_has_repeated_on_three_days() -> None:
    state = NEW
    for day in (0, 0.1, 0.2, 1, 1.1):
        state = polled(state, day, ELSEWHERE)
        assert address_of(state, NOW + day * DAY) == URL
    state = polled(state, 2, ELSEWHERE)
    assert address_of(state, NOW + 2 * DAY) == ELSEWHERE


def test_a_redirect_that_is_taken_back_or_changes_is_forgotten() -> None:
    state = polled(polled(NEW, 0, ELSEWHERE), 1, ELSEWHERE)
    assert polled(polled(state, 1.5, URL), 2, ELSEWHERE).address == ""
    assert polled(polled(state, 1.5, "https://third.org/"), 2, ELSEWHERE).address == ""


def moved() -> FeedState:
    state = NEW
    for day in range(3):
        state = polled(state, day, ELSEWHERE)
    assert state.address == ELSEWHERE
    return state


def test_a_believed_redirect_is_looked_at_again_after_a_week_and_undone_if_it_was_a_mistake() -> None:
    state = moved()
    assert address_of(state, NOW + 8 * DAY) == ELSEWHERE
    assert address_of(state, NOW + 10 * DAY) == URL
    assert polled(state, 10, ELSEWHERE).address == ELSEWHERE
    assert polled(state, 10, URL).address == ""


def test_a_believed_address_that_keeps_failing_gives_way_to_the_configured_one() -> None:
    state = moved()
    for number in range(3):
        assert address_of(state, NOW + 3 * DAY) == ELSEWHERE, number
        state = failed(replace(state, etag="theirs"), "cannot connect", None, NOTHING, NOW + 3 * DAY, PACE)
    assert address_of(state, NOW + 3 * DAY) == URL
    assert state.etag == ""


def test_a_host_that_says_too_many_requests_is_left_alone_twice_as_long_each_time() -> None:
    first = slowed(None, "example.org", None, NOW)
    second = slowed(first, "example.org", None, first.until)
    assert second.until - first.until == 2 * (first.until - NOW)
    assert slowed(second, "example.org", None, second.until + 2 * DAY).strikes == 1
    asked = slowed(None, "example.org", 2 * HOUR, NOW)
    assert asked.until == NOW + 2 * HOUR
    assert slowed(asked, "example.org", MINUTE, NOW).until == asked.until
    assert patience(NEW, asked, NOW + HOUR) == asked.until
    assert patience(NEW, asked, NOW + 2 * HOUR) is None


def test_a_plan_made_by_a_clock_that_was_wrong_counts_for_nothing() -> None:
    far = NOW + 400 * DAY
    assert due(replace(NEW, next_at=far), NOW) == NOW
    assert patience(replace(NEW, not_before=far), HostState("example.org", far, 1), NOW) is None


def test_a_host_is_a_name_with_its_port() -> None:
    assert host_of("https://Example.ORG/a") == host_of("https://example.org/b") == "example.org"
    assert host_of("http://example.org:8080/") == "example.org:8080"
    assert host_of("feeds/local.xml") == ""


spans = st.none() | st.timedeltas(timedelta(0), timedelta(days=4000))


@given(
    st.lists(st.tuples(st.booleans(), st.integers(0, 50), spans, spans, spans, spans), max_size=12),
    st.sampled_from([PACE, Pace(HOUR, HOUR), Pace(timedelta(seconds=1), DAY)]),
)
def test_whatever_is_said_the_next_poll_lies_within_bounds(
    answers: list[tuple[bool, int, timedelta | None, timedelta | None, timedelta | None, timedelta | None]],
    pace: Pace,
) -> None:
    state, moment = NEW, NOW
    for is_well, new, spacing, period, retry_after, max_age in answers:
        demands = Demands(retry_after, max_age)
        if is_well:
            state = well(state, Heard(URL, URL, new, spacing, period), demands, moment, pace)
            asked = (LONGEST_PATIENCE if retry_after else HOUR, LONGEST_FRESH if max_age else HOUR)
            most = max(pace.longest, *asked)
        else:
            state = failed(state, "no answer", None, demands, moment, pace)
            most = max(CEILING, pace.longest, LONGEST_PATIENCE if retry_after else CEILING)
        assert pace.shortest <= wait(state, moment) <= most * 1.1
        assert state.not_before is None or state.not_before <= (state.next_at or moment)
        moment += wait(state, moment)
