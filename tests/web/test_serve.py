"""The dashboard as a process of its own, and inside the daemon."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from browsing import Client
from commandline import Monitor
from daemons import events, wait_until
from loopback import FeedServer


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


@contextmanager
def process(folder: Path, *command: str) -> Iterator[subprocess.Popen[str]]:
    with (folder / "stdout.log").open("w") as out, (folder / "stderr.log").open("w") as err:
        started = subprocess.Popen(
            [sys.executable, "-m", "monitor", *command], cwd=folder, stdout=out, stderr=err, text=True,
            env={**os.environ, "COLUMNS": "140"},
        )  # fmt: skip
        try:
            yield started
        finally:
            started.kill()
            started.wait()


def test_it_serves_until_it_is_told_to_stop(demo: Path) -> None:
    with process(demo, "serve", "--listen", "127.0.0.1:0") as serving:
        wait_until(lambda: "http://" in (demo / "stdout.log").read_text())
        found = re.search(r"http://[\d.:]+", (demo / "stdout.log").read_text())
        assert found is not None
        client = Client(found.group())
        assert "What recognition requires" in client.ask("/").text
        assert client.ask("/healthz").json()["status"] == "well"
        assert 'monitor_status{condition="womens-rights"' in client.ask("/metrics").text
        serving.send_signal(signal.SIGTERM)
        assert serving.wait(15) == 0


def test_a_port_that_is_taken_is_named_with_the_way_out(
    demo: Path, monitor: Monitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(demo)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ran = monitor("serve", "--listen", f"127.0.0.1:{taken.getsockname()[1]}")
    assert ran.code == 2
    assert "cannot be listened on (Address already in use)" in ran.err
    assert monitor("serve", "--listen", "nowhere").code == 2


def test_a_daemon_that_serves_shows_its_news_and_its_own_health(workspace: Path, server: FeedServer) -> None:
    port = free_port()
    own = f'[daemon]\ninterval = "1s"\nlongest_interval = "1s"\nlisten = ""\n[serve]\nlisten = "127.0.0.1:{port}"\n'
    (workspace / "config.toml").write_text(own + '[log]\nformat = "json"\n' + (workspace / "config.toml").read_text())
    server.serve({"guid": "1", "title": "Nothing happened in Kabul"})
    with process(workspace, "run", "--serve") as daemon:
        wait_until(lambda: bool(events(workspace, "running")))
        assert events(workspace, "dashboard")[0]["address"] == f"http://127.0.0.1:{port}"
        client = Client(f"http://127.0.0.1:{port}")
        before = client.ask("/api/stamp").json()
        server.serve({"guid": "2", "title": "Taliban ban women from universities"})
        wait_until(lambda: client.ask("/api/evidence").json()["total"] > 0)
        wait_until(lambda: client.ask("/api/stamp").json() != before)
        assert "Taliban ban women from universities" in client.ask("/").text
        health = client.ask("/healthz").json()
        assert (health["status"], health["feeds"]) == ("well", 1)
        assert "monitor_polls_total" in client.ask("/metrics").text
        daemon.send_signal(signal.SIGTERM)
        assert daemon.wait(20) == 0
