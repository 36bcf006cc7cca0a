"""What stands beside a status: coverage, failing and quiet feeds, the rules it was reached under."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from databases import ENGINE, database
from loopback import rss
from replayed import rules

from monitor.config import Config, FeedConfig
from monitor.feeds.fetch import Fetched
from monitor.manners.state import Pace
from monitor.match.lookup.compiled import CompiledRules
from monitor.pipeline.absorb import absorb, read_waiting
from monitor.pipeline.receive import receive
from monitor.report.overview import FolderRules, Overview, Row, read_overview
from monitor.report.wording import account_lines, fragile, outlook_text, silence, trouble, verdict_lines, words
from monitor.rules.ruleset import Ruleset
from monitor.store.database import Store, open_store

START = datetime(2022, 1, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
FEED = FeedConfig(url="https://example.org/a.xml", publisher="Herald", interval=HOUR)
OTHER = FeedConfig(url="https://example.org/b.xml", publisher="Courier", interval=HOUR)
CONFIG = Config(feeds=(FEED, OTHER))
CLOSED = {"guid": "1", "title": "The army of Northland closed the border crossing"}
RAIN = {"guid": "0", "title": "It rained in Northland"}


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Store]:
    with database(ENGINE, tmp_path) as url:
        store = open_store(url)
        read_waiting(store, rules(), START - HOUR)
        yield store
        store.close()


def poll(store: Store, moment: datetime, *entries: dict[str, str], feed: FeedConfig = FEED, error: str = "") -> None:
    fetched = Fetched(error=error) if error else Fetched(rss(*entries) if entries else rss(RAIN))
    absorb(store, rules(), feed, receive(feed, fetched, moment), moment, Pace(HOUR, HOUR))


def watch(store: Store, start: datetime, days: int) -> datetime:
    """Poll both feeds, which bring nothing, three times a day; when it was last done."""
    moment = start
    for turn in range(days * 8):
        moment = start + turn * 3 * HOUR
        for feed in (FEED, OTHER):
            poll(store, moment, feed=feed)
    return moment


def overview(store: Store, now: datetime, known_at: datetime | None = None) -> Overview:
    with store.read() as connection:
        return read_overview(connection, rules().rulesets, CONFIG, now, known_at=known_at)


def row(found: Overview, name: str) -> Row:
    (view,) = found.rulesets
    return next(row for row in (*view.rows, view.consequence) if row.id == name)


def test_not_looking_and_seeing_nothing_are_different_answers(watched: Store) -> None:
    assert silence(row(overview(watched, START), "ceasefire"), overview(watched, START).account).startswith(
        "nobody has"
    )
    last = watch(watched, START, days=4)
    seen = overview(watched, last)
    assert silence(row(seen, "ceasefire"), seen.account) == (
        "no breach observed since 1 Jan 2022; the feeds were read 100% of that time"
    )
    assert silence(row(seen, "crossing"), seen.account).startswith("no evidence since 1 Jan 2022; the feeds were read")
    later = overview(watched, last + 12 * DAY)
    assert silence(row(later, "ceasefire"), later.account) == (
        "no evidence since 1 Jan 2022, but the feeds were read only 24% of that time"
    )


def test_a_time_at_which_the_monitor_stood_still_stays_a_gap(watched: Store) -> None:
    last = watch(watched, START, days=2)
    resumed = last + 2 * DAY + HOUR
    seen = overview(watched, watch(watched, resumed, days=2))
    (stop,) = seen.account.stops
    assert (stop.began - last < HOUR, stop.ended) == (True, resumed)
    assert any("stood still 1 time, the longest for 2 days" in line for line in account_lines(seen.account))
    assert row(seen, "ceasefire").coverage.stops == (stop,)


def test_a_status_that_rests_on_a_failing_feed_says_so(watched: Store) -> None:
    poll(watched, START, CLOSED)
    poll(watched, START, feed=OTHER)
    for hours in (1, 2):
        poll(watched, START + hours * HOUR, error="the server answered 500")
        poll(watched, START + hours * HOUR, feed=OTHER)
    seen = overview(watched, START + 2 * HOUR)
    assert trouble(row(seen, "crossing")) == "rests on a feed that fails"
    (line,) = [line for line in account_lines(seen.account) if line.startswith("failing")]
    assert line.startswith("failing since 1 Jan 2022 13:00 UTC: https://example.org/a.xml (the server answered 500)")
    assert line.endswith("resting on it: crossing")
    assert trouble(row(seen, "ceasefire")) == ""


def test_a_status_whose_sources_have_gone_quiet_says_so(watched: Store) -> None:
    poll(watched, START, CLOSED)
    for day in range(1, 21):
        poll(watched, START + day * DAY, CLOSED)
    assert trouble(row(overview(watched, START + 10 * DAY), "crossing")) == ""
    assert trouble(row(overview(watched, START + 20 * DAY), "crossing")) == "its sources have gone quiet"


def test_a_status_that_rests_on_one_story_or_one_agency_says_so(watched: Store) -> None:
    poll(watched, START, CLOSED)
    assert fragile(row(overview(watched, START), "crossing")) == "rests on one story"
    agency = [
        {"guid": "2", "title": "Lorries turn back as Northland army shuts crossing", "source": "Post",
         "text": "CAPITAL (AP) — Drivers waited for hours in the snow, one of them said."},
        {"guid": "3", "title": "Snow, and a gate: Northland army blocks the border", "source": "Times",
         "text": "CAPITAL (AP) — Nobody came through at the bridge, a guard told this reporter."},
    ]  # fmt: skip
    poll(watched, START + 60 * DAY, *agency)
    with watched.read() as connection:
        seen = read_overview(connection, rules().rulesets, CONFIG, START + 61 * DAY)
    assert row(seen, "crossing").standing.phase == "pending"
    assert row(seen, "crossing").stories == 3
    assert fragile(row(seen, "crossing")) == ""


def test_several_papers_with_one_agencys_reports_are_one_agency(watched: Store) -> None:
    for number, (paper, said) in enumerate([("Post", "Drivers waited in the snow."), ("Times", "A guard shrugged.")]):
        title = ("Lorries turn back as Northland army shuts crossing", "Snow, and a gate: Northland army blocks border")
        told = {"guid": f"{number}", "title": title[number], "source": paper, "text": f"CAPITAL (AP) — {said}"}
        poll(watched, START + number * HOUR, told)
    seen = row(overview(watched, START + 2 * HOUR), "crossing")
    assert (seen.stories, seen.publishers, seen.standing.phase) == (2, ("Times", "Post"), "pending")
    assert fragile(seen) == "rests on one wire agency, AP"


def test_what_was_known_on_a_day_is_judged_by_the_rules_in_force_on_that_day(watched: Store) -> None:
    poll(watched, START, CLOSED)
    data = rules().rulesets[0].model_dump(by_alias=True, mode="json")
    data["conditions"]["crossing"]["confirm"] = {"publishers": 1, "within": "14d"}
    data["conditions"]["crossing"]["title"] = "The crossing is open, said once"
    changed = CompiledRules([Ruleset.model_validate(data)])
    read_waiting(watched, changed, START + DAY)
    with watched.read() as connection:
        now = read_overview(connection, changed.rulesets, CONFIG, START + 2 * DAY)
        then = read_overview(connection, changed.rulesets, CONFIG, START + 2 * DAY, known_at=START + HOUR)
        stale = read_overview(connection, rules().rulesets, CONFIG, START + 2 * DAY)
    assert (row(now, "crossing").standing.phase, row(then, "crossing").standing.phase) == ("confirmed", "pending")
    assert then.rulesets[0].ruleset.digest == rules().rulesets[0].digest
    # Whatever lies in the folder, what is shown is what is in force, and the account says that they differ.
    assert row(stale, "crossing").standing.phase == "confirmed"
    assert (now.account.folder, stale.account.folder) == (FolderRules.IN_FORCE, FolderRules.CHANGED)


def test_words_are_counted_beside_the_status_and_the_way_ahead_is_told(watched: Store) -> None:
    pledge = {"guid": "4", "title": "Northland's army promises to reopen the crossing", "source": "Post"}
    poll(watched, START, CLOSED)
    poll(watched, START + HOUR, pledge, feed=OTHER)
    seen = overview(watched, START + 2 * HOUR)
    assert words(row(seen, "crossing")) == "1 pledge in 1 report since, no deed"
    assert outlook_text(row(seen, "crossing")) == (
        "1 more independent publisher by 15 Jan 2022 would confirm breached; "
        "holds until 2 independent publishers report crossing-opened"
    )
    first, second, third = verdict_lines(seen.rulesets[0])
    assert first == "What talks requires is not met: 0 of 2 conditions met"
    assert second == "In the way: crossing, ceasefire"
    assert third.startswith("2 changes away; the nearest: crossing, 2 more independent publishers")
