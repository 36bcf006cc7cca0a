"""Memory: the resident size of the daemon with 10,000 signals and 1,000 feeds, as the kernel counts it.

The daemon runs as users run it, against a server on loopback; the size of the processes that it starts to parse is
shown beside its own. The week is that of ``tests/soak``, on a clock that jumps: feeds that carry fifty entries all the
time, and fail by chance, are polled and kept as by the daemon, in a process that is their server as well.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from made_feeds import ENTRIES
from made_news import rulesets, wordings
from rich.table import Table
from ruamel.yaml import YAML
from servers import free_port, serving, tell
from side_by_side import CONSOLE, size

from monitor.daemon.heap import settle, share_pools
from monitor.match.lookup.compiled import CompiledRules
from monitor.pipeline.absorb import read_waiting
from monitor.rules.ruleset import Ruleset
from monitor.store.database import open_store

SIGNALS, FEEDS = size((10_000, 1_000), (100, 20))
# After how many seconds the size is read.
READINGS = size((20, 60, 120), (10,))
DAYS = size(7, 2)


def main() -> None:
    with serving(FEEDS) as port, tempfile.TemporaryDirectory(prefix="monitor-benchmark-") as name:
        tell(port, "etags/1")
        _measure(Path(name), port)
    _measure_a_week()


def _measure_a_week() -> None:
    table = Table(title=f"{SIGNALS:,} signals and {FEEDS:,} feeds over a simulated week", title_justify="left")
    for day in range(1, DAYS + 1):
        table.add_column(f"day {day}", justify="right")
    # The soak is told its size when it is loaded.
    environment = {**os.environ, "MONITOR_TEST_SOAK": f"{FEEDS}x{DAYS}"}
    done = subprocess.run(
        [sys.executable, __file__, "week"], env=environment, stdout=subprocess.PIPE, text=True, check=True
    )
    table.add_row(*(f"{size / 1e6:.0f} MB" for size in json.loads(done.stdout)))
    CONSOLE.print(table)


def _live_a_week() -> None:
    sys.path.append(str(Path(__file__).parents[1] / "soak"))
    from test_soak import BEGIN, World, live

    share_pools()
    rules = CompiledRules(rulesets(wordings(SIGNALS)))
    with tempfile.TemporaryDirectory(prefix="monitor-benchmark-") as name:
        store = open_store(f"sqlite:///{name}/monitor.db")
        read_waiting(store, rules, BEGIN)
        settle()
        sizes, _ = asyncio.run(live(World(history=ENTRIES, window=ENTRIES), store, rules))
        store.close()
    print(json.dumps(sizes))


def _measure(folder: Path, port: int) -> None:
    write_rules(folder, rulesets(wordings(SIGNALS)))
    feeds = "".join(
        f'[[feeds]]\nurl = "http://127.0.{1 + number % 50}.1:{port}/feeds/{number}"\n' for number in range(FEEDS)
    )
    (folder / "config.toml").write_text(
        '[monitor]\ndatabase = "monitor.db"\nrules = "rules"\nsources = "seeds"\n'
        f'[daemon]\nlisten = "127.0.0.1:{free_port()}"\ninterval = "1m"\nlongest_interval = "2m"\n'
        f'[fetch]\nallow_addresses = ["127.0.0.0/8"]\nhost_spacing = 0\n{feeds}'
    )
    table = Table(title=f"The daemon with {SIGNALS:,} signals and {FEEDS:,} feeds", title_justify="left")
    for heading in ("after", "resident", "with the processes it started", "feeds read"):
        table.add_column(heading, justify="right")
    environment = {**os.environ, "XDG_CACHE_HOME": str(folder / "cache")}
    with open(folder / "log", "w") as log:
        daemon = subprocess.Popen(
            [sys.executable, "-m", "monitor", "run"], cwd=folder, env=environment, stdout=log, stderr=log
        )
        begun = time.monotonic()
        try:
            for after in READINGS:
                time.sleep(max(0.0, begun + after - time.monotonic()))
                if daemon.poll() is not None:
                    raise SystemExit((folder / "log").read_text()[-2000:])
                own = _resident(daemon.pid)
                all_of_them = own + sum(_resident(child) for child in _children(daemon.pid))
                polled = (folder / "log").read_text().count("polled")
                table.add_row(f"{after} s", f"{own / 1e6:.0f} MB", f"{all_of_them / 1e6:.0f} MB", f"{polled:,}")
        finally:
            if daemon.poll() is None:
                daemon.send_signal(signal.SIGTERM)
                daemon.wait(60)
    CONSOLE.print(table)


def write_rules(folder: Path, made: Sequence[Ruleset]) -> None:
    """The rules as files that a person could have written."""
    (folder / "rules").mkdir()
    (folder / "seeds").mkdir()
    yaml = YAML()
    for ruleset in made:
        said = ruleset.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        with open(folder / "rules" / f"{ruleset.ruleset}.yaml", "w") as file:
            yaml.dump(said, file)


def _resident(process: int) -> int:
    try:
        return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError):
        return 0


def _children(process: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


if __name__ == "__main__":
    if sys.argv[1:] == ["week"]:
        _live_a_week()
    else:
        main()
