"""What grows with feeds and with items: the slopes behind the plan for 100,000 feeds and 10^9 items.

    python tests/benchmarks/scale.py

Needs a PostgreSQL as the tests do, and some five gigabytes for a while.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from made_database import fill
from made_news import news, rulesets, wordings
from rich.table import Table
from servers import empty_database
from side_by_side import CONSOLE, size
from sqlalchemy import Connection, make_url, text

from monitor.clock import utc_now
from monitor.config import parse_config
from monitor.daemon.due_plan import DuePlan
from monitor.daemon.poll_queue import PollQueue
from monitor.match.lookup.compiled import CompiledRules
from monitor.model import Item
from monitor.pipeline.absorb import begin_with
from monitor.pipeline.adopt import adopt
from monitor.pipeline.memory import Memory
from monitor.pipeline.recognise import recognise_items
from monitor.pipeline.staging import assess_waiting
from monitor.rules.read import read_rule_book
from monitor.rules.ruleset import Ruleset
from monitor.starter import starter_folder
from monitor.store.database import Store, open_store
from monitor.store.items import Saved, save_items
from monitor.store.known_items import keys_of, known_items
from monitor.store.unassessed import Unassessed, add_unassessed

_HERE = Path(__file__).parent


def main() -> None:
    _feeds()
    _queue()
    _items()
    _assessment()
    _archive()


def _table(title: str, *headings: str) -> Table:
    table = Table(title=title, title_justify="left")
    for heading in headings:
        table.add_column(heading, justify="right")
    return table


def _feeds() -> None:
    table = _table("Settings with many feeds, and the plan of the worker that leads", "feeds", "s to read", "µs a look",
                   "MB of them")  # fmt: skip
    for feeds in size((1_000, 10_000, 100_000), (100,)):
        table_of = '[[feeds]]\nurl = "https://h{}.example/{}"\npublisher = "Paper {}"\n'
        settings = "".join(table_of.format(n // 3, n, n) for n in range(feeds))
        before = _resident()
        begun = time.perf_counter()
        config = parse_config(settings, Path("config.toml"), {})
        read = time.perf_counter() - begun
        now = utc_now()
        plan = DuePlan([feed.url for feed in config.feeds], now)
        held = _resident() - before
        begun = time.perf_counter()
        looks = 0
        while urls := plan.take(now, 500):
            looks += len(urls)
            for url in urls:
                plan.put(url, now + timedelta(minutes=30))
        table.add_row(f"{feeds:,}", f"{read:.2f}", f"{(time.perf_counter() - begun) / looks * 1e6:.1f}", f"{held:,.0f}")
    CONSOLE.print(table)


def _resident() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


def _queue() -> None:
    table = _table(
        "Hosts put in line, and taken by one worker that does nothing with them",
        "waiting",
        "put in a second",
        "taken a second",
    )
    for hosts in size((1_000, 10_000, 30_000), (100,)):
        with empty_database() as url:
            put, taken = asyncio.run(_through_the_queue(url, hosts))
        table.add_row(f"{hosts:,}", f"{put:,.0f}", f"{taken:,.0f}")
    CONSOLE.print(table)


async def _through_the_queue(url: str, hosts: int) -> tuple[float, float]:
    queue = PollQueue(make_url(url))
    done = asyncio.Event()
    taken = itertools.count(1)
    wanted = min(hosts, 2_000)

    async def poll(_: str) -> None:
        if next(taken) == wanted:
            done.set()

    async with queue.opened():
        begun = time.perf_counter()
        for start in range(0, hosts, 500):
            await queue.offer([f"host-{n}.example" for n in range(start, min(start + 500, hosts))])
        put = hosts / (time.perf_counter() - begun)
        begun = time.perf_counter()
        working = asyncio.create_task(queue.work(poll, 20))
        await done.wait()
        rate = wanted / (time.perf_counter() - begun)
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)
    return put, rate


def _items() -> None:
    table = _table("A PostgreSQL database as it grows, one item in a thousand evidence", "items", "bytes an item",
                   "ms to store 20", "ms of `status`", "s to read all again")  # fmt: skip
    rules = CompiledRules(read_rule_book([starter_folder() / "rules"], starter_folder() / "seeds").rulesets)
    for count in size((10_000, 100_000, 1_000_000), (1_000,)):
        with empty_database() as url:
            store = open_store(url)
            fill(store, rules, count, count // 1_000)
            with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(text("VACUUM ANALYZE"))
            with store.read() as connection:
                stored_bytes = connection.scalar(text("SELECT pg_database_size(current_database())")) or 0
            status = _status(url)
            stored = _storing(store, rules)
            again = _reading_again(store, rules) if count <= 100_000 else None
            store.close()
        table.add_row(f"{count:,}", f"{stored_bytes / count:,.0f}", f"{stored * 1e3:.1f}", f"{status * 1e3:,.0f}",
                      f"{again:,.1f}" if again else "")  # fmt: skip
    CONSOLE.print(table)


def _storing(store: Store, rules: CompiledRules) -> float:
    """Seconds to store twenty new items in a transaction of their own; the median of many."""
    made = news(wordings(100), 0.0, seed=5)
    times = []
    for _ in range(50):
        items = [replace(item, id=f"new-{item.id[-12:]}") for item in itertools.islice(made, 20)]
        begun = time.perf_counter()
        with store.write_beside() as connection:
            _save(connection, f"https://new.example/{len(times)}", items, rules)
        times.append(time.perf_counter() - begun)
    return sorted(times)[len(times) // 2]


def _save(connection: Connection, feed: str, items: Sequence[Item], rules: CompiledRules) -> Saved:
    """Store items as a poll of their feed does."""
    entries = [(item, keys_of(feed, item)) for item in items]
    known = known_items(connection, entries).get(feed, ())
    return save_items(connection, feed, "C", recognise_items(entries, known, ()), utc_now(), rules.digest)


def _status(url: str) -> float:
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "monitor", "init"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        times = []
        for _ in range(3):
            begun = time.perf_counter()
            subprocess.run(
                [sys.executable, "-m", "monitor", "status"],
                cwd=folder,
                check=True,
                stdout=subprocess.DEVNULL,
                env={**os.environ, "MONITOR_DATABASE": url},
            )
            times.append(time.perf_counter() - begun)
    return min(times)


def _reading_again(store: Store, rules: CompiledRules) -> float:
    """Seconds to put other rules in force, which reads everything that is stored."""
    content = rules.rulesets[0].model_dump(mode="json", by_alias=True)
    changed = CompiledRules([Ruleset.model_validate({**content, "title": "Other rules"})])
    begun = time.perf_counter()
    with store.write() as connection:
        adopt(connection, changed, utc_now())
    return time.perf_counter() - begun


def _assessment() -> None:
    table = _table("What the worker that leads assesses", "pieces of evidence before", "items a second")
    rules = CompiledRules(rulesets(wordings(100)))
    for before in size((100, 1_000, 10_000), (100,)):
        with empty_database() as url:
            store = open_store(url)
            with store.write() as connection:
                begin_with(connection, rules, utc_now(), Memory())
            made = news(wordings(100), 1.0, seed=3)
            _line_up(store, rules, made, before, polls=1)
            memory = Memory()
            list(assess_waiting(store, rules, utc_now(), memory))
            _line_up(store, rules, made, 100, polls=50)
            begun = time.perf_counter()
            list(assess_waiting(store, rules, utc_now(), memory))
            taken = time.perf_counter() - begun
            store.close()
        table.add_row(f"{before:,}", f"{100 / taken:,.0f}")
    CONSOLE.print(table)


def _line_up(store: Store, rules: CompiledRules, made: Iterator[Item], count: int, polls: int) -> None:
    """Put ``count`` items that bear on something in line, as so many polls bring them."""
    from monitor.pipeline.pieces import findings_in

    for poll in range(polls):
        items = list(itertools.islice(made, count // polls))
        with store.write_beside() as connection:
            saved = _save(connection, f"https://line.example/{uuid.uuid4()}", items, rules)
            line = [
                Unassessed(one.item.id, one.version, f"{poll}", True, rules.digest, tuple(findings_in(rules, one.item)))
                for one in saved.new
            ]
            add_unassessed(connection, [one for one in line if one.findings])


def _archive() -> None:
    records = size(200_000, 2_000)
    table = _table(f"Backfilling {records:,} records of JSON Lines, one in twenty of them evidence", "processes",
                   "records a second", "of it reading")  # fmt: skip
    rules = wordings(100)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with (folder / "news.jsonl").open("w") as file:
            for item in itertools.islice(news(rules, 0.05, seed=9), records):
                published = item.published.isoformat() if item.published else "2020-01-01"
                file.write(json.dumps({"id": item.id, "title": item.title, "text": item.text, "publisher": "Paper",
                                       "published": published}) + "\n")  # fmt: skip
        for processes in (1, 2):
            with empty_database() as url:
                whole, reading = _backfilled(url, folder, processes)
            table.add_row(str(processes), f"{records / whole:,.0f}", f"{reading / whole:.0%}")
    CONSOLE.print(table)


def _backfilled(url: str, folder: Path, processes: int) -> tuple[float, float]:
    """Seconds that a backfill takes, and how many of them until all is read and stored."""
    from distributed import Client, LocalCluster

    from monitor.archive.backfill import Archive, backfill
    from monitor.archive.portion import portions_of
    from monitor.pipeline.absorb import read_waiting
    from monitor.pipeline.archived import assess_archived

    rules = CompiledRules(rulesets(wordings(100)))
    store = open_store(url)
    read_waiting(store, rules, utc_now())
    with (
        LocalCluster(n_workers=processes, threads_per_worker=1, dashboard_address=None) as cluster,
        Client(cluster) as client,
    ):
        begun = time.perf_counter()
        portions = portions_of([str(folder / "news.jsonl")])
        list(backfill(store, rules, Archive("made", "C", {}), portions, client, utc_now))
        reading = time.perf_counter() - begun
        list(assess_archived(store, rules, "made", utc_now, Memory()))
        whole = time.perf_counter() - begun
    store.close()
    return whole, reading


if __name__ == "__main__":
    main()
