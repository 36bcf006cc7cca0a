"""Not looking and seeing nothing are different answers."""

from __future__ import annotations

from datetime import timedelta

import pytest
from histories import at

from monitor.assess.coverage import EVERYTHING, Gap, Watched, coverage, longest_pause, open_gaps

HOUR = timedelta(hours=1)
FEEDS = ["a", "b"]


def test_feeds_read_all_the_time_cover_it_whole() -> None:
    found = coverage(FEEDS, [], watched_since=at(0), since=at(2), until=at(12))
    assert (found.since, found.share, found.is_good) == (at(2), 1.0, True)


def test_a_gap_of_one_feed_counts_for_its_share() -> None:
    found = coverage(FEEDS, [Gap("a", at(2), at(4))], watched_since=at(0), since=None, until=at(10))
    assert found.share == pytest.approx(0.9)
    assert found.stops == ()


def test_only_what_lies_in_the_time_counts() -> None:
    gaps = [Gap("a", at(-5), at(1)), Gap("b", at(9), at(99)), Gap("gone", at(3), at(4))]
    found = coverage(FEEDS, gaps, watched_since=at(-9), since=at(0), until=at(10))
    assert found.share == pytest.approx(0.9)


def test_the_times_at_which_the_monitor_stood_still_are_told() -> None:
    stop = Gap(EVERYTHING, at(2), at(5))
    gaps = [stop, Gap("a", at(2), at(5)), Gap("b", at(2), at(5))]
    found = coverage(FEEDS, gaps, watched_since=at(0), since=None, until=at(10))
    assert found.share == pytest.approx(0.7)
    assert not found.is_good
    assert found.stops == (stop,)


@pytest.mark.parametrize("watched_since", [None, at(20)])
def test_before_anybody_watched_nothing_was_covered(watched_since: object) -> None:
    found = coverage(FEEDS, [], watched_since=watched_since, since=at(2), until=at(10))  # type: ignore[arg-type]
    assert (found.since, found.share) == (None, 0.0)


def test_a_gap_is_three_turns_missed_or_an_hour() -> None:
    assert longest_pause(timedelta(minutes=1)) == HOUR
    assert longest_pause(timedelta(hours=2)) == timedelta(hours=6)


def test_a_gap_that_has_not_ended_is_seen() -> None:
    feeds = [
        Watched("a", at(1), at(2), None, HOUR),
        Watched("b", at(2), at(2), None, HOUR),
        Watched("new", None, None, None, HOUR),
    ]
    assert open_gaps(feeds, at(2) + HOUR) == [Gap("a", at(1), at(2) + HOUR)]
    later = at(3)
    assert open_gaps(feeds, later) == [Gap("a", at(1), later), Gap("b", at(2), later), Gap(EVERYTHING, at(2), later)]


def test_a_feed_that_is_not_due_yet_does_not_mean_that_nothing_ran() -> None:
    patient = Watched("a", at(1), at(1), at(3), HOUR)
    assert Gap(EVERYTHING, at(1), at(2)) not in open_gaps([patient], at(2))
    assert Gap(EVERYTHING, at(1), at(4)) in open_gaps([patient], at(4))
