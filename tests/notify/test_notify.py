"""Telling people: what, when, in what words; none lost, none twice, nobody flooded, nothing taken for better news."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from datetime import time as clock_time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from commandline import Monitor
from daemons import LIBFAKETIME, events, running, wait_until
from databases import execute
from hypothesis import given
from hypothesis import strategies as st
from loopback import LOOPBACK, FeedServer

from monitor.manners.timing import GROUPING, Timing, retry_wait
from monitor.model import Cause, Phase, Status, Transition
from monitor.notify.template import default_template, render
from monitor.problem import Unusable
from monitor.report.change import change_from, harmless

LONDON = ZoneInfo("Europe/London")
UTC_ZONE = ZoneInfo("UTC")
BAN = {"guid": "1", "title": "Taliban ban women from universities"}
RAIN = {"guid": "0", "title": "It rained"}


class Webhook:
    """A service that takes messages, or refuses them."""

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []
        self.status = 200
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                if outer.status == 200:
                    outer.messages.append(body)
                self.send_response(outer.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.address = f"json://127.0.0.1:{self._server.server_port}/t0ps3cret"
        Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def webhook(monkeypatch: pytest.MonkeyPatch) -> Iterator[Webhook]:
    service = Webhook()
    monkeypatch.setenv("DESK", service.address)
    yield service
    service.close()


@pytest.fixture
def desk(workspace: Path, server: FeedServer) -> Path:
    """A workspace that tells a desk."""
    own = '[daemon]\ninterval = "1s"\nlongest_interval = "1s"\nlisten = ""\n[log]\nformat = "json"\n'
    feed = f'[[feeds]]\nurl = "{server.url()}"\npublisher = "Agency"\n'
    target = '[[notify]]\nname = "desk"\nurl = "env:DESK"\n'
    (workspace / "config.toml").write_text(LOOPBACK + own + feed + target)
    (workspace / "untold.toml").write_text(LOOPBACK + own + feed)
    return workspace


UNTOLD = ("--config", "untold.toml", "run", "--once")


def send(folder: Path, later: timedelta = timedelta(0)) -> list[Any]:
    """What the daemon's job sends, at this time or later."""
    from monitor.config import load_config
    from monitor.notify.send import send_due
    from monitor.store.database import open_store

    config = load_config(folder / "config.toml")
    store = open_store(config.database_url)
    try:
        return list(send_due(store, config, lambda: datetime.now(UTC) + later))
    finally:
        store.close()


HOUR = timedelta(hours=1)


def test_a_new_feed_is_a_baseline_and_a_new_target_starts_at_the_end(
    desk: Path, server: FeedServer, monitor: Monitor, webhook: Webhook
) -> None:
    server.serve(BAN)
    assert "breached" in monitor(*UNTOLD).out
    assert send(desk) == send(desk, HOUR) == []
    server.serve(BAN, {"guid": "2", "title": "Taliban reopen girls' schools"})
    monitor(*UNTOLD)
    assert send(desk) == []
    (sent,) = send(desk, HOUR)
    assert (sent.target, sent.error) == ("desk", "")
    (message,) = webhook.messages
    assert "contested" in message["title"] + message["message"]
    assert send(desk, HOUR) == []


def a_ban_is_reported(desk: Path, server: FeedServer, monitor: Monitor) -> None:
    """By a feed that was read before, so that it is news, and to a desk that has not been told yet."""
    server.serve(RAIN)
    monitor(*UNTOLD)
    send(desk)
    server.serve(RAIN, BAN)
    monitor(*UNTOLD)


