"""Storing: what a poll costs as the database grows, and as more of what a feed carries is known already.

    python tests/benchmarks/storing.py [LARGEST]

``LARGEST`` is how many items the largest database holds: 1,000,000 if not told otherwise. 10,000,000 take a quarter of
an hour and some ten gigabytes.
"""

from __future__ import annotations

import random
import sys
import tempfile
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from made_database import made_database
from made_feeds import ENTRIES, document
from rich.table import Table
from side_by_side import CONSOLE, size, take_turns

from monitor.config import FeedConfig
from monitor.feeds.document import ParsedFeed
from monitor.feeds.fetch import Fetched
from monitor.feeds.known_entries import cut
from monitor.feeds.parse import parse_feed
from monitor.match.lookup.compiled import CompiledRules
from monitor.pipeline.absorb import absorb_all
from monitor.pipeline.arrival import Arrival
from monitor.pipeline.memory import Memory
from monitor.pipeline.receive import Received
from monitor.store.database import Store

_POLLS = size(40, 4)
_RAIN = ("It rained in town", "The market was open")
_BAN = ("Taliban bar women from universities in province", "It rained in town")
_HEADERS = {"content-type": "application/rss+xml; charset=utf-8"}
_URL = "https://example.org/feed"
_NOW = datetime(2026, 6, 1, tzinfo=UTC)


def main(largest: int) -> None:
    _known_entries()
    counts = [count for count in (1_000, 10_000, 100_000, 1_000_000, 10_000_000) if count <= largest]
    _stored("Storing two new items that bear on nothing", [(count, size(1_000, 100)) for count in counts[-4:]], _RAIN)
    known = size([(100_000, count) for count in (100, 1_000, 10_000)], [(1_000, 100)])
    _stored("Storing two new items, one of them evidence", known, _BAN)


def _known_entries() -> None:
    """The same document, of which more and more was read before."""
    body = document(1, 0)
    parted = cut(body, ())
    assert parted is not None
    table = Table(title=f"Parsing a feed of {ENTRIES} entries, of which some are known", title_justify="left")
    for heading in ("known", "ms a document", "of what it costs whole"):
        table.add_column(heading, justify="right")
    whole = 0.0
    for share in (0.0, 0.5, 0.8, 0.9, 0.96, 1.0):
        gone = set(random.Random(1).sample(list(parted.marks), ENTRIES - round(share * ENTRIES)))
        known = _parsed(parted.without(gone), b"").known
        taken = take_turns({"parse": lambda known=known: [_parsed(body, known) for _ in range(20)]}, 20)["parse"]
        whole = whole or taken.each
        table.add_row(f"{share:.0%}", f"{taken.each * 1e3:.2f}", f"{taken.each / whole:.0%}")
    CONSOLE.print(table)


def _parsed(body: bytes, known: bytes) -> ParsedFeed:
    return parse_feed(body, _URL, _NOW, "Paper", dict(_HEADERS), known)


def _stored(title: str, sizes: Sequence[tuple[int, int]], titles: Sequence[str]) -> None:
    table = Table(title=title, title_justify="left")
    for heading in ("items stored", "evidence stored", "ms a poll", "slowest – fastest (polls/s)"):
        table.add_column(heading, justify="right")
    for item_count, evidence_count in sizes:
        with tempfile.TemporaryDirectory(prefix="monitor-benchmark-") as name:
            _, store, rules = made_database(Path(name), item_count, evidence_count)
            taken = take_turns({"poll": _Polls(store, rules, titles)}, _POLLS, 5)["poll"]
            store.close()
        table.add_row(f"{item_count:,}", f"{evidence_count:,}", f"{taken.each * 1e3:.2f}", taken.spread)
    CONSOLE.print(table)


class _Polls:
    """Absorbs polls, each with two items that were never seen before."""

    def __init__(self, store: Store, rules: CompiledRules, titles: Sequence[str]) -> None:
        self._absorb: Callable[[Arrival, datetime], object] = lambda arrival, now: absorb_all(
            store, rules, [arrival], now, memory
        )
        memory = Memory()
        self._titles = titles
        self._number = 0

    def __call__(self) -> None:
        for _ in range(_POLLS):
            self._number += 1
            now = datetime.now(UTC)
            date = (now - timedelta(minutes=5)).strftime("%a, %d %b %Y %H:%M:%S GMT")
            told = "".join(
                f"<item><guid>{self._number}-{kind}</guid><pubDate>{date}</pubDate>"
                f"<title>{title} {self._number}</title></item>"
                for kind, title in enumerate(self._titles)
            )
            body = f"<rss version='2.0'><channel><title>Paper</title>{told}</channel></rss>".encode()
            feed = FeedConfig(url=f"https://paper-{self._number % 50}.example/feed", publisher="Paper")
            parsed = parse_feed(body, feed.url, now, feed.publisher, dict(_HEADERS))
            self._absorb(Arrival(feed, Received(Fetched(body), parsed=parsed, body_digest=str(self._number))), now)


if __name__ == "__main__":
    main(int(sys.argv[1].replace(",", "").replace("_", "")) if len(sys.argv) > 1 else size(1_000_000, 1_000))
