"""How long the dashboard's overview takes on a large database, beside the bare SQL that fetches the same figures.

    python tests/benchmarks/overview_at_scale.py [ITEMS] [EVIDENCE]

makes a SQLite database (of 1,000,000 items and 50,000 pieces of evidence, if not told otherwise) in a passing folder,
serves it on loopback, and prints medians and spreads. Nothing is asserted.
"""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from rich.console import Console
from rich.progress import track
from rich.table import Table
from sqlalchemy import Connection, insert, text

from monitor import __version__
from monitor.clock import utc_now
from monitor.commands.serve import serving_dashboard
from monitor.config import load_config
from monitor.match.compiled import CompiledRules
from monitor.model import Stance
from monitor.rules.read import read_rule_book
from monitor.rules.reading import reading_digest
from monitor.rules.ruleset import Ruleset, Signal
from monitor.starter import write_starter
from monitor.store.database import Store, open_store
from monitor.store.evidence_words import index_words
from monitor.store.feeds import Poll, add_polls
from monitor.store.moments import next_moment
from monitor.store.rule_versions import put_in_force
from monitor.store.tables import evidence, items, versions
from monitor.web.board import Board

_BATCH = 10_000
_TIMES = 30
_SYLLABLES = ("ado", "elin", "orem", "usta", "iven", "olka", "amper", "ingo", "urth", "aben")
_WORDS = [f"{first}{a}{b}" for first in "bdfgklmnprstvz" for a in _SYLLABLES for b in _SYLLABLES]
_YEARS_AGO = timedelta(days=5 * 365)
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
        write_starter(folder)
        config = load_config(folder / "config.toml", {})
        store = open_store(config.database_url)
        rules = CompiledRules(read_rule_book([config.rules_path], config.sources_path).rulesets)
        _fill(store, rules, item_count, evidence_count)
        board = Board(store, config, utc_now)
        began = time.perf_counter()
        board.dossier()
        cold = time.perf_counter() - began
        with serving_dashboard(board, "127.0.0.1:0", lambda: ([], {}), lambda: b"") as address:
            size = f"{item_count:,} items, {evidence_count:,} pieces of evidence"
            _report(console, store, rules, address, cold, size)
        store.close()


def _fill(store: Store, rules: CompiledRules, item_count: int, evidence_count: int) -> None:
    chance, now, digest = random.Random(1), utc_now(), reading_digest(rules.rulesets)
    with store.write() as connection:
        next_moment(connection, now - _YEARS_AGO)
        put_in_force(connection, rules.rulesets, [], __version__, now - _YEARS_AGO)
        for minute in range(2_000):
            add_polls(connection, [Poll("https://example.org/feed", now - timedelta(minutes=minute), "ok")])
    signals = [(ruleset, name, signal) for ruleset in rules.rulesets for name, signal in ruleset.signals()]
    every = max(1, item_count // evidence_count)
    for start in track(range(0, item_count, _BATCH), "filling"):
        with store.write() as connection:
            numbers = range(start, min(start + _BATCH, item_count))
            _fill_batch(connection, chance, numbers, every, signals, now, digest)


def _fill_batch(
    connection: Connection,
    chance: random.Random,
    numbers: range,
    every: int,
    signals: Sequence[tuple[Ruleset, str, Signal]],
    now: datetime,
    digest: str,
) -> None:
    rows, wordings, pieces, words = [], [], [], []
    for number in numbers:
        at = now - timedelta(minutes=chance.randrange(int(_YEARS_AGO.total_seconds() // 60)))
        key, title = f"{number:024x}", " ".join(chance.choices(_WORDS, k=9))
        body = " ".join(chance.choices(_WORDS, k=40))
        publisher = f"Agency {number % 200}"
        rows.append(
            {"id": key, "feed": "https://example.org/feed", "publisher": publisher, "grade": "B",
             "link": f"https://example.org/{number}", "author": "", "published": at, "date_mark": "given",
             "first_seen": at, "served_at": at}
        )  # fmt: skip
        wordings.append(
            {"item": key, "version": "v", "number": 1, "title": title, "text": body, "seen": at, "latest": True,
             "read_with": digest}
        )  # fmt: skip
        if number % every == 0:
            ruleset, condition, signal = chance.choice(signals)
            stance = chance.choice((signal.stance, signal.stance, Stance.PLEDGE, Stance.DEMAND))
            pieces.append(
                {"id": f"e{number:023x}", "item": key, "version": "v", "ruleset": ruleset.ruleset,
                 "condition": condition, "signal": signal.id, "stance": stance.value, "asserted_by": "narrator",
                 "speaker": "", "quote": title, "span_start": 0, "span_end": len(title), "reasons": [], "at": at,
                 "recorded": at, "withdrawn": None, "withdrawn_why": "", "rules_digest": ruleset.digest}
            )  # fmt: skip
            words.append((f"e{number:023x}", f"{title} {body}"))
    connection.execute(insert(items), rows)
    connection.execute(insert(versions), wordings)
    if pieces:
        connection.execute(insert(evidence), pieces)
    index_words(connection, words)


def _report(console: Console, store: Store, rules: CompiledRules, address: str, cold: float, size: str) -> None:
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
    table = Table(title=f"{size}, SQLite", title_justify="left")
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
             "recorded": moment, "withdrawn": None, "withdrawn_why": "", "rules_digest": ruleset.digest}  # fmt: skip
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
    main(*(numbers + [1_000_000, 50_000][len(numbers) :]))
