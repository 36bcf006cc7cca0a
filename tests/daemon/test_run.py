"""The daemon as a process of its own: it watches, stops when told, and survives being killed."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from commandline import Monitor
from daemons import events, lines, running, wait_until
from databases import fetch
from loopback import LOOPBACK, FeedServer

HISTORY = Path(__file__).parent.parent / "history"
CONFIG = (
    LOOPBACK
    + """\
[daemon]
interval = "1s"
[log]
format = "json"
[[feeds]]
url = "{url}"
publisher = "Agency"
"""
)


@pytest.fixture
def watched(workspace: Path, server: FeedServer) -> Path:
    (workspace / "config.toml").write_text(CONFIG.format(url=server.url()))
    return workspace


def count(url: str, query: str) -> int:
    ((number,),) = fetch(url, query)
    return int(number)


def test_it_polls_on_its_interval_logs_changes_and_stops_on_sigterm(watched: Path, server: FeedServer) -> None:
    server.serve({"guid": "1", "title": "It rained"})
    with running(watched) as process:
        wait_until(lambda: len(server.requests) >= 2)
        server.serve({"guid": "2", "title": "Taliban ban women from universities"})
        wait_until(lambda: any(line["event"] == "status changed" for line in lines(watched)))
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 0
    events = [line["event"] for line in lines(watched)]
    assert events[-1] == "stopped"
    changed = next(line for line in lines(watched) if line["event"] == "status changed")
    assert (changed["condition"], changed["after"], changed["phase"]) == ("womens-rights", "breached", "pending")
    assert all("timestamp" in line and "level" in line for line in lines(watched))


def test_a_feed_that_is_down_is_logged_and_polled_again(watched: Path, server: FeedServer) -> None:
    with running(watched):
        wait_until(lambda: any(line["event"] == "feed failed" for line in lines(watched)))
        server.serve({"guid": "1", "title": "Taliban ban women from universities"})
        wait_until(lambda: any(line["event"] == "status changed" for line in lines(watched)))


def test_a_second_daemon_on_the_same_database_is_refused(watched: Path, server: FeedServer) -> None:
    server.serve({"guid": "1", "title": "It rained"})
    with running(watched):
        wait_until(lambda: bool(events(watched, "running")))
        second = subprocess.run(
            [sys.executable, "-m", "monitor", "run"], cwd=watched, capture_output=True, text=True, check=False
        )
    assert second.returncode == 2
    assert "another daemon watches with" in second.stderr


def test_a_wrong_configuration_starts_nothing(watched: Path) -> None:
    (watched / "config.toml").write_text("[daemon]\ninterval = 'never'\n")
    done = subprocess.run(
        [sys.executable, "-m", "monitor", "run"], cwd=watched, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "config.toml:2" in done.stderr
    assert "Traceback" not in done.stderr


def test_rules_changed_under_a_running_daemon_are_read_whole_or_not_at_all(
    watched: Path, server: FeedServer, monitor: Monitor
) -> None:
    server.serve({"guid": "1", "title": "The army of Northland closed the border crossing"})
    file = watched / "rules" / "uk-taliban-recognition.yaml"
    file.write_text((HISTORY / "rules.yaml").read_text())
    (watched / "rules" / "uk-taliban-recognition.test.yaml").unlink()
    sound = file.read_text()
    with running(watched) as process:
        wait_until(lambda: bool(events(watched, "status changed")))
        # Half-written, on purpose.
        file.write_text(sound[: len(sound) // 2 + 7])
        wait_until(lambda: bool(events(watched, "rules not reloaded; the last good ones stay in force")))
        shown = monitor("status")
        assert shown.code == 0
        assert "the last good ones stay in force" in " ".join(shown.out.split())
        assert "breached" in shown.out
        file.write_text(sound.replace("does: [close, shut, block]", "does: [block]"))
        wait_until(lambda: bool(events(watched, "rules reloaded")))
        wait_until(lambda: len(events(watched, "status changed")) == 2)
        process.send_signal(signal.SIGHUP)
        wait_until(lambda: bool(events(watched, "rules unchanged")))
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 0
    changed = events(watched, "status changed")[1]
    assert (changed["condition"], changed["after"], changed["cause"]) == ("crossing", "unknown", "rules")
    assert monitor("log", "verify", "--rebuild").code == 0
    # What cannot be used at all still stops a new run.
    file.write_text(sound[: len(sound) // 2 + 7])
    assert monitor("run", "--once").code == 2


def test_killed_at_any_moment_nothing_is_lost_and_nothing_doubled(
    watched: Path, server: FeedServer, monitor: Monitor, database_url: str
) -> None:
    """kill -9 at random moments against a feed that grows and edits its items, then an exact account."""
    entries: list[dict[str, str]] = []

    def grow(handler: object) -> None:
        number = len(entries)
        entries.append({"guid": f"g{number}", "title": f"Taliban ban women from university number {number}"})
        if number > 2 and number % 3 == 0:
            entries[number - 2]["title"] += " again"
        from loopback import rss

        body = rss(*entries[-40:])
        handler.send_response(200)  # type: ignore[attr-defined]
        handler.send_header("Content-Length", str(len(body)))  # type: ignore[attr-defined]
        handler.end_headers()  # type: ignore[attr-defined]
        handler.wfile.write(body)  # type: ignore[attr-defined]

    server.answers["/feed.xml"] = grow
    chance = random.Random(2021)
    for _ in range(int(os.environ.get("MONITOR_TEST_KILLS", "5"))):
        asked = len(server.requests)
        with running(watched):
            wait_until(lambda asked=asked: len(server.requests) > asked)  # type: ignore[misc]
            time.sleep(chance.random() * 0.08)
    server.serve(*entries)
    assert monitor("run", "--once").code == 0

    assert count(database_url, "SELECT count(*) FROM items") == len(entries)
    assert count(database_url, "SELECT count(*) FROM versions WHERE latest") == len(entries)
    titles = {entry["title"] for entry in entries}
    stored = {title for (title,) in fetch(database_url, "SELECT title FROM versions WHERE latest")}
    per_item = fetch(
        database_url, "SELECT item, count(*) FROM evidence WHERE withdrawn IS NULL GROUP BY item HAVING count(*) <> 1"
    )
    assert stored == titles
    assert per_item == []
    assert count(database_url, "SELECT count(*) FROM evidence WHERE withdrawn IS NULL") == len(entries)
    assert count(database_url, "SELECT count(*) FROM versions WHERE latest AND read_with = ''") == 0
    assert monitor("log", "verify").code == 0
    # One change; what rested on a wording that was edited meanwhile may have been upheld since.
    assert count(database_url, "SELECT count(*) FROM transitions WHERE before <> after") == 1
    assert count(database_url, "SELECT count(*) FROM transitions WHERE before = after AND cause <> 'edit'") == 0
    assert monitor("log", "verify", "--rebuild").code == 0
