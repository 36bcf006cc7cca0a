"""How long the dashboard's overview takes on a large database, beside the bare SQL that fetches the same figures.

    python tests/benchmarks/overview_at_scale.py [ITEMS] [EVIDENCE]

makes a SQLite database (of 1,000,000 items and 50,000 pieces of evidence, if not told otherwise) in a passing folder,
serves it on loopback, and prints medians and spreads. Nothing is asserted.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from made_database import made_database
from rich.console import Console
from rich.table import Table
from side_by_side import size
from sqlalchemy import Connection, insert, text

from monitor.clock import utc_now
from monitor.commands.serve import serving_dashboard
from monitor.match.lookup.compiled import CompiledRules
from monitor.model import Stance
from monitor.rules.reading import reading_digest
from monitor.store.database import Store
from monitor.store.moments import next_moment
from monitor.store.tables import evidence, items, versions
from monitor.web.board import Board

_TIMES = size(30, 2)
# What the overview tells, asked of the database and of nothing else.
_BARE = (
    "SELECT content FROM rule_versions",
    "SELECT count(*) FROM items",
    "SELECT count(*) FROM versions",
    "SELECT count(*) FROM versions WHERE read_with < :digest AND latest",
    "SELECT count(*) FROM versions WHERE read_with > :digest AND latest",
    "SELECT outcome, count(*) FROM polls GROUP BY outcome",
    "SELECT * FROM feeds",
    "SELECT * FROM gaps",
    "SELECT * FROM transitions WHERE seq IN (SELECT max(seq) FROM transitions GROUP BY ruleset, condition)",
    "SELECT condition, stance, count(*), max(at) FROM evidence WHERE withdrawn IS NULL "
    "GROUP BY ruleset, condition, stance",
)
_NEWEST = (
    "SELECT evidence.*, items.publisher, versions.title FROM evidence JOIN items ON items.id = evidence.item "
    "JOIN versions ON versions.item = evidence.item AND versions.version = evidence.version "
    "WHERE ruleset = :ruleset AND condition = :condition AND withdrawn IS NULL ORDER BY at DESC LIMIT 2"
)


def main(item_count: int, evidence_count: int) -> None:
    console = Console()
    with tempfile.TemporaryDirectory(prefix="monitor-benchmark-") as name:
        folder = Path(name)
        config, store, rules = made_database(folder, item_count, evidence_count)
        board = Board(store, config, utc_now)
        began = time.perf_counter()
        board.dossier()
        cold = time.perf_counter() - began
        with serving_dashboard(board, "127.0.0.1:0", lambda: ([], {}), lambda: b"") as address:
            stored = f"{item_count:,} items, {evidence_count:,} pieces of evidence"
            _report(console, store, rules, address, cold, stored)
        store.close()


def _report(console: Console, store: Store, rules: CompiledRules, address: str, cold: float, stored: str) -> None:
    parts = [(ruleset.ruleset, name) for ruleset in rules.rulesets for name in ruleset.standing()]

    digest = reading_digest(rules.rulesets)

    def bare() -> None:
        with store.read() as connection:
            for query in _BARE:
                connection.execute(text(query), {"digest": digest} if ":digest" in query else {}).all()
            for ruleset, condition in parts:
                connection.execute(text(_NEWEST), {"ruleset": ruleset, "condition": condition}).all()

    page = parts[0]
    measured = {
        "overview": _times(lambda: _get(address)),
        "the same figures by bare SQL": _times(bare),
        "a condition": _times(lambda: _get(f"{address}/conditions/{page[0]}/{page[1]}")),
        "evidence, newest": _times(lambda: _get(f"{address}/evidence")),
        "evidence with two words": _times(lambda: _get(f"{address}/evidence?q=badoado+badoelin")),
        "review desk": _times(lambda: _get(f"{address}/review"), 5),
    }
    with store.write() as connection:
        moment = next_moment(connection, utc_now()).at
        _fill_one(connection, rules, moment)
    began = time.perf_counter()
    first = _timed(lambda: _get(address))
    while "Agency of the last minute" not in _get(address):
        time.sleep(0.05)
    renewed = time.perf_counter() - began
    table = Table(title=f"{stored}, SQLite", title_justify="left")
    for column in ("", "median", "fastest", "slowest"):
        table.add_column(column, justify="left" if not column else "right")
    for name, times in measured.items():
        table.add_row(name, *(f"{1000 * t:,.0f} ms" for t in (statistics.median(times), min(times), max(times))))
    console.print(table)
    ratio = statistics.median(measured["overview"]) / statistics.median(measured["the same figures by bare SQL"])
    console.print(f"overview / bare SQL: {ratio:.2f}")
    console.print(f"first reading, before it listens: {cold:.1f} s")
    console.print(f"after news: the next overview in {1000 * first:.0f} ms, with the news in it after {renewed:.1f} s")


def _fill_one(connection: Connection, rules: CompiledRules, moment: datetime) -> None:
    ruleset = rules.rulesets[0]
    name, signal = next((name, signal) for name, signal in ruleset.signals() if signal.stance is Stance.BREACH)
    row = {"id": "f" * 24, "feed": "https://example.org/feed", "publisher": "Agency of the last minute", "grade": "A",
           "link": "", "author": "", "published": moment, "date_mark": "given", "first_seen": moment,
           "served_at": moment}  # fmt: skip
    connection.execute(insert(items), [row])
    wording = {"item": "f" * 24, "version": "v", "number": 1, "title": "The last report", "text": "", "seen": moment,
               "latest": True, "read_with": reading_digest(rules.rulesets)}  # fmt: skip
    connection.execute(insert(versions), [wording])
    piece = {"id": "e" * 24, "item": "f" * 24, "version": "v", "ruleset": ruleset.ruleset, "condition": name,
             "signal": signal.id, "stance": "breach", "asserted_by": "narrator", "speaker": "",
             "quote": "The last report", "span_start": 0, "span_end": 15, "reasons": [], "at": moment,
             "recorded": moment, "withdrawn": None, "withdrawn_why": "", "rules_digest": ruleset.digest,
             "publisher": "Agency of the last minute", "organisation": "agency", "origin": "agency",
             "date_mark": "given"}  # fmt: skip
    connection.execute(insert(evidence), [piece])


def _get(address: str) -> str:
    with urllib.request.urlopen(address, timeout=120) as answer:
        return str(answer.read(), "utf-8")


def _timed(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def _times(act: Callable[[], object], times: int = _TIMES) -> list[float]:
    act()
    return [_timed(act) for _ in range(times)]


if __name__ == "__main__":
    numbers = [int(argument.replace(",", "").replace("_", "")) for argument in sys.argv[1:3]]
    main(*(numbers + [*size((1_000_000, 50_000), (1_000, 100))][len(numbers) :]))
