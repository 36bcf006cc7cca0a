"""Many workers on one PostgreSQL: what two and four get done, as a ratio to one.

    python tests/benchmarks/workers.py

Needs a PostgreSQL as the tests do. The server of feeds, the database and all workers share this machine: where it has
two cores, more workers than that can only show what they cost.
"""

from __future__ import annotations

import asyncio
import statistics
import subprocess
import sys
import time

from made_feeds import ENTRIES, SIGNALS
from made_news import rulesets, wordings
from rich.table import Table
from servers import empty_database, serving, tell
from side_by_side import CONSOLE, size
from sqlalchemy import text

from monitor.config import Config
from monitor.match.lookup.compiled import CompiledRules
from monitor.store.database import Store, open_store

FEEDS = size(600, 10)
ROUNDS = size(3, 1)
TEAMS = size((1, 2, 4), (1, 2))
# Seconds in which the answers "304" are counted, after as many that only warm up.
WINDOW = size(10, 2)
# Milliseconds that a slow server takes.
SLOW = 1000
STEPS = {"first poll": "entries/s", "304 at once": "feeds/s", "304 after a second": "feeds/s"}


def main() -> None:
    rates: dict[str, dict[int, list[float]]] = {step: {team: [] for team in TEAMS} for step in STEPS}
    with serving(FEEDS) as port:
        tell(port, "etags/1")
        for _ in range(ROUNDS):
            for team in TEAMS:
                with empty_database() as url:
                    measured = _measured(port, url, team)
                for step, rate in zip(STEPS, measured, strict=True):
                    rates[step][team].append(rate)
    table = Table(title=f"{FEEDS} feeds of {ENTRIES} entries, each on a host of its own", title_justify="left")
    table.add_column("")
    for team in TEAMS:
        table.add_column("1 worker" if team == 1 else f"{team} workers", justify="right")
    for step, unit in STEPS.items():
        cells = (f"{statistics.median(rates[step][team]):,.0f} {unit}\n{_ratio(rates[step], team)}" for team in TEAMS)
        table.add_row(step, *cells)
    CONSOLE.print(table)


def _ratio(rates: dict[int, list[float]], team: int) -> str:
    each = [ours / one for ours, one in zip(rates[team], rates[TEAMS[0]], strict=True)]
    return f"{statistics.median(each):.2f} × ({min(each):.2f} – {max(each):.2f})"


def _measured(port: int, url: str, team: int) -> list[float]:
    """How much a second of each step."""
    tell(port, "delay/0")
    store = open_store(url)
    workers = [subprocess.Popen([sys.executable, __file__, url, str(port)]) for _ in range(team)]
    try:
        while (polled := _polled(store)) < FEEDS or _waiting(store):
            if polled == 0:
                begun = time.monotonic()
            time.sleep(0.05)
        rates = [FEEDS * ENTRIES / (time.monotonic() - begun)]
        for delay in (0, SLOW):
            tell(port, f"delay/{delay}")
            time.sleep(WINDOW)
            before, begun = _polled(store), time.monotonic()
            time.sleep(WINDOW)
            rates.append((_polled(store) - before) / (time.monotonic() - begun))
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()
        store.close()
    return rates


def _polled(store: Store) -> int:
    with store.read() as connection:
        return int(connection.scalar(text("SELECT count(*) FROM polls")) or 0)


def _waiting(store: Store) -> int:
    with store.read() as connection:
        return int(connection.scalar(text("SELECT count(*) FROM unassessed")) or 0)


def work(url: str, port: int) -> None:
    """Be one of the workers."""
    from monitor.config import LogConfig
    from monitor.daemon.logging import configure_logging
    from monitor.daemon.work import Worker

    feeds = [
        {"url": f"http://127.1.{n // 250}.{1 + n % 250}:{port}/feeds/{n}", "publisher": f"Paper {n}"}
        for n in range(FEEDS)
    ]
    config = Config.model_validate(
        {
            "monitor": {"database": url},
            "daemon": {"concurrency": 20, "interval": "1s", "longest_interval": "1s", "listen": ""},
            "fetch": {"allow_addresses": ["127.0.0.0/8"], "host_spacing": 0},
            "feeds": feeds,
        }
    )
    configure_logging(LogConfig(level="error"))
    asyncio.run(Worker(open_store(url), CompiledRules(rulesets(wordings(SIGNALS))), config).run())


if __name__ == "__main__":
    if len(sys.argv) == 1:
        main()
    else:
        work(sys.argv[1], int(sys.argv[2]))
