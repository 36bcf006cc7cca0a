"""Upkeep: subscriptions in and out, copies, forgetting, and what the doctor finds."""

from __future__ import annotations

import json
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from commandline import Monitor
from daemons import events, running, wait_until
from databases import ENGINE, database, execute, fetch
from hypothesis import given
from hypothesis import strategies as st
from loopback import LOOPBACK, Answer, FeedServer

from monitor.feeds.opml import NotAList, Subscription, read_opml, write_opml
from monitor.store.backup import back_up
from monitor.store.database import Store, open_store
from monitor.store.retention import forget

BAN = {"guid": "ban", "title": "Taliban ban women from universities"}
OPML = """<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0"><head><title>Mine</title></head><body>
  <outline text="Asia"><outline type="rss" text="Khaama &amp; Co" xmlUrl="https://khaama.example/feed" /></outline>
  <outline type="rss" text="Again" xmlUrl="https://khaama.example/feed"/>
  <outline type="rss" text="A file" xmlUrl="file:///etc/passwd"/>
  <outline type="rss" text="A path" xmlUrl="/etc/passwd"/>
  <outline type="rss" text="Secret" xmlUrl="https://me:pass@example.org/feed"/>
  <outline type="rss" text="Known" xmlUrl="{known}"/>
</body></opml>"""


def test_subscriptions_come_from_a_feed_reader_and_go_back(
    workspace: Path, server: FeedServer, monitor: Monitor
) -> None:
    (workspace / "mine.opml").write_text(OPML.format(known=server.url()))
    done = json.loads(monitor("feeds", "import", "mine.opml", "--format", "json").out)
    assert (done["added"], done["known"]) == (["https://khaama.example/feed"], 1)
    assert sorted(done["refused"]) == ["/etc/passwd", "file:///etc/passwd", "https://me:pass@example.org/feed"]
    feeds = json.loads(monitor("feeds", "list", "--format", "json").out)
    assert [(feed["url"], feed["publisher"]) for feed in feeds] == [
        (server.url(), "Test Agency"),
        ("https://khaama.example/feed", "khaama.example"),
    ]
    exported = monitor("feeds", "export").out
    assert read_opml(exported.encode()) == [
        Subscription(server.url(), "Test Agency"),
        Subscription("https://khaama.example/feed", "khaama.example"),
    ]
    again = monitor("feeds", "import", "mine.opml")
    assert again.code == 0
    assert "added 0 feeds" in " ".join(again.out.split())


SECTIONS = """<opml version="2.0"><body>
  <outline type="rss" text="Daily News - Asia" xmlUrl="http://feeds.example/1" htmlUrl="https://www.daily.example/asia"/>
  <outline type="rss" text="Daily News - World" xmlUrl="http://feeds.example/2" htmlUrl="https://daily.example/"/>
  <outline type="rss" text="BBC News - Asia" xmlUrl="https://feeds.bbci.co.uk/news/world/asia/rss.xml"/>
  <outline type="rss" text="World Service" xmlUrl="http://feeds.example/3" htmlUrl="https://www.bbc.com/worldservice"/>
  <outline type="rss" text="Kabul - Google News" xmlUrl="https://news.google.com/rss/search?q=kabul"/>
</body></opml>"""


def test_sections_of_one_paper_are_imported_as_one_publisher(workspace: Path, monitor: Monitor) -> None:
    (workspace / "sections.opml").write_text(SECTIONS)
    done = json.loads(monitor("feeds", "import", "sections.opml", "--format", "json").out)
    assert list(done["publishers"].values()) == ["daily.example", "daily.example", "BBC", "BBC", ""]
    assert {name: len(feeds) for name, feeds in done["count_as_one"].items()} == {"daily.example": 2, "BBC": 2}
    listed = " ".join(monitor("feeds", "list").out.split())
    assert "2 feeds count as one publisher, BBC: https://feeds.bbci.co.uk/news/world/asia/rss.xml" in listed
    feeds = json.loads(monitor("feeds", "list", "--format", "json").out)
    assert [feed["organisation"] for feed in feeds[1:5]] == ["daily.example", "daily.example", "bbc", "bbc"]
    examined = " ".join(monitor("doctor").out.split())
    assert "2 feeds count as one publisher, daily.example" in examined


def test_what_is_imported_says_which_feeds_count_as_one(workspace: Path, monitor: Monitor) -> None:
    (workspace / "sections.opml").write_text(SECTIONS)
    said = " ".join(monitor("feeds", "import", "sections.opml").out.split())
    assert "2 feeds count as one publisher, daily.example: http://feeds.example/1, http://feeds.example/2" in said
    assert "1 feed of aggregators: each entry counts for the publisher that it names" in said


