"""A short profile: where the time goes in matching, in a first poll, in later polls, or in a status.

    python tests/benchmarks/where_time_goes.py matching|first-poll|later-polls|status

Shown is what takes two per cent or more. The polls are those of ``polling.py`` without the network, one after another.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from made_database import made_database
from made_feeds import SIGNALS, document
from made_news import rulesets, some_news, wordings
from pyinstrument import Profiler
from pyinstrument.renderers import ConsoleRenderer
from side_by_side import size

from monitor.config import FeedConfig
from monitor.feeds.fetch import Fetched
from monitor.feeds.parse import parse_feed
from monitor.match.item_reader import read_item
from monitor.match.lookup.compiled import CompiledRules
from monitor.pipeline.absorb import absorb_all, read_waiting
from monitor.pipeline.arrival import Arrival
from monitor.pipeline.logbook import knowledge_in_brief
from monitor.pipeline.memory import Memory
from monitor.pipeline.receive import Received
from monitor.report.overview import read_overview
from monitor.store.database import open_store
from monitor.store.feeds import Carried

_FEEDS = size(100, 5)
_HEADERS = {"content-type": "application/rss+xml; charset=utf-8"}


@contextmanager
def _profiled() -> Iterator[None]:
    profiler = Profiler(interval=0.0005)
    profiler.start()
    yield
    profiler.stop()
    renderer = ConsoleRenderer(unicode=True, color=sys.stdout.isatty())
    renderer.processor_options = {"filter_threshold": 0.02}
    print(profiler.output(renderer))


def matching() -> None:
    wanted = wordings(10_000)
    rules = CompiledRules(rulesets(wanted))
    items = some_news(wanted, 0.05, 10_000)
    for item in items[:2_000]:
        read_item(rules, item)
    with _profiled():
        for item in items:
            read_item(rules, item)


def first_poll() -> None:
    _polls(profile_from=0)


def later_polls() -> None:
    _polls(profile_from=1)


def _polls(profile_from: int) -> None:
    documents = [[document(feed, edition) for feed in range(_FEEDS)] for edition in range(4 if profile_from else 1)]
    with tempfile.TemporaryDirectory(prefix="monitor-benchmark-") as folder:
        store = open_store(f"sqlite:///{folder}/monitor.db")
        rules = CompiledRules(rulesets(wordings(SIGNALS)))
        read_waiting(store, rules, datetime.now(UTC))
        memory = Memory()
        carried = [Carried()] * _FEEDS

        def poll(edition: int) -> None:
            for number, body in enumerate(documents[edition]):
                feed = FeedConfig(url=f"https://paper-{number}.example/feed", publisher=f"Paper {number}")
                now = datetime.now(UTC)
                before = carried[number]
                parsed = parse_feed(body, feed.url, now, feed.publisher, dict(_HEADERS), before.entries)
                carried[number] = Carried(parsed.known, before.served_at or now)
                received = Received(Fetched(), parsed=parsed, body_digest=f"{edition}", carried=before)
                absorb_all(store, rules, [Arrival(feed, received)], now, memory)

        for edition in range(profile_from):
            poll(edition)
        with _profiled():
            for edition in range(profile_from, len(documents)):
                poll(edition)
        store.close()


def status() -> None:
    with tempfile.TemporaryDirectory(prefix="monitor-benchmark-") as folder:
        config, store, rules = made_database(Path(folder), *size((100_000, 5_000), (1_000, 100)))
        with _profiled(), store.read() as connection:
            read_overview(connection, rules.rulesets, config, datetime.now(UTC), knowing=knowledge_in_brief)
        store.close()


SUBJECTS: dict[str, Callable[[], None]] = {
    "matching": matching,
    "first-poll": first_poll,
    "later-polls": later_polls,
    "status": status,
}


if __name__ == "__main__":
    chosen = SUBJECTS.get(sys.argv[1]) if len(sys.argv) == 2 else None
    if chosen is None:
        raise SystemExit(f"say what to look at: {', '.join(SUBJECTS)}")
    chosen()
