"""Many workers on one PostgreSQL: every item once, every transition once, the chain whole, whoever dies."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from changing_feeds import ChangingFeeds, changing_feeds
from clusters import cluster
from commandline import Monitor
from daemons import LIBFAKETIME, events, wait_until
from databases import database, fetch
from sqlalchemy import text

from monitor.assess.log import first_break
from monitor.pipeline.rebuild import what_does_not_follow
from monitor.store.database import Store, open_store
from monitor.store.transitions import read_log
from monitor.store.unassessed import is_any_unassessed

FAILED = "queue failed; waiting until it works again"
# Seconds after which somebody else leads, as the README promises: of a worker that was cut off, and of one that died.
TAKEN_OVER, DIED = 30, 10
KILLS = int(os.environ.get("MONITOR_TEST_KILLS", "1"))
outage = pytest.mark.skipif(
    "MONITOR_TEST_OUTAGES" not in os.environ, reason="half a minute of waiting; asked for with MONITOR_TEST_OUTAGES=1"
)


@pytest.fixture
def postgresql(tmp_path: Path) -> Iterator[str]:
    with database("postgresql", tmp_path) as url:
        yield url


def configure(folder: Path, url: str, world: ChangingFeeds, spacing: float = 0) -> None:
    """A configuration whose feeds are those of ``world``, in ``folder`` with the starter rules."""
    tables = "".join(f'[[feeds]]\nurl = "{feed}"\npublisher = "Agency {n}"\n' for n, feed in enumerate(world.urls()))
    here = urlsplit(world.urls()[0]).hostname
    own = f'[monitor]\ndatabase = "{url}"\n[daemon]\ninterval = "1s"\nlongest_interval = "1s"\nlisten = ""\n'
    fetch = f'[fetch]\nallow_addresses = ["127.0.0.0/8", "{here}/32"]\nhost_spacing = {spacing}\n'
    (folder / "config.toml").write_text(own + '[log]\nformat = "json"\n' + fetch + tables)


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
            # The settings name the database, whichever engine the tests run on.
            own = {key: value for key, value in os.environ.items() if key != "MONITOR_DATABASE"}
            self.processes[name] = subprocess.Popen(command, cwd=self.folder, stderr=log, text=True, env=own)

    def kill(self, name: str, how: signal.Signals = signal.SIGKILL) -> int:
        self.processes[name].send_signal(how)
        return self.processes[name].wait(timeout=60)

    def events(self, name: str, event: str) -> list[dict[str, object]]:
        return events(self.folder / name, event)

    def have_all_polled(self) -> bool:
        return all(self.events(name, "feed polled") for name in self.processes)

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
        wait_until(lambda: is_settled(store, world) and workers.have_all_polled())
        (leader,) = workers.leading()
        workers.kill(leader)
        wait_until(lambda: len(workers.leading()) == 2, seconds=DIED)
        assert [workers.kill(name, signal.SIGTERM) for name in workers.processes if name != leader] == [0, 0]
        assert world.most_at_once() == 1
        assert_sound(store, world)
        store.close()


def test_whoever_leads_next_leads_with_the_rules_as_they_are_now(
    folder: Path, monitor: Monitor, postgresql: str
) -> None:
    assert monitor("init").code == 0
    with changing_feeds(feeds=4, hosts=2, listen="0.0.0.0") as world, team(folder) as workers:
        configure(folder, postgresql, world)
        workers.start("one")
        wait_until(lambda: workers.leading() == ["one"])
        workers.start("two")
        wait_until(lambda: bool(workers.events("two", "feed polled")))
        rules = folder / "rules" / "uk-taliban-recognition.yaml"
        rules.write_text(rules.read_text().replace("\ntitle: UK", "\ntitle: The UK's"))
        wait_until(lambda: bool(workers.events("one", "rules reloaded")))
        workers.kill("one", signal.SIGTERM)
        wait_until(lambda: workers.leading()[-1] == "two")
        # Each version was put in force once: nobody went back to the rules that it was started with.
        assert len(fetch(postgresql, "SELECT digest FROM rule_versions")) == 2
        world.publish()
        store = open_store(postgresql)
        wait_until(lambda: is_settled(store, world))
        workers.kill("two", signal.SIGTERM)
        assert_sound(store, world)
        store.close()
        assert not workers.events("two", "rules reloaded")


def test_a_host_is_asked_as_gently_by_many_as_by_one(folder: Path, monitor: Monitor, postgresql: str) -> None:
    """Two requests to a host at a time at most, and begun half a second apart, whichever worker asks."""
    assert monitor("init").code == 0
    with changing_feeds(feeds=6, hosts=2, listen="0.0.0.0", slow=0.8) as world, team(folder) as workers:
        configure(folder, postgresql, world, spacing=0.5)
        for name in ("one", "two"):
            workers.start(name)
        wait_until(lambda: len(world.asked) >= 16 and workers.have_all_polled())
        assert world.most_at_once() == 1
        assert world.most_at_once_of_a_host() <= 2
        # The server's own clock notices a request a little late, or a little early after one that it noticed late.
        assert world.closest() > 0.4


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


@outage
def test_a_database_that_is_restarted_is_waited_for(folder: Path, monitor: Monitor) -> None:
    assert monitor("init").code == 0
    with (
        cluster() as server,
        changing_feeds(feeds=20, hosts=10, listen="0.0.0.0", slow=0.1) as world,
        team(folder) as workers,
    ):
        configure(folder, server.url(), world)
        for name in ("one", "two", "three"):
            workers.start(name)
        wait_until(lambda: bool(workers.leading()))
        for _ in range(2):
            asked = len(world.asked)
            world.publish()
            wait_until(lambda asked=asked: len(world.asked) > asked + 5)
            server.stop()
            wait_until(lambda: all(workers.events(name, FAILED) for name in workers.processes))
            server.start()
        world.publish()
        store = open_store(server.url())
        wait_until(lambda: is_settled(store, world), seconds=90)
        for name in workers.processes:
            assert workers.kill(name, signal.SIGTERM) == 0
        assert_sound(store, world)
        store.close()
        assert not any("Traceback" in (folder / name / "stderr.log").read_text() for name in workers.processes)


@contextmanager
def place_apart() -> Iterator[tuple[list[str], str, list[str]]]:
    """A network of its own beside this machine's: how to run a program there, the address at which it finds this
    machine, and the words that cut the line, or mend it with "up"."""
    name = f"m{uuid.uuid4().hex[:8]}"
    net = f"10.99.{random.randrange(1, 255)}"
    here, there = f"{net}.1", f"{net}.2"
    lines = [
        ["ip", "netns", "add", name],
        ["ip", "link", "add", f"{name}h", "type", "veth", "peer", "name", f"{name}n", "netns", name],
        ["ip", "addr", "add", f"{here}/24", "dev", f"{name}h"],
        ["ip", "link", "set", f"{name}h", "up"],
        ["ip", "-n", name, "addr", "add", f"{there}/24", "dev", f"{name}n"],
        ["ip", "-n", name, "link", "set", f"{name}n", "up"],
        ["ip", "-n", name, "link", "set", "lo", "up"],
    ]
    try:
        for line in lines:
            done = subprocess.run(line, capture_output=True, text=True, check=False)
            if done.returncode:
                pytest.skip(f"a network of its own needs root and iproute2: {done.stderr.strip()}")
        yield ["ip", "netns", "exec", name], here, ["ip", "link", "set", f"{name}h"]
    except FileNotFoundError:
        pytest.skip("a network of its own needs iproute2")
    finally:
        subprocess.run(["ip", "link", "del", f"{name}h"], capture_output=True, check=False)
        subprocess.run(["ip", "netns", "del", name], capture_output=True, check=False)


@outage
def test_a_worker_that_is_cut_off_loses_the_lead_and_comes_back(folder: Path, monitor: Monitor) -> None:
    """The line is cut, and nobody tells either end: both find out by themselves, within the time that is promised."""
    assert monitor("init").code == 0
    with (
        place_apart() as (inside, here, line),
        cluster() as server,
        team(folder) as workers,
        changing_feeds(feeds=12, hosts=1, listen=here, slow=0.05) as world,
    ):
        configure(folder, server.url(here), world)
        workers.start("far", *inside)
        wait_until(lambda: workers.leading() == ["far"])
        for name in ("near", "by"):
            workers.start(name)
        store = open_store(server.url())
        wait_until(lambda: is_settled(store, world))
        subprocess.run([*line, "down"], check=True)
        world.publish()
        cut = time.monotonic()
        wait_until(lambda: len(workers.leading()) > 1, seconds=60)
        taken_over = time.monotonic() - cut
        wait_until(lambda: is_settled(store, world), seconds=90)
        subprocess.run([*line, "up"], check=True)
        world.publish()
        polled = len(workers.events("far", "feed polled"))
        wait_until(lambda: len(workers.events("far", "feed polled")) > polled, seconds=90)
        wait_until(lambda: is_settled(store, world), seconds=90)
        for name in workers.processes:
            assert workers.kill(name, signal.SIGTERM) == 0
        assert_sound(store, world)
        store.close()
        sys.stderr.write(f"taken over after {taken_over:.0f} seconds\n")
        assert taken_over < TAKEN_OVER


@pytest.mark.skipif(not LIBFAKETIME, reason="setting the clock of a process needs libfaketime")
def test_a_worker_whose_clock_is_wrong_works_and_does_not_lead(folder: Path, monitor: Monitor, postgresql: str) -> None:
    assert monitor("init").code == 0
    with changing_feeds(feeds=6, hosts=3, listen="0.0.0.0") as world, team(folder) as workers:
        configure(folder, postgresql, world)
        workers.start("wrong", "env", f"LD_PRELOAD={LIBFAKETIME}", "FAKETIME=+1h")
        wait_until(lambda: bool(workers.events("wrong", "does not lead: set this machine's clock by the database's")))
        assert not workers.leading()
        workers.start("right")
        wait_until(lambda: workers.leading() == ["right"])
        assert len(workers.events("wrong", "does not lead: set this machine's clock by the database's")) == 1


def test_workers_are_refused_in_plain_words_where_they_cannot_be(workspace: Path, monitor: Monitor, postgresql: str,
    monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.delenv("MONITOR_DATABASE", raising=False)
    refused = monitor("worker")
    assert refused.code == 2
    assert "share a PostgreSQL database" in refused.err
    (workspace / "config.toml").write_text(f'[monitor]\ndatabase = "{postgresql}"\n')
    refused = monitor("worker")
    assert refused.code == 2
    assert "names no feeds" in refused.err