def test_one_publisher_alone_cannot_confirm_and_doctor_says_so(workspace: Path, monitor: Monitor) -> None:
    one = " ".join(monitor("doctor").out.split())
    assert "1 publisher in 1 feed: no status can be confirmed by one alone" in one
    sections = ("asia", "world")
    feeds = [f'[[feeds]]\nurl = "https://daily.example/{name}"\npublisher = "Daily {name}"\n' for name in sections]
    (workspace / "config.toml").write_text("".join(feeds))
    two = " ".join(monitor("doctor").out.split())
    assert "1 publisher in 2 feeds: no status can be confirmed by one alone; 2 feeds count as one publisher" in two
    (workspace / "config.toml").write_text("".join(feeds) + '[[feeds]]\nurl = "https://gate.example/"\n')
    enough = " ".join(monitor("doctor").out.split())
    assert "2 publishers in 3 feeds; 2 feeds count as one publisher, Daily asia" in enough
    # Who publishes what an aggregator carries is not known beforehand.
    (workspace / "config.toml").write_text('[[feeds]]\nurl = "https://news.google.com/rss"\n')
    carried = " ".join(monitor("doctor").out.split())
    assert "0 publishers in 0 feeds, and 1 feed of aggregators" in carried
    assert "confirmed by one alone" not in carried


def test_a_second_feed_of_a_publisher_is_added_with_a_word(workspace: Path, monitor: Monitor) -> None:
    first = monitor("feeds", "add", "https://feeds.bbci.co.uk/asia", "--publisher", "BBC")
    assert "count as one" not in first.out
    second = " ".join(monitor("feeds", "add", "https://feeds.example/bbc", "--publisher", "BBC News").out.split())
    assert "2 feeds count as one publisher, BBC: https://feeds.bbci.co.uk/asia, https://feeds.example/bbc" in second
    other = monitor("feeds", "add", "https://gate.example/", "--publisher", "Gate")
    assert "count as one" not in other.out


@pytest.mark.parametrize("text", ["", "https://example.org/feed", "<opml><body/></opml>", "<html>no</html>", "\xff"])
def test_what_is_no_subscription_list_is_refused(folder: Path, workspace: Path, monitor: Monitor, text: str) -> None:
    (folder / "list.opml").write_bytes(text.encode("latin-1"))
    refused = monitor("feeds", "import", "list.opml")
    assert refused.code == 2
    assert "list.opml" in refused.err
    assert monitor("feeds", "import", "missing.opml").code == 2


def test_a_list_that_is_an_address_is_not_fetched(server: FeedServer) -> None:
    with pytest.raises(NotAList):
        read_opml(server.url().encode())
    assert not server.requests


@given(st.lists(st.tuples(st.text(), st.integers(0, 10**6)), max_size=8, unique_by=lambda pair: pair[1]))
def test_every_list_that_is_written_can_be_read(pairs: list[tuple[str, int]]) -> None:
    feeds = [Subscription(f"https://example.org/{number}?a=1&b=2", title) for title, number in pairs]
    document = write_opml("Feeds", feeds, datetime(2026, 1, 1, tzinfo=UTC)).encode()
    if feeds:
        assert [feed.url for feed in read_opml(document)] == [feed.url for feed in feeds]


def test_a_backup_made_while_the_daemon_runs_is_whole(workspace: Path, server: FeedServer, monitor: Monitor) -> None:
    server.serve(BAN)
    config = (workspace / "config.toml").read_text()
    own = '[daemon]\ninterval = "1s"\nlongest_interval = "1s"\nlisten = ""\n[log]\nformat = "json"\n'
    (workspace / "config.toml").write_text(own + config)
    with running(workspace):
        wait_until(lambda: bool(events(workspace, "status changed")))
        made = monitor("backup", "copy.db")
        assert made.code == 0
        assert "up to entry 1 of the status log" in made.out
    assert not (workspace / "copy.db-wal").exists()
    assert not (workspace / ".copy.db.partial").exists()
    (workspace / "config.toml").write_text(f'[monitor]\ndatabase = "copy.db"\n{config}')
    assert monitor("log", "verify", "--rebuild").code == 0
    assert "breached" in monitor("status").out
    again = monitor("backup", "copy.db")
    assert (again.code, "never overwrites" in again.err) == (2, True)
    nowhere = monitor("backup", "no/such/folder/copy.db")
    assert (nowhere.code, "Traceback" in nowhere.err) == (2, False)


def test_a_backup_of_postgresql_can_be_restored(tmp_path: Path) -> None:
    if shutil.which("pg_dump") is None:
        pytest.skip("no pg_dump here")
    with database("postgresql", tmp_path) as url:
        store = open_store(url)
        try:
            assert back_up(store, tmp_path / "copy.dump") == 0
        finally:
            store.close()
        listed = subprocess.run(
            ["pg_restore", "--list", str(tmp_path / "copy.dump")], capture_output=True, text=True, check=True
        )
    assert "TABLE DATA public transitions" in listed.stdout


