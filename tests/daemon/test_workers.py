"""Many workers on one PostgreSQL: every item once, every transition once, the chain whole, whoever dies."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from changing_feeds import ChangingFeeds, changing_feeds
from commandline import Monitor
from daemons import events, wait_until
from databases import database
from loopback import LOOPBACK
from sqlalchemy import text

from monitor.assess.log import first_break
from monitor.pipeline.rebuild import what_does_not_follow
from monitor.store.database import Store, open_store
from monitor.store.transitions import read_log
from monitor.store.unassessed import is_any_unassessed

KILLS = int(os.environ.get("MONITOR_TEST_KILLS", "4"))


@pytest.fixture
def postgresql(tmp_path: Path) -> Iterator[str]:
    with database("postgresql", tmp_path) as url:
        yield url


def configure(folder: Path, url: str, world: ChangingFeeds, more: str = "", spacing: float = 0) -> None:
    """A configuration whose feeds are those of ``world``, in ``folder`` with the starter rules."""
    tables = "".join(f'[[feeds]]\nurl = "{feed}"\npublisher = "Agency {n}"\n' for n, feed in enumerate(world.urls()))
    own = f'[monitor]\ndatabase = "{url}"\n[daemon]\ninterval = "1s"\nlongest_interval = "1s"\nlisten = ""\n'
    fetch = LOOPBACK.replace("host_spacing = 0", f"host_spacing = {spacing}")
    (folder / "config.toml").write_text(own + '[log]\nformat = "json"\n' + fetch + more + tables)


class Team:
    """Workers as processes of their own; each logs to a file of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.processes: dict[str, subprocess.Popen[str]] = {}

    def start(self, name: str, *before: str) -> None:
        place = self.folder / name
        place.mkdir(exist_ok=True)
        with (place / "stderr.log").open("a") as log:
            command = [*before, sys.executable, "-m", "monitor", "--config", str(self.folder / "config.toml"), "worker"]
            self.processes[name] = subprocess.Popen(command, cwd=self.folder, stderr=log, text=True)

    def kill(self, name: str, how: signal.Signals = signal.SIGKILL) -> int:
        self.processes[name].send_signal(how)
        return self.processes[name].wait(timeout=60)

    def events(self, name: str, event: str) -> list[dict[str, object]]:
        return events(self.folder / name, event)

    def leading(self) -> list[str]:
        """Who has led, the latest last."""
        led = [
            (max(str(e["timestamp"]) for e in self.events(name, "leading")), name)
            for name in self.processes
            if self.events(name, "leading")
        ]
        return [name for _, name in sorted(led)]


@contextmanager
def team(folder: Path) -> Iterator[Team]:
    workers = Team(folder)
    try:
        yield workers
    finally:
        for process in workers.processes.values():
            process.kill()
            process.wait()


def stored_titles(store: Store) -> Counter[str]:
    with store.read() as connection:
        return Counter(connection.scalars(text("SELECT title FROM versions")))


def is_settled(store: Store, world: ChangingFeeds) -> bool:
    """Whether everything that was published is stored and assessed."""
    with store.read() as connection:
        waiting = is_any_unassessed(connection)
    return not waiting and stored_titles(store) == world.titles()


def assert_sound(store: Store, world: ChangingFeeds) -> None:
    """Every item once, the log's chain whole, and every transition what the items entail."""
    assert stored_titles(store) == world.titles()
    with store.read() as connection:
        log = read_log(connection)
        assert first_break([entry.record() for entry in log]) is None
        assert any(entry.after.value == "breached" for entry in log)
        assert list(what_does_not_follow(connection, lambda *_: None)) == []
        found = connection.execute(text("SELECT item, signal, count(*) FROM evidence GROUP BY 1, 2")).all()
        assert all(number == 1 for _, _, number in found)


def test_workers_share_the_feeds_and_keep_one_log(folder: Path, monitor: Monitor, postgresql: str) -> None:
    assert monitor("init").code == 0
    with changing_feeds(feeds=30, hosts=15, listen="0.0.0.0", slow=0.05) as world, team(folder) as workers:
        configure(folder, postgresql, world)
        for name in ("one", "two", "three"):
            workers.start(name)
        store = open_store(postgresql)
        for _ in range(3):
            wait_until(lambda: is_settled(store, world))
            world.publish()
        wait_until(lambda: is_settled(store, world))
        assert [workers.kill(name, signal.SIGTERM) for name in workers.processes] == [0, 0, 0]
        assert len(workers.leading()) == 1
        assert all(workers.events(name, "feed polled") for name in workers.processes)
        assert world.most_at_once() == 1
        assert_sound(store, world)
        store.close()


def test_whoever_is_killed_nothing_is_lost_or_done_twice(folder: Path, monitor: Monitor, postgresql: str) -> None:
    chance = random.Random(2021)
    assert monitor("init").code == 0
    with changing_feeds(feeds=20, hosts=10, listen="0.0.0.0", slow=0.1) as world, team(folder) as workers:
        configure(folder, postgresql, world)
        for name in ("one", "two", "three"):
            workers.start(name)
        store = open_store(postgresql)
        wait_until(lambda: bool(workers.leading()))
        for number in range(KILLS):
            before = world.titles().total()
            world.publish()
            # In the middle of it, so that something is always under way; every second time whoever leads.
            enough = before - world.feeds // 2 + chance.randrange(world.feeds)
            wait_until(lambda enough=enough: stored_titles(store).total() >= enough, seconds=90)
            leaders = workers.leading()
            name = leaders[-1] if number % 2 and leaders else chance.choice(list(workers.processes))
            workers.kill(name)
            workers.start(name)
        world.publish()
        wait_until(lambda: is_settled(store, world), seconds=90)
        for name in workers.processes:
            workers.kill(name, signal.SIGTERM)
        assert_sound(store, world)
        store.close()
