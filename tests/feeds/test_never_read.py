"""A feed that cannot be read is not a feed that says nothing: only a poll that succeeded counts as looking."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from commandline import Monitor
from loopback import Answer, FeedServer, rss
from replayed import rules

from monitor.config import Config, FeedConfig
from monitor.feeds.fetch import Fetched
from monitor.manners.state import Pace
from monitor.pipeline.absorb import absorb, read_waiting
from monitor.pipeline.receive import receive
from monitor.report.overview import Account, Row, read_overview
from monitor.report.wording import coverage_text, silence
from monitor.store.database import Store

DAY = timedelta(days=1)
START = datetime(2023, 5, 1, 6, tzinfo=UTC)
RAIN = {"guid": "0", "title": "It rained in Northland"}


def feed(number: int) -> FeedConfig:
    return FeedConfig(url=f"https://example.org/{number}.xml", publisher=f"Paper {number}", interval=DAY)


def poll(store: Store, polled: FeedConfig, moment: datetime, succeeds: bool) -> None:
    fetched = Fetched(rss(RAIN)) if succeeds else Fetched(error="the server answered 503")
    absorb(store, rules(), polled, receive(polled, fetched, moment), moment, Pace(DAY, DAY))


def poll_daily(store: Store, *histories: str) -> Config:
    """Poll each feed as its history says, a sign a day: ``+`` is read, ``-`` fails, ``.`` is not polled.

    What comes out are settings that name these feeds. Two days without a read are no gap yet, with a poll a day.
    """
    read_waiting(store, rules(), START)
    for day, signs in enumerate(zip(*histories, strict=True)):
        for number, sign in enumerate(signs):
            if sign != ".":
                poll(store, feed(number), START + day * DAY, sign == "+")
    return Config(feeds=tuple(feed(number) for number in range(len(histories))))


def seen(store: Store, config: Config, now: datetime, condition: str = "ceasefire") -> tuple[Row, Account]:
    """A condition that prohibits something, and the account, on reading at ``now``."""
    with store.read() as connection:
        overview = read_overview(connection, rules().rulesets, config, now)
    (view,) = overview.rulesets
    return next(row for row in view.rows if row.id == condition), overview.account


@pytest.mark.parametrize(
    ("case", "histories", "share"),
    [
        ("never polled", ["....."], 0),
        ("never read", ["-----"], 0),
        ("two, and none was ever read", ["-----", "..---"], 0),
        ("polled a moment ago for the first time, and not read", ["-"], 0),
        ("polled a moment ago for the first time, and read", ["+"], 1),
        ("two polled a moment ago, of which one was read", ["+", "-"], 1 / 2),
        ("the first two days failed", ["--+++"], 1 / 2),
        ("read every day", ["+++++"], 1),
        ("read, then failing for less than makes a gap", ["+++--"], 1),
        ("read once, then failing", ["+----"], 0),
        ("read in the end after failing", ["+---+"], 0),
        ("one good, one never read", ["+++++", "-----"], 1 / 2),
        ("one good, one never polled", ["+++++", "....."], 1),
        ("one good, another added later and read", ["+++++", "...++"], 1),
        ("one good, another added later and never read", ["+++++", "...--"], 4 / 5),
        ("one never read, another added later and read", ["-----", "...++"], 1 / 5),
    ],
)
def test_the_feeds_were_read_for_as_long_as_their_polls_succeeded(
    store: Store, case: str, histories: list[str], share: float
) -> None:
    config = poll_daily(store, *histories)
    row, account = seen(store, config, START + (len(histories[0]) - 1) * DAY)
    assert row.coverage.share == pytest.approx(share), case
    said = silence(row, account)
    assert ("no breach observed" in said) == (share >= 0.9), said
    if row.coverage.since is not None:
        assert f"read {round(share * 100)}% of the time since" in coverage_text(row.coverage)


def test_feeds_that_were_never_read_are_said_to_be_read_never(store: Store) -> None:
    config = poll_daily(store, "-----")
    row, account = seen(store, config, START + 4 * DAY)
    assert silence(row, account) == "the feeds were read 0% of the time since 1 May 2023, so nothing is known"
    assert coverage_text(row.coverage) == "feeds read 0% of the time since 1 May 2023"


def test_what_was_never_read_stays_unread_however_soon_it_is_read_then(store: Store) -> None:
    config = poll_daily(store, "-")
    poll(store, feed(0), START + timedelta(minutes=30), True)
    (gap,) = seen(store, config, START + timedelta(hours=1))[1].gaps
    assert (gap.feed, gap.ended - gap.began) == (feed(0).url, timedelta(minutes=30))
    row, _ = seen(store, config, START + timedelta(hours=1))
    assert row.coverage.share == pytest.approx(1 / 2)


def test_a_feed_that_was_taken_out_of_the_settings_does_not_count(store: Store) -> None:
    kept, removed = poll_daily(store, "-----", "+++++").feeds
    now = START + 4 * DAY
    assert seen(store, Config(feeds=(kept,)), now)[0].coverage.share == 0
    assert seen(store, Config(feeds=(removed,)), now)[0].coverage.share == 1
    row, account = seen(store, Config(feeds=(feed(7),)), now)
    assert (row.coverage.since, row.coverage.share) == (None, 0)
    assert silence(row, account) == "nobody has looked yet: no feed was polled"


def test_silence_speaks_of_no_time_before_the_first_poll(store: Store) -> None:
    read_waiting(store, rules(), START)
    removed, added = feed(0), feed(1)
    shelling = {"guid": "1", "title": "The army of Northland shelled a village"}
    absorb(store, rules(), removed, receive(removed, Fetched(rss(shelling)), START), START, Pace(DAY, DAY))
    later = START + 400 * DAY
    for day in range(5):
        poll(store, added, later + day * DAY, True)
    row, account = seen(store, Config(feeds=(added,)), later + 4 * DAY)
    # The deed has had its days long before the feed was added.
    assert row.standing.holds_from == START + 30 * DAY
    assert silence(row, account) == "no breach observed since 4 Jun 2024; the feeds were read 100% of that time"


@pytest.mark.parametrize(
    "answer",
    [Answer(status=403), Answer(b"<html><body>Please log in</body></html>", headers={"Content-Type": "text/html"})],
    ids=["refuses", "is no feed"],
)
def test_the_command_line_says_that_a_feed_that_always_fails_was_read_0_percent_of_the_time(
    workspace: Path, server: FeedServer, monitor: Monitor, answer: Answer
) -> None:
    server.answers["/feed.xml"] = answer
    for _ in range(2):
        assert monitor("run", "--once").code == 0
    for command in (
        ("status", "safe-passage"),
        ("status", "counter-terrorism"),
        ("report", "--format", "md"),
        ("report", "--format", "html"),
    ):
        said = monitor(*command).out
        assert "read 0% of the time" in said
        assert "read 100%" not in said
        assert "no breach observed" not in said
    (ruleset,) = json.loads(monitor("status", "--format", "json").out)["rulesets"]
    assert {one["coverage"]["share"] for one in ruleset["conditions"]} == {0}