def test_forgetting_takes_what_nothing_rests_on_and_nothing_else(
    workspace: Path, server: FeedServer, monitor: Monitor, database_url: str
) -> None:
    old = {"guid": "old", "title": "It rained last year"}
    served = {"guid": "served", "title": "It rains for ever"}
    server.serve(BAN, old, served)
    monitor("run", "--once")
    execute(database_url, "UPDATE items SET first_seen = '2020-01-01 00:00:00', served_at = '2020-01-01 00:00:00'")
    execute(database_url, "UPDATE feed_entries SET served_at = '2020-01-01 00:00:00'")
    execute(database_url, "UPDATE polls SET at = '2020-01-01 00:00:00'")
    execute(database_url, "UPDATE feeds SET body_digest = ''")
    server.serve(served)
    monitor("run", "--once")
    store = open_store(database_url)
    with store.write() as connection:
        forgotten = forget(connection, datetime.now(UTC), timedelta(days=30), timedelta(days=30))
    store.close()
    assert (forgotten.items, forgotten.polls, forgotten.more) == (1, 0, False)
    left = {title for (title,) in fetch(database_url, "SELECT title FROM versions")}
    assert left == {BAN["title"], served["title"]}
    assert monitor("log", "verify", "--rebuild").code == 0
    # What is still served stays, however long it has not changed.
    store = open_store(database_url)
    with store.write() as connection:
        assert forget(connection, datetime.now(UTC) + timedelta(days=900), timedelta(days=30), None).items == 0
    store.close()
    server.serve(BAN, served)
    done = json.loads(monitor("run", "--once", "--format", "json").out)
    assert (done["feeds"][0]["new"], done["transitions"]) == (0, [])


def test_the_first_poll_is_remembered_for_ever(store: Store) -> None:
    from monitor.store.feeds import Poll, add_polls
    from monitor.store.gaps import watched_since

    first = datetime(2020, 1, 1, tzinfo=UTC)
    with store.write() as connection:
        for day in range(100):
            add_polls(connection, [Poll("u", first + timedelta(days=day), "ok")])
        assert forget(connection, first + timedelta(days=100), None, timedelta(days=30)).polls == 69
        assert watched_since(connection) == first


def test_the_daemon_forgets_what_the_settings_say(
    workspace: Path, server: FeedServer, monitor: Monitor, database_url: str
) -> None:
    server.serve({"guid": "old", "title": "It rained"})
    monitor("run", "--once")
    execute(database_url, "UPDATE items SET first_seen = '2020-01-01 00:00:00', served_at = '2020-01-01 00:00:00'")
    server.serve()
    config = (workspace / "config.toml").read_text()
    own = '[daemon]\nlisten = ""\n[log]\nformat = "json"\n[retention]\nitems = "400d"\npolls = "90d"\n'
    (workspace / "config.toml").write_text(own + config)
    with running(workspace):
        wait_until(lambda: bool(events(workspace, "forgotten")))
    assert events(workspace, "forgotten")[0]["items"] == 1


def test_so_short_a_memory_is_refused(folder: Path, monitor: Monitor) -> None:
    (folder / "config.toml").write_text('[retention]\nitems = "2d"\n')
    refused = monitor("doctor")
    assert refused.code == 1
    assert "30d or more" in refused.out


def test_the_doctor_names_what_is_wrong_and_the_cure(
    workspace: Path, server: FeedServer, monitor: Monitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.answers["/gone.xml"] = Answer(status=410)
    server.answers["/error.xml"] = Answer(b"")
    server.serve({"guid": "1", "title": "Access denied"}, BAN)
    feeds = "".join(f'[[feeds]]\nurl = "{server.url(path)}"\n' for path in ("/gone.xml", "/error.xml", "/feed.xml"))
    secrets = '[[feeds]]\nurl = "https://example.org/{secret}"\nsecret = "env:NO_SUCH_SECRET"\n'
    target = '[[notify]]\nname = "desk"\nurl = "file:desk.txt"\n'
    (workspace / "config.toml").write_text(LOOPBACK + feeds)
    (workspace / "desk.txt").write_text("json://127.0.0.1:1/x\n")
    (workspace / "desk.txt").chmod(0o644)
    monitor("run", "--once")
    (workspace / "config.toml").write_text(LOOPBACK + feeds + secrets + target)
    (workspace / "config.toml").chmod(0o666)
    found = monitor("doctor")
    assert found.code == 1
    said = " ".join(found.out.split())
    for expected in (
        "the secret env:NO_SUCH_SECRET is empty or not set",
        "export NO_SUCH_SECRET=…",
        "desk.txt can be read by other users",
        "chmod 600",
        "config.toml can be changed by anybody",
        "/gone.xml is retired",
        "/error.xml is failing",
        "1 entry set aside as error pages",
        "none runs on this database",
        # A server's disk is the server's business.
        *(["GB are free"] if ENGINE == "sqlite" else []),
        "is sound and can be written to",
    ):
        assert expected in said, expected


def test_the_doctor_sees_a_daemon_that_runs(workspace: Path, server: FeedServer, monitor: Monitor) -> None:
    server.serve(BAN)
    config = (workspace / "config.toml").read_text()
    (workspace / "config.toml").write_text(f'[log]\nformat = "json"\n{config}')
    with running(workspace):
        wait_until(lambda: bool(events(workspace, "running")))
        assert "it runs" in monitor("doctor").out
    assert "none runs" in monitor("doctor").out
