"""Living with the network, the disk, the clock and an operator, as a process of its own."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from commandline import Monitor
from daemons import LIBFAKETIME, events, running, wait_until
from databases import fetch, url_in
from loopback import LOOPBACK, Answer, FeedServer, rss

from monitor.store.tables import metadata

BAN = {"guid": "1", "title": "Taliban ban women from universities"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def configure(folder: Path, *feeds: str, more: str = "") -> int:
    """Settings with these feeds; the port of health and metrics is returned."""
    port = free_port()
    tables = "".join(f'[[feeds]]\nurl = "{url}"\npublisher = "Agency"\n' for url in feeds)
    own = f'[daemon]\ninterval = "1s"\nlongest_interval = "1s"\nlisten = "127.0.0.1:{port}"\n[log]\nformat = "json"\n'
    (folder / "config.toml").write_text(LOOPBACK + own + more + tables)
    return port


def ask(port: int, page: str, host: str = "") -> tuple[int, str]:
    request = urllib.request.Request(f"http://127.0.0.1:{port}/{page}", headers={"Host": host} if host else {})
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def test_health_and_metrics_tell_an_operator_at_a_glance(workspace: Path, server: FeedServer) -> None:
    server.serve(BAN)
    server.answers["/missing.xml"] = Answer(status=404)
    port = configure(workspace, server.url(), server.url("/missing.xml"))
    with running(workspace):
        wait_until(lambda: bool(events(workspace, "status changed")) and bool(events(workspace, "feed failed")))
        status, body = ask(port, "healthz")
        assert (status, json.loads(body)["status"]) == (200, "well")
        assert json.loads(body)["feeds"] == 2
        status, page = ask(port, "metrics")
        assert ask(port, "metrics", host="evil.example")[0] == 403
        assert ask(port, "metrics", host=f"localhost:{port}")[0] == 200
    assert status == 200
    values = dict(line.rsplit(" ", 1) for line in page.splitlines() if not line.startswith("#"))
    assert float(values['monitor_polls_total{outcome="ok"}']) >= 1
    assert float(values['monitor_poll_failures_total{kind="http",status="404"}']) >= 1
    assert float(values['monitor_items_total{kind="new"}']) == 1
    assert float(values['monitor_evidence_total{stance="breach"}']) == 1
    assert float(values['monitor_feeds{health="well"}']) == 1
    assert float(values['monitor_feeds{health="failing"}']) == 1
    assert float(values["monitor_database_up"]) == 1
    where = 'condition="womens-rights",ruleset="uk-taliban-recognition"'
    assert float(values[f'monitor_status{{{where},status="breached"}}']) == 1
    assert float(values[f'monitor_status{{{where},status="met"}}']) == 0
    for name in ("monitor_poll_seconds_count", "monitor_poll_lag_seconds_count", "monitor_items_unread"):
        assert name in values


def test_a_port_that_is_taken_does_not_stop_the_watching(workspace: Path, server: FeedServer) -> None:
    server.serve(BAN)
    port = configure(workspace, server.url())
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        with running(workspace):
            wait_until(lambda: bool(events(workspace, "status changed")))
    assert events(workspace, "health and metrics are not served; set `listen` under [daemon]")


def test_systemd_is_told_when_it_is_ready_alive_and_stopping(workspace: Path, server: FeedServer) -> None:
    server.serve(BAN)
    configure(workspace, server.url())
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(workspace / "notify"))
        systemd.settimeout(20)
        heard: list[str] = []

        def hear(word: str) -> None:
            while word not in heard:
                heard.append(systemd.recv(1000).decode())

        with running(workspace, NOTIFY_SOCKET=str(workspace / "notify")) as process:
            hear("READY=1")
            hear("WATCHDOG=1")
            hear("STATUS=watching 1 feeds")
            process.send_signal(signal.SIGTERM)
            hear("STOPPING=1")
            assert process.wait(timeout=10) == 0


def test_a_feed_that_hangs_stops_no_other(workspace: Path, server: FeedServer) -> None:
    server.serve(BAN)
    server.answers["/hangs.xml"] = lambda handler: handler.rfile.read(1)  # type: ignore[func-returns-value]
    configure(workspace, server.url("/hangs.xml"), server.url())
    config = workspace / "config.toml"
    config.write_text(config.read_text().replace("[fetch]", '[fetch]\ntimeout = "4s"'))
    with running(workspace) as process:
        wait_until(lambda: len(events(workspace, "feed polled")) >= 2)
        assert not events(workspace, "feed failed")
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=40) == 0
    assert events(workspace, "stopped")[0]["failed"] == 0


def test_too_many_requests_slows_every_feed_of_the_host(workspace: Path, server: FeedServer) -> None:
    server.answers["/a.xml"] = Answer(status=429, headers={"Retry-After": "3600"})
    server.answers["/b.xml"] = Answer(rss(BAN))
    configure(workspace, server.url("/a.xml"), server.url("/b.xml"))
    with running(workspace):
        wait_until(lambda: bool(events(workspace, "feed failed")))
        asked = len(server.requests)
        wait_until(lambda: bool(events(workspace, "feed waits")))
    with running(workspace):
        # The host is left alone after a restart, too.
        wait_until(lambda: len(events(workspace, "feed waits")) >= 2)
    assert len(server.requests) <= asked + 1


def test_a_feed_is_told_nothing_of_another_and_an_unchanged_body_is_not_read_again(
    workspace: Path, server: FeedServer
) -> None:
    """A server without validators: the same bytes are known by their digest."""
    server.answers["/feed.xml"] = Answer(rss(BAN), headers={"Set-Cookie": "id=1; Path=/"})
    configure(workspace, server.url())
    with running(workspace):
        wait_until(lambda: any(e["outcome"] == "unchanged" for e in events(workspace, "feed polled")))
    assert all("Cookie" not in headers for _, headers in server.requests)


def test_validators_are_kept_only_of_what_could_be_read(workspace: Path, server: FeedServer) -> None:
    server.answers["/feed.xml"] = Answer(b"<html>maintenance</html>", headers={"ETag": '"broken"'})
    configure(workspace, server.url())
    with running(workspace):
        wait_until(lambda: len(server.requests) >= 2)
        server.answers["/feed.xml"] = Answer(rss(BAN), headers={"ETag": '"sound"'})
        wait_until(lambda: any(h.get("If-None-Match") == '"sound"' for _, h in server.requests))
    assert all(h.get("If-None-Match") != '"broken"' for _, h in server.requests)


def test_an_error_page_served_as_an_item_is_set_aside_and_can_be_released(
    workspace: Path, server: FeedServer, monitor: Monitor
) -> None:
    server.serve(BAN, {"guid": "2", "title": "Bridge returned error 503! (1)"})
    assert monitor("run", "--once").code == 0
    (held,) = json.loads(monitor("feeds", "quarantine", "--format", "json").out)
    assert held["title"] == "Bridge returned error 503! (1)"
    assert "1 entry in quarantine" in " ".join(monitor("feeds", "list").out.split())
    assert json.loads(monitor("feeds", "list", "--format", "json").out)[0]["items"] == 1
    assert monitor("feeds", "quarantine", "--release", "nonsense").code == 2
    assert monitor("feeds", "quarantine", "--release", held["id"]).code == 0
    assert monitor("run", "--once").code == 0
    assert json.loads(monitor("feeds", "list", "--format", "json").out)[0]["items"] == 2
    server.serve({"guid": "3", "title": "Just a moment..."})
    failed = json.loads(monitor("run", "--once", "--format", "json").out)["feeds"][0]
    assert (failed["outcome"], "error page" in failed["error"]) == ("failed", True)


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[Path]:
    """A file system of its own, which can be filled and made read-only."""
    place = folder / "disk"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("mounting a small disk needs root")
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def fill(file: Path) -> None:
    """Write until there is no room."""
    with file.open("wb", buffering=0) as filler, contextlib.suppress(OSError):
        while True:
            filler.write(b"x" * 4096)


def stored(database: Path) -> int:
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        return int(connection.execute("SELECT count(*) FROM items").fetchone()[0])


def as_root() -> bool:
    return os.geteuid() == 0


@pytest.mark.sqlite("a disk of its own that is full")
@pytest.mark.skipif(not as_root(), reason="mounting a small disk needs root")
def test_while_the_disk_is_full_it_waits_says_so_and_goes_on(
    workspace: Path, server: FeedServer, monitor: Monitor
) -> None:
    server.serve({"guid": "0", "title": "It rained"})
    with small_disk(workspace, "4m") as disk:
        port = configure(workspace, server.url(), more=f'[monitor]\ndatabase = "{disk}/monitor.db"\n')
        with running(workspace) as process:
            wait_until(lambda: bool(events(workspace, "feed polled")))
            fill(disk / "filler")
            server.serve(*({"guid": str(n), "title": f"Taliban ban women {n}", "text": "x" * 3000} for n in range(60)))
            wait_until(lambda: bool(events(workspace, "database failed; waiting until it works again")))
            status, body = ask(port, "healthz")
            assert (status, json.loads(body)["status"]) == (503, "ailing")
            assert "waiting for the database" in json.loads(body)["ailments"][0]
            asked = len(server.requests)
            wait_until(lambda: bool(events(workspace, "database still fails")))
            # While nothing can be stored, nobody is asked for anything.
            assert len(server.requests) == asked
            (disk / "filler").unlink()
            wait_until(lambda: bool(events(workspace, "database works again")))
            wait_until(lambda: stored(disk / "monitor.db") == 60)
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=20) == 0
        assert monitor("log", "verify", "--rebuild").code == 0


@pytest.mark.sqlite("a disk of its own that is read-only")
@pytest.mark.skipif(not as_root(), reason="making a file system read-only needs root")
def test_a_read_only_file_system_is_waited_for(workspace: Path, server: FeedServer, monitor: Monitor) -> None:
    server.serve(BAN)
    with small_disk(workspace, "4m") as disk:
        configure(workspace, server.url(), more=f'[monitor]\ndatabase = "{disk}/monitor.db"\n')
        assert monitor("init").code == monitor("status").code == 0
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        with running(workspace) as process:
            wait_until(lambda: bool(events(workspace, "database failed; waiting until it works again")))
            assert not server.requests
            subprocess.run(["mount", "-o", "remount,rw", str(disk)], check=True)
            wait_until(lambda: bool(events(workspace, "status changed")))
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=20) == 0


@pytest.mark.sqlite("a file that another program locks")
def test_a_database_that_somebody_else_locks_is_waited_for(
    workspace: Path, server: FeedServer, monitor: Monitor
) -> None:
    server.serve({"guid": "0", "title": "It rained"})
    configure(workspace, server.url())
    with running(workspace, MONITOR_DATABASE=f"sqlite:///{workspace}/monitor.db?timeout=1") as process:
        wait_until(lambda: bool(events(workspace, "feed polled")))
        with closing(sqlite3.connect(workspace / "monitor.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            server.serve(BAN)
            wait_until(lambda: bool(events(workspace, "database failed; waiting until it works again")))
            other.execute("ROLLBACK")
        wait_until(lambda: bool(events(workspace, "status changed")))
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 0


@pytest.mark.skipif(not LIBFAKETIME, reason="setting the clock of a process needs libfaketime")
@pytest.mark.parametrize("step", [-timedelta(days=1), timedelta(days=1)], ids=["back", "forward"])
def test_a_clock_that_somebody_sets_stops_nothing(
    workspace: Path, server: FeedServer, monitor: Monitor, step: timedelta
) -> None:
    server.serve({"guid": "0", "title": "It rained"})
    configure(workspace, server.url())
    clock = workspace / "clock"
    clock.write_text("+0s")
    faked = {
        "LD_PRELOAD": LIBFAKETIME,
        "FAKETIME_TIMESTAMP_FILE": str(clock),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }
    with running(workspace, **faked) as process:
        wait_until(lambda: len(events(workspace, "feed polled")) >= 2)
        (workspace / "next").write_text(f"{step.total_seconds():+.0f}s")
        (workspace / "next").replace(clock)
        wait_until(lambda: bool(events(workspace, "somebody set the clock")))
        polled = len(events(workspace, "feed polled"))
        server.serve(BAN)
        wait_until(lambda: len(events(workspace, "feed polled")) >= polled + 2)
        wait_until(lambda: bool(events(workspace, "status changed")))
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 0
    noticed = events(workspace, "somebody set the clock")[0]
    assert abs(float(str(noticed["by_seconds"])) - step.total_seconds()) < 5
    assert monitor("log", "verify", "--rebuild").code == 0


def test_a_hostile_title_reaches_no_terminal_and_breaks_no_log_line(workspace: Path, server: FeedServer) -> None:
    evil = "Taliban ban women from universities \x1b]0;owned\x07"
    server.answers["/feed.xml"] = Answer(
        json.dumps(
            {"version": "https://jsonfeed.org/version/1.1", "title": "x\x1b[2J", "items": [{"id": "1", "title": evil}]}
        ).encode(),
        headers={"Content-Type": "application/feed+json", "X-Reason": "x"},
    )
    configure(workspace, server.url())
    (workspace / "config.toml").write_text((workspace / "config.toml").read_text().replace('"json"', '"text"'))
    log = workspace / "stderr.log"
    with running(workspace):
        wait_until(lambda: log.exists() and "status changed" in log.read_text())
    shown = subprocess.run(
        [sys.executable, "-m", "monitor", "status", "womens-rights"], cwd=workspace, capture_output=True, check=False
    )
    for text in (log.read_bytes(), shown.stdout):
        assert b"\x1b]" not in text
        assert b"\x07" not in text
    assert b"owned" in shown.stdout


def test_secrets_are_nowhere_to_be_seen(
    workspace: Path, server: FeedServer, monitor: Monitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = configure(workspace)
    text = (workspace / "config.toml").read_text()
    feeds = f'[[feeds]]\nurl = "{server.url()}?key={{secret}}"\nsecret = "env:FEED_KEY"\n'
    (workspace / "config.toml").write_text(text + feeds)
    monkeypatch.setenv("FEED_KEY", "t0ps3cret")
    server.answers["/feed.xml?key=t0ps3cret"] = Answer(rss(BAN))
    with running(workspace, FEED_KEY="t0ps3cret"):
        wait_until(lambda: bool(events(workspace, "status changed")))
        server.answers["/feed.xml?key=t0ps3cret"] = Answer(status=500)
        wait_until(lambda: bool(events(workspace, "feed failed")))
        pages = ask(port, "metrics")[1] + ask(port, "healthz")[1]
    outputs = [monitor(*command).out for command in (("feeds", "list"), ("report",), ("doctor",), ("feeds", "export"))]
    everything = "".join([*outputs, pages, (workspace / "stderr.log").read_text()])
    assert "key={secret}" in everything
    assert "t0ps3cret" not in everything
    assert "t0ps3cret" not in str([fetch(url_in(workspace), f"SELECT * FROM {table}") for table in metadata.tables])


def test_a_password_in_an_address_is_refused_with_the_way_out(workspace: Path, monitor: Monitor) -> None:
    (workspace / "config.toml").write_text('[[feeds]]\nurl = "https://desk:secret@example.org/feed"\n')
    refused = monitor("run", "--once")
    assert refused.code == 2
    assert 'secret = "env:NAME"' in refused.err
    assert "desk:secret" not in refused.err


def test_the_unit_that_init_writes_is_one_that_systemd_accepts(folder: Path, monitor: Monitor) -> None:
    written = monitor("init", "--systemd", "desk")
    assert written.code == 0
    unit = folder / "desk" / "monitor.service"
    assert f"--config {folder}/desk/config.toml run" in unit.read_text()
    if shutil.which("systemd-analyze") is None:
        pytest.skip("no systemd-analyze here")
    checked = subprocess.run(["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stderr) == (0, "")


def test_a_plan_survives_a_restart(workspace: Path, server: FeedServer, monitor: Monitor) -> None:
    server.answers["/feed.xml"] = Answer(rss(BAN), headers={"Cache-Control": "max-age=7200"})
    assert monitor("run", "--once").code == 0
    (feed,) = json.loads(monitor("feeds", "list", "--format", "json").out)
    planned = datetime.fromisoformat(feed["next_at"]) - datetime.fromisoformat(feed["polled_at"])
    assert timedelta(hours=2) <= planned <= timedelta(hours=2.2)
    again: dict[str, Any] = json.loads(monitor("run", "--once", "--format", "json").out)["feeds"][0]
    assert (again["outcome"], "asked not to be asked" in again["error"]) == ("waiting", True)
    assert len(server.requests) == 1
