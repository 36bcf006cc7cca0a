"""Several take in news at the same time: what is told twice is stored once, and nobody stands in another's way."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from databases import ENGINES, database, fetch
from loopback import rss

from monitor.config import FeedConfig
from monitor.daemon.keeping import Absorbing
from monitor.feeds.fetch import Fetched
from monitor.match.lookup.compiled import CompiledRules
from monitor.pipeline.absorb import read_waiting
from monitor.pipeline.arrival import Arrival
from monitor.pipeline.memory import Memory
from monitor.pipeline.rebuild import what_does_not_follow
from monitor.pipeline.receive import receive
from monitor.pipeline.staging import OtherRules, assess_waiting, take_in_all
from monitor.store.database import Store, StoreUnavailable, open_store

NOW = datetime(2022, 12, 21, 12, tzinfo=UTC)


@pytest.fixture(params=ENGINES)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    with database(request.param, tmp_path) as url:
        yield url


def arrival(feed: int, items: int) -> Arrival:
    entries = [
        {"guid": f"{n}", "title": f"Taliban ban women from university {n}" if n % 3 == 0 else f"Report {n} of {feed}"}
        for n in range(items)
    ]
    config = FeedConfig(url=f"https://example.org/{feed}", publisher=f"Paper {feed}")
    return Arrival(config, receive(config, Fetched(rss(*entries)), NOW))


def test_many_who_bring_the_same_at_once_store_it_once(url: str, starter_rules: CompiledRules) -> None:
    with ExitStack() as stack:
        stores = [stack.enter_context(closing(open_store(url))) for _ in range(4)]
        read_waiting(stores[0], starter_rules, NOW)
        errors: list[Exception] = []

        def work(store: Store) -> None:
            try:
                for round_ in range(1, 6):
                    for feed in range(3):
                        take_in_all(store, starter_rules, [arrival(feed, 3 * round_)], NOW)
            except Exception as error:
                errors.append(error)

        def assess() -> None:
            for minute in range(20):
                for _ in assess_waiting(stores[0], starter_rules, NOW + timedelta(minutes=minute), Memory()):
                    pass

        threads = [threading.Thread(target=work, args=(store,)) for store in stores[1:]]
        threads.append(threading.Thread(target=assess))
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert errors == []
        list(assess_waiting(stores[0], starter_rules, NOW + timedelta(hours=1), Memory()))
        assert fetch(url, "SELECT count(*), count(DISTINCT id) FROM items") == [(45, 45)]
        assert fetch(url, "SELECT count(*) FROM versions") == [(45,)]
        assert fetch(url, "SELECT number FROM counts WHERE name = 'items'") == [(45,)]
        assert fetch(url, "SELECT count(*) FROM evidence") == [(15,)]
        with stores[0].read() as connection:
            assert list(what_does_not_follow(connection, lambda *_: None)) == []


def test_what_workers_left_behind_is_assessed_by_whoever_watches_next(url: str, starter_rules: CompiledRules) -> None:
    with closing(open_store(url)) as store:
        read_waiting(store, starter_rules, NOW)
        take_in_all(store, starter_rules, [arrival(1, 3)], NOW)
        assert fetch(url, "SELECT count(*) FROM evidence") == [(0,)]
        asyncio.run(Absorbing(store, starter_rules).put_in_force(starter_rules))
        assert fetch(url, "SELECT count(*) FROM evidence") == [(1,)]
        assert fetch(url, "SELECT count(*) FROM unassessed") == [(0,)]


def test_what_one_poll_brought_is_assessed_at_one_moment_however_much_it_is(
    url: str, starter_rules: CompiledRules
) -> None:
    with closing(open_store(url)) as store:
        read_waiting(store, starter_rules, NOW)
        take_in_all(store, starter_rules, [arrival(1, 3)], NOW)
        take_in_all(store, starter_rules, [arrival(2, 900)], NOW)
        list(assess_waiting(store, starter_rules, NOW + timedelta(minutes=1), Memory()))
        moments = fetch(url, "SELECT count(*), count(DISTINCT recorded) FROM evidence GROUP BY recorded")
        assert sorted(moments) == [(1, 1), (300, 1)]


def test_nothing_is_taken_in_under_rules_that_are_not_in_force(url: str, starter_rules: CompiledRules) -> None:
    with closing(open_store(url)) as store:
        with pytest.raises(StoreUnavailable, match="no rules are in force yet"):
            take_in_all(store, starter_rules, [arrival(1, 3)], NOW)
        read_waiting(store, starter_rules, NOW)
        with pytest.raises(OtherRules):
            take_in_all(store, CompiledRules(()), [arrival(1, 3)], NOW)
        assert fetch(url, "SELECT count(*) FROM items") == [(0,)]
        # Read under rules that were replaced while it waited, it is read again.
        take_in_all(store, starter_rules, [arrival(1, 3)], NOW)
        read_waiting(store, CompiledRules(()), NOW)
        list(assess_waiting(store, starter_rules, NOW + timedelta(minutes=1), Memory()))
        assert fetch(url, "SELECT count(*) FROM evidence WHERE withdrawn IS NULL") == [(1,)]
        assert fetch(url, "SELECT count(*) FROM unassessed") == [(0,)]
        with store.read() as connection:
            assert list(what_does_not_follow(connection, lambda *_: None)) == []
