"""Not looking and seeing nothing are different answers."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from histories import at

from monitor.assess.coverage import EVERYTHING, Gap, Watched, coverage, longest_pause, open_gaps, unread_since

HOUR = timedelta(hours=1)
BOTH = {"a": at(0), "b": at(0)}


def test_feeds_read_all_the_time_cover_it_whole() -> None:
    found = coverage(BOTH, [], since=at(2), until=at(12))
    assert (found.since, found.share, found.is_good) == (at(2), 1.0, True)


def test_a_gap_of_one_feed_counts_for_its_share() -> None:
    found = coverage(BOTH, [Gap("a", at(2), at(4))], since=None, until=at(10))
    assert found.share == pytest.approx(0.9)
    assert found.stops == ()


def test_only_what_lies_in_the_time_counts() -> None:
    gaps = [Gap("a", at(-5), at(1)), Gap("b", at(9), at(99)), Gap("a", at(-5), at(-2)), Gap("gone", at(3), at(4))]
    found = coverage({"a": at(-9), "b": at(-9)}, gaps, since=at(0), until=at(10))
    assert found.share == pytest.approx(0.9)


def test_the_times_at_which_the_monitor_stood_still_are_told() -> None:
    stop = Gap(EVERYTHING, at(2), at(5))
    gaps = [stop, Gap("a", at(2), at(5)), Gap("b", at(2), at(5))]
    found = coverage(BOTH, gaps, since=None, until=at(10))
    assert found.share == pytest.approx(0.7)
    assert not found.is_good
    assert found.stops == (stop,)


@pytest.mark.parametrize("first_polled", [{}, {"a": at(20), "b": at(21)}])
def test_before_any_feed_was_polled_nothing_was_covered(first_polled: dict[str, datetime]) -> None:
    found = coverage(first_polled, [], since=at(2), until=at(10))
    assert (found.since, found.share, found.stops) == (None, 0.0, ())


@pytest.mark.parametrize(
    ("case", "first_polled", "gaps", "since", "share"),
    [
        ("never read", {"a": 0}, [("a", 0, 10)], 0, 0),
        ("first read after four days", {"a": 0}, [("a", 0, 4)], 0, 0.6),
        ("first read before the time asked for", {"a": 0}, [("a", 0, 4)], 5, 1),
        ("one read, one never", {"a": 0, "b": 0}, [("b", 0, 10)], 0, 0.5),
        ("added on the sixth day, and read", {"a": 0, "b": 6}, [], 0, 1),
        ("added on the sixth day, and never read", {"a": 0, "b": 6}, [("b", 6, 10)], 0, 10 / 14),
        ("added after the time asked for", {"a": 0, "b": 11}, [("b", 11, 12)], 0, 1),
        ("a moment: none was read", {"a": 10}, [("a", 10, 10)], 0, 0),
        ("a moment: one of two was read", {"a": 10, "b": 10}, [("a", 10, 10)], 0, 0.5),
        ("a moment: both were read", {"a": 10, "b": 10}, [], 0, 1),
        ("a moment in a gap that is still open", {"a": 0}, [("a", 4, 10)], 10, 0),
        ("a moment after a gap", {"a": 0}, [("a", 4, 9)], 10, 1),
        ("a time that has yet to begin", {"a": 0}, [("a", 0, 10)], 12, 0),
    ],
)
def test_a_feed_counts_from_its_first_poll_on(
    case: str,
    first_polled: dict[str, int],
    gaps: list[tuple[str, int, int]],
    since: int,
    share: float,
) -> None:
    first = {feed: at(day) for feed, day in first_polled.items()}
    unread = [Gap(feed, at(began), at(ended)) for feed, began, ended in gaps]
    assert coverage(first, unread, at(since), at(10)).share == pytest.approx(share), case


def test_a_gap_is_three_turns_missed_or_an_hour() -> None:
    assert longest_pause(timedelta(minutes=1)) == HOUR
    assert longest_pause(timedelta(hours=2)) == timedelta(hours=6)


def test_a_feed_has_a_gap_since_it_was_last_read_or_since_it_was_first_polled() -> None:
    assert unread_since(at(1), at(0), HOUR, at(1) + 3 * HOUR) is None
    assert unread_since(at(1), at(0), HOUR, at(1) + 4 * HOUR) == at(1)
    assert unread_since(None, at(0), HOUR, at(0) + HOUR / 60) == at(0)
    assert unread_since(None, None, HOUR, at(1)) is None


def test_a_gap_that_has_not_ended_is_seen() -> None:
    feeds = [
        Watched("a", at(1), at(0), at(2), None, HOUR),
        Watched("b", at(2), at(0), at(2), None, HOUR),
        Watched("never read", None, at(2), at(2), None, HOUR),
        Watched("never polled", None, None, None, None, HOUR),
    ]
    soon, later = at(2) + HOUR, at(3)
    assert open_gaps(feeds, soon) == [Gap("a", at(1), soon), Gap("never read", at(2), soon)]
    assert open_gaps(feeds, later) == [
        Gap("a", at(1), later),
        Gap("b", at(2), later),
        Gap("never read", at(2), later),
        Gap(EVERYTHING, at(2), later),
    ]


def test_a_feed_that_is_not_due_yet_does_not_mean_that_nothing_ran() -> None:
    patient = Watched("a", at(1), at(1), at(1), at(3), HOUR)
    assert Gap(EVERYTHING, at(1), at(2)) not in open_gaps([patient], at(2))
    assert Gap(EVERYTHING, at(1), at(4)) in open_gaps([patient], at(4))
