"""Polling: 200 feeds of 50 entries over loopback into SQLite, beside ``reader`` with four workers.

Both are asked to do what they do: ``reader`` to store entries, we to read them with a thousand signals as well, and to
keep the evidence and the status log. Each round begins with an empty database, in a process of its own.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager

from made_feeds import ENTRIES, SIGNALS
from made_news import rulesets, wordings
from rich.table import Table
from servers import serving, tell
from side_by_side import CONSOLE, Timings, ratio, size

FEEDS = size(200, 10)
ROUNDS = size(5, 1)
# What each round asks for, in this order, and how many new entries it brings to a feed.
STEPS = {"first poll": ENTRIES, "2 new in 50": 2, "unchanged body": 0, "304": 0}


def main() -> None:
    with serving(FEEDS) as port:
        taken: dict[str, dict[str, list[float]]] = {who: {step: [] for step in STEPS} for who in ("reader", "monitor")}
        for _ in range(ROUNDS):
            for who, steps in taken.items():
                with tempfile.TemporaryDirectory() as folder:
                    done = subprocess.run(
                        [sys.executable, __file__, who, str(port), folder], capture_output=True, text=True, check=False
                    )
                if done.returncode:
                    raise SystemExit(done.stderr)
                for step, seconds in json.loads(done.stdout.splitlines()[-1]).items():
                    steps[step].append(seconds)
    _show(taken)


def _show(taken: dict[str, dict[str, list[float]]]) -> None:
    table = Table(title=f"{FEEDS} feeds of {ENTRIES} entries, polled once", title_justify="left")
    for heading in ("", "reader, 4 workers", "monitor", "monitor is as fast"):
        table.add_column(heading, justify="right" if heading else "left")
    for step, new in STEPS.items():
        count = FEEDS * (new if new > 2 else 1)
        ours, theirs = (Timings(tuple(taken[who][step]), count) for who in ("monitor", "reader"))
        unit = "entries/s" if new > 2 else "feeds/s"
        middle, low, high = ratio(ours, theirs)
        said = f"{middle:.2f} × ({low:.2f} – {high:.2f})"
        table.add_row(step, *(f"{t.rate:,.0f} {unit}\n{t.spread}" for t in (theirs, ours)), said)
    CONSOLE.print(table)


def _steps(port: int) -> list[str]:
    """What to tell the server before each step. Where it sets no store by tags, it sends the same bytes again."""
    tell(port, "etags/1")
    tell(port, "edition/0")
    return ["", "edition/1", "etags/0", "etags/1"]


@contextmanager
def _timed(seconds: dict[str, float], step: str, port: int, told: str) -> Iterator[None]:
    if told:
        tell(port, told)
    begun = time.perf_counter()
    yield
    seconds[step] = time.perf_counter() - begun


def _urls(port: int) -> list[str]:
    return [f"http://127.0.0.1:{port}/feeds/{feed}" for feed in range(FEEDS)]


def run_reader(port: int, folder: str) -> None:
    from reader import make_reader

    reader = make_reader(f"{folder}/reader.sqlite")
    for url in _urls(port):
        reader.add_feed(url)
    seconds: dict[str, float] = {}
    for step, told in zip(STEPS, _steps(port), strict=True):
        with _timed(seconds, step, port, told):
            reader.update_feeds(workers=4, scheduled=False)
    print(json.dumps(seconds))
    assert reader.get_entry_counts().total == FEEDS * (ENTRIES + 2)


def run_monitor(port: int, folder: str) -> None:
    from sqlalchemy import func, select

    from monitor.clock import utc_now
    from monitor.config import Config
    from monitor.daemon.heap import settle
    from monitor.daemon.keeping import Absorbing
    from monitor.daemon.round import new_poller, poll_all
    from monitor.match.lookup.compiled import CompiledRules
    from monitor.pipeline.absorb import read_waiting
    from monitor.store.database import open_store
    from monitor.store.tables import evidence, items

    config = Config.model_validate(
        {
            "daemon": {"concurrency": 50},
            "fetch": {"allow_addresses": ["127.0.0.0/8"], "host_spacing": 0, "host_concurrency": 50},
            "feeds": [{"url": url, "publisher": f"Paper {url.rsplit('/')[-1]}"} for url in _urls(port)],
        }
    )
    store = open_store(f"sqlite:///{folder}/monitor.sqlite")
    rules = CompiledRules(rulesets(wordings(SIGNALS)))
    read_waiting(store, rules, utc_now())
    # As the daemon does before its first poll.
    settle()

    seconds: dict[str, float] = {}

    async def poll() -> None:
        async with new_poller(store, Absorbing(store, rules), config) as poller:
            for step, told in zip(STEPS, _steps(port), strict=True):
                with _timed(seconds, step, port, told):
                    polled = await poll_all(poller, config.feeds, lambda _: None)
                bad = [one for one in polled if one.outcome not in ("ok", "unchanged")]
                assert not bad, bad[0]

    asyncio.run(poll())
    print(json.dumps(seconds))
    with store.read() as connection:
        found = connection.scalar(select(func.count()).select_from(items))
        assert found == FEEDS * (ENTRIES + 2), found
        told = connection.scalar(select(func.count()).select_from(evidence))
        # A feed has few entries, so that the share of those that bear on something differs from feed to feed.
        assert told >= FEEDS, told


if __name__ == "__main__":
    if len(sys.argv) == 1:
        main()
    else:
        {"reader": run_reader, "monitor": run_monitor}[sys.argv[1]](int(sys.argv[2]), sys.argv[3])
