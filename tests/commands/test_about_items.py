"""What the command line, the pages and the API tell of an item, and of dates that cannot be read."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from browsing import Client, dashboard_with
from commandline import Monitor
from loopback import LOOPBACK, Answer, FeedServer

from monitor.config import load_config
from monitor.publishers.attribution import ORDER

LINK = "https://lantern.example/gates"
BAN = "Taliban ban women from universities"
DENIAL = "Taliban deny that they ban women from universities"
DATE = "Tue, 20 Dec 2022 12:00:00 GMT"


def serve(server: FeedServer, title: str = BAN, guid: str = "1", date: str = DATE) -> None:
    server.serve({"guid": guid, "title": title, "text": "Gates in Kabul were shut.", "date": date, "link": LINK})


def explained(monitor: Monitor) -> str:
    shown = monitor("explain", LINK)
    assert shown.code == 0
    return " ".join(shown.out.split())


def test_explain_says_who_published_an_item_and_in_what_order_that_was_decided(
    workspace: Path, server: FeedServer, monitor: Monitor
) -> None:
    serve(server)
    monitor("run", "--once")
    said = explained(monitor)
    assert "Test Agency (lantern.example), known by the site of its link, lantern.example" in said
    assert "step 5 decided, the first of these that tells of a publisher" in said
    for number, step in enumerate(ORDER, start=1):
        assert f"({number}) {step}" in said
    assert "recognised new when it came" in said
    assert "20 Dec 2022 12:00 UTC: its own date" in said
    assert "unstable" not in said
    about = json.loads(monitor("explain", LINK, "--format", "json").out)["about"]
    assert (about["publisher"], about["organisation"], about["decided_by_step"]) == (
        "Test Agency",
        "lantern.example",
        5,
    )
    assert about["order_of_steps"] == list(ORDER)


def test_explain_says_so_where_nothing_but_an_aggregator_is_told(
    workspace: Path, server: FeedServer, monitor: Monitor
) -> None:
    (workspace / "config.toml").write_text(f'{LOOPBACK}[[feeds]]\nurl = "{server.url()}"\npublisher = "Google News"\n')
    server.serve({"guid": "1", "title": BAN, "link": "https://news.google.com/rss/articles/CBM1"})
    monitor("run", "--once")
    said = " ".join(monitor("explain", "https://news.google.com/rss/articles/CBM1").out.split())
    assert "Google News (google-news), known by the feed alone" in said
    assert "none of these steps tells of more than an aggregator: (1)" in said


def test_explain_says_by_what_an_entry_was_recognised(workspace: Path, server: FeedServer, monitor: Monitor) -> None:
    serve(server)
    monitor("run", "--once")
    serve(server, guid="another")
    monitor("run", "--once")
    assert "recognised its link, title, text and date; its guid had changed" in explained(monitor)


def test_explain_says_since_when_an_item_is_unstable(workspace: Path, server: FeedServer, monitor: Monitor) -> None:
    for title in (BAN, DENIAL, BAN, DENIAL):
        serve(server, title)
        monitor("run", "--once")
    today = datetime.now(UTC)
    said = f"unstable since {today.day} {today:%b %Y} its publisher changes its words to and fro"
    assert said in explained(monitor)
    about = json.loads(monitor("explain", LINK, "--format", "json").out)["about"]
    assert about["unstable_since"].startswith(f"{today:%Y-%m-%d}")
    # What it said last was not read: the status does not go to and fro with it.
    assert len(json.loads(monitor("log", "--format", "json").out)) == 3


@pytest.mark.parametrize(
    ("date", "said", "mark"),
    [
        ("", "it bears no date; this is when it was first fetched", "missing"),
        ("the other day", "its own date cannot be read, so its deeds wait until it is dated", "unreadable"),
        ("Thu, 01 Jan 1970 00:00:00 GMT", "its own date makes no sense, so its deeds wait until it is dated", "absurd"),
    ],
)
def test_explain_says_what_the_date_rests_on(
    workspace: Path, server: FeedServer, monitor: Monitor, date: str, said: str, mark: str
) -> None:
    serve(server, date=date)
    monitor("run", "--once")
    assert said in explained(monitor)
    assert json.loads(monitor("explain", LINK, "--format", "json").out)["about"]["date_mark"] == mark


def test_the_page_and_the_api_say_the_same(workspace: Path, server: FeedServer, monitor: Monitor) -> None:
    serve(server, date="the other day")
    monitor("run", "--once")
    explained_as = json.loads(monitor("explain", LINK, "--format", "json").out)
    with dashboard_with(load_config(workspace / "config.toml")) as address:
        client = Client(address)
        page = " ".join(client.ask(f"/items/{explained_as['id']}").text.split())
        assert client.ask(f"/api/items/{explained_as['id']}").json()["about"] == explained_as["about"]
    for expected in (
        "known by the site of its link, lantern.example",
        "step 5 decided",
        "new when it came",
        "its own date cannot be read, so its deeds wait until it is dated",
    ):
        assert expected in page, expected


def test_feeds_check_says_which_dates_cannot_be_read(workspace: Path, server: FeedServer, monitor: Monitor) -> None:
    server.serve(
        {"guid": "1", "title": BAN, "date": "the other day"},
        {"guid": "2", "title": "It rained", "date": "some time ago"},
        {"guid": "3", "title": "It rained again", "date": DATE},
        {"guid": "4", "title": "It rained on"},
    )
    checked = monitor("feeds", "check")
    assert checked.code == 0
    said = " ".join(checked.out.split())
    assert "2 entries: the date cannot be read, as in “the other day”; deeds wait until they are dated" in said
    (told,) = json.loads(monitor("feeds", "check", "--format", "json").out)
    assert told["unread_dates"] == ["the other day", "some time ago"]
    assert told["newest"] == "20 Dec 2022"
    serve(server)
    assert "cannot be read" not in monitor("feeds", "check").out


def test_a_date_drives_no_terminal(workspace: Path, server: FeedServer, monitor: Monitor) -> None:
    entry = {"id": "1", "title": BAN, "date_published": "\x1b[2J\x9b31m the other day " + "x" * 5_000}
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "Feed", "items": [entry]}
    server.answers["/feed.xml"] = Answer(json.dumps(feed).encode(), headers={"Content-Type": "application/feed+json"})
    shown = monitor("feeds", "check").out
    assert "the other day" in shown
    assert not [char for char in shown if not char.isprintable() and char != "\n"]
    assert "x" * 100 not in shown


def test_doctor_says_how_many_dates_of_late_cannot_be_read(
    workspace: Path, server: FeedServer, monitor: Monitor
) -> None:
    server.serve(
        {"guid": "1", "title": BAN, "date": "the other day"},
        {"guid": "2", "title": "It rained", "date": "some time ago"},
        {"guid": "3", "title": "It rained again", "date": DATE},
    )
    monitor("run", "--once")
    checks = json.loads(monitor("doctor", "--format", "json").out)
    (dates,) = [check for check in checks if check["check"] == "dates"]
    assert dates["found"] == f"2 items of {server.url()} in 30 days: the date cannot be read, so deeds wait"
    assert f"`monitor feeds check {server.url()}` shows how it is written" in dates["cure"]
    # Nothing is broken here: it is the publisher who writes such dates.
    assert dates["well"]


def test_the_page_of_feeds_names_organisations_and_says_which_feeds_count_as_one(workspace: Path) -> None:
    sections = ("asia", "world")
    feeds = [f'[[feeds]]\nurl = "https://feeds.bbci.co.uk/{name}"\npublisher = "{name} today"\n' for name in sections]
    with (workspace / "config.toml").open("a") as config:
        config.write("".join(feeds))
    with dashboard_with(load_config(workspace / "config.toml")) as address:
        client = Client(address)
        page = " ".join(client.ask("/feeds").text.split())
        organisations = [feed["organisation"] for feed in client.ask("/api/feeds").json()]
    assert "2 feeds count as one publisher, BBC: https://feeds.bbci.co.uk/asia, https://feeds.bbci.co.uk/world" in page
    assert organisations == ["test agency", "bbc", "bbc"]