def test_what_could_not_be_sent_is_sent_later_and_once(
    desk: Path, server: FeedServer, monitor: Monitor, webhook: Webhook
) -> None:
    a_ban_is_reported(desk, server, monitor)
    webhook.status = 503
    (failed,) = send(desk, HOUR)
    assert failed.error
    assert "t0ps3cret" not in failed.error
    shown = monitor("notify", "list").out
    assert "1 failure" in shown
    assert "t0ps3cret" not in shown
    assert "notification" in monitor("doctor").out
    webhook.status = 200
    # Not at once: a service that fails is asked ever more rarely.
    assert send(desk, HOUR) == []
    (sent,) = send(desk, 2 * HOUR)
    assert sent.error == ""
    assert len(webhook.messages) == 1
    assert "a second time" not in webhook.messages[0]["message"]
    assert send(desk, 3 * HOUR) == []


def test_a_message_that_was_interrupted_is_sent_again_and_says_so(
    desk: Path, server: FeedServer, monitor: Monitor, webhook: Webhook, database_url: str
) -> None:
    a_ban_is_reported(desk, server, monitor)
    execute(database_url, "UPDATE deliveries SET trying_seq = 1")
    send(desk, HOUR)
    assert "a second time" in webhook.messages[0]["message"]


def test_killed_at_any_moment_no_message_is_lost_and_a_repeated_one_says_so(
    desk: Path, server: FeedServer, monitor: Monitor, webhook: Webhook
) -> None:
    """kill -9 around the sending: every change arrives; what arrives twice says that it may."""
    server.serve(RAIN)
    monitor(*UNTOLD)
    send(desk)
    chance = random.Random(7)
    script = (
        "import sys; sys.path[:0] = sys.argv[1:]; from pathlib import Path; from datetime import timedelta; "
        "from test_notify import send; send(Path(), timedelta(hours=5))"
    )
    for number in range(int(os.environ.get("MONITOR_TEST_KILLS", "5")) // 5 + 2):
        deed = "ban women from" if number % 2 else "readmit women to"
        server.serve(RAIN, {"guid": f"g{number}", "title": f"Taliban {deed} universities"})
        monitor(*UNTOLD)
        sender = subprocess.Popen(
            [sys.executable, "-c", script, str(Path(__file__).parent), str(Path(__file__).parent.parent)]
        )
        time.sleep(0.6 + chance.random() * 1.2)
        sender.kill()
        sender.wait()
    send(desk, 9 * HOUR)
    assert send(desk, 20 * HOUR) == []
    log = [json.loads(line) for line in monitor("log", "export").out.splitlines()]
    changed = [e["seq"] for e in log if (e["before"], e.get("before_phase")) != (e["after"], e["phase"])]
    arrived = [seq for message in webhook.messages for seq in changed if f"entry {seq}\n" in message["message"] + "\n"]
    assert set(arrived) == set(changed)
    first = set()
    for message in webhook.messages:
        told = {seq for seq in changed if f"entry {seq}\n" in message["message"] + "\n"}
        assert "a second time" in message["message"] or not told & first
        first |= told


def test_a_single_round_tells_too_unless_a_daemon_does(
    desk: Path, server: FeedServer, monitor: Monitor, webhook: Webhook
) -> None:
    server.serve(RAIN)
    monitor("run", "--once")
    server.serve(RAIN, BAN)
    assert "desk told of 1 status change" in " ".join(monitor("run", "--once").out.split())
    assert len(webhook.messages) == 1
    again = json.loads(monitor("run", "--once", "--format", "json").out)
    assert again["notifications"] == []
    webhook.status = 500
    server.serve(RAIN, BAN, {"guid": "2", "title": "Taliban reopen girls' schools"})
    assert "desk not told" in " ".join(monitor("run", "--once").out.split())
    assert len(webhook.messages) == 1


@pytest.mark.skipif(not LIBFAKETIME, reason="setting the clock of a process needs libfaketime")
def test_the_daemon_tells_the_desk(desk: Path, server: FeedServer, monitor: Monitor, webhook: Webhook) -> None:
    server.serve(RAIN)
    with running(desk):
        wait_until(lambda: bool(events(desk, "feed polled")))
        server.serve(RAIN, BAN)
        wait_until(lambda: bool(events(desk, "status changed")))
    with running(desk, LD_PRELOAD=LIBFAKETIME, FAKETIME="+2h"):
        wait_until(lambda: bool(events(desk, "notification sent")))
    assert len(webhook.messages) == 1
    assert "t0ps3cret" not in (desk / "stderr.log").read_text()


def test_a_test_message_can_be_sent_and_a_preview_shown(
    desk: Path, server: FeedServer, monitor: Monitor, webhook: Webhook
) -> None:
    assert monitor("notify", "test").code == 0
    assert "can reach you" in webhook.messages[0]["title"]
    webhook.status = 500
    assert monitor("notify", "test", "desk").code == 1
    assert "did you mean" in monitor("notify", "test", "desc").err
    server.serve(BAN)
    monitor(*UNTOLD)
    shown = monitor("notify", "preview").out
    assert "“Taliban ban women from universities” (Agency" in shown


def test_a_template_of_ones_own_is_used_and_its_mistakes_are_named(
    desk: Path, server: FeedServer, monitor: Monitor, webhook: Webhook
) -> None:
    config = desk / "config.toml"
    config.write_text(config.read_text() + 'template = "mine.j2"\n')
    (desk / "mine.j2").write_text(
        "Hello\n{% for change in changes %}{{ change.title }} is {{ change.after }}{% endfor %}"
    )
    server.serve(BAN)
    monitor(*UNTOLD)
    shown = json.loads(monitor("notify", "preview", "--format", "json").out)[0]
    assert (shown["title"], "is breached" in shown["text"]) == ("Hello", True)
    (desk / "mine.j2").write_text("Hello\n{% for change in %}")
    broken = monitor("notify", "preview")
    assert broken.code == 2
    assert "mine.j2:2" in broken.err
    (desk / "mine.j2").write_text("{{ changes[0].nonsense }}")
    assert "nonsense" in monitor("notify", "preview").err
    (desk / "mine.j2").unlink()
    assert "mine.j2" in monitor("notify", "preview").err


def entry(before: Status, after: Status, cause: Cause, phase: Phase = Phase.CONFIRMED) -> Transition:
    moment = datetime(2026, 1, 5, tzinfo=UTC)
    return Transition(
        1, "rules", "schools", before, phase, after, phase, moment, None, moment, cause, "a reason", ("e1",), ""
    )


@pytest.mark.parametrize("cause", [c for c in Cause if c not in (Cause.NEWS, Cause.LATE_NEWS)])
@pytest.mark.parametrize("after", [Status.MET, Status.UNKNOWN])
def test_what_vanishes_is_never_told_as_something_better(cause: Cause, after: Status) -> None:
    change = change_from(entry(Status.BREACHED, after, cause), None, [])
    assert not change.is_news
    assert "no new deed was reported" in change.headline or "no news of anything better" in change.headline


def test_news_is_told_as_news_and_what_is_merely_upheld_not_at_all() -> None:
    change = change_from(entry(Status.BREACHED, Status.MET, Cause.NEWS), None, [])
    assert (change.is_news, change.headline) == (True, "met (confirmed), was breached")
    assert not entry(Status.MET, Status.MET, Cause.EDIT).changes_status


def test_a_title_from_a_feed_calls_nobody_and_links_to_nothing() -> None:
    assert "@everyone" not in harmless("@everyone look")
    assert harmless("<!channel> <https://evil|bank>") == "‹!channel› ‹https://evil|bank›"
    assert harmless("a\x1b[31m\nb") == "a [31m b"
    hostile = change_from(entry(Status.UNKNOWN, Status.MET, Cause.NEWS), None, [])
    message = render("{{ changes[0].reason }}", "x", [hostile])
    assert message.title == "a reason"


def test_a_template_cannot_reach_beyond_what_it_is_given() -> None:
    change = change_from(entry(Status.UNKNOWN, Status.MET, Cause.NEWS), None, [])
    for attempt in ("{{ changes.__class__.__mro__ }}", "{{ ''.__class__.__base__.__subclasses__() }}", "{{ 1/0 }}"):
        with pytest.raises(Unusable):
            render(attempt, "x", [change])
    assert render(default_template(), "x", [change, change]).title == "2 status changes"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


NIGHT = (clock_time(22), clock_time(7))


@pytest.mark.parametrize(
    ("timing", "since", "due"),
    [
        (Timing(UTC_ZONE), "2026-01-05 12:00", "2026-01-05 12:01"),
        (Timing(UTC_ZONE, quiet=NIGHT), "2026-01-05 21:58", "2026-01-05 21:59"),
        (Timing(UTC_ZONE, quiet=NIGHT), "2026-01-05 21:59", "2026-01-06 07:00"),
        (Timing(UTC_ZONE, quiet=NIGHT), "2026-01-06 03:00", "2026-01-06 07:00"),
        (Timing(UTC_ZONE, quiet=(clock_time(12), clock_time(13))), "2026-01-05 12:10", "2026-01-05 13:00"),
        (Timing(UTC_ZONE, digest=clock_time(8)), "2026-01-05 07:00", "2026-01-05 08:00"),
        (Timing(UTC_ZONE, digest=clock_time(8)), "2026-01-05 09:00", "2026-01-06 08:00"),
        (Timing(LONDON, digest=clock_time(8)), "2026-07-05 07:30", "2026-07-06 07:00"),
        # The night on which summer time begins skips 01:30, the one on which it ends has it twice.
        (Timing(LONDON, digest=clock_time(1, 30)), "2026-03-28 20:00", "2026-03-29 01:30"),
        (Timing(LONDON, digest=clock_time(1, 30)), "2026-10-24 20:00", "2026-10-25 00:30"),
        (Timing(LONDON, quiet=NIGHT), "2026-03-29 00:30", "2026-03-29 06:00"),
    ],
)
def test_when_people_are_told(timing: Timing, since: str, due: str) -> None:
    assert timing.due(at(since)) == at(due)


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    st.none() | st.times(),
    st.none() | st.tuples(st.times(), st.times()).filter(lambda pair: pair[0] != pair[1]),
    st.sampled_from(["UTC", "Europe/London", "Asia/Kabul", "Australia/Lord_Howe", "America/St_Johns"]),
)
def test_nobody_waits_for_more_than_a_day_and_an_hour(
    since: datetime, digest: clock_time | None, quiet: tuple[clock_time, clock_time] | None, zone: str
) -> None:
    timing = Timing(ZoneInfo(zone), digest, quiet)
    assert since <= timing.due(since) <= since + timedelta(hours=25) + GROUPING


def test_a_service_that_fails_is_asked_ever_more_rarely_but_always_again() -> None:
    waits = [retry_wait(n) for n in range(1, 200)]
    assert waits == sorted(waits)
    assert (waits[0], waits[-1]) == (timedelta(minutes=1), timedelta(hours=6))


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('url = "slack://token"', "env:NAME or file:PATH"),
        ('url = "env:X"\nquiet_hours = "22:00"', "22:00-07:00"),
        ('url = "env:X"\ndigest = "8 o\'clock"', "08:30"),
        ('url = "env:X"\ntimezone = "Europe/Nowhere"', "Europe/London"),
    ],
)
def test_a_mistake_in_the_settings_is_named_with_its_line(folder: Path, monitor: Monitor, line: str, said: str) -> None:
    (folder / "config.toml").write_text(f'[[notify]]\nname = "desk"\n{line}\n')
    refused = monitor("notify", "list")
    assert refused.code == 2
    assert said in refused.err
    assert "slack://token" not in refused.err
    assert f"config.toml:{3 + line.count(chr(10))}" in refused.err
