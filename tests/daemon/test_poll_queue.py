"""The queue of hosts: each once in line, one worker at a time, and tables that fit the library."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from databases import database, execute, fetch
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import make_url

from monitor.daemon.due_plan import DuePlan
from monitor.daemon.poll_queue import PollQueue
from monitor.store.database import StoreError, StoreUnavailable

SCHEMA = "condition_monitor_queue"
NOW = datetime(2026, 6, 1, tzinfo=UTC)


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    with database("postgresql", tmp_path) as url:
        yield url


def waiting(url: str) -> list[str]:
    return [host for (host,) in fetch(url, f"SELECT lock FROM {SCHEMA}.procrastinate_jobs ORDER BY id")]


def test_a_host_stands_in_line_once_and_is_polled_by_one_at_a_time(url: str) -> None:
    running: set[str] = set()
    again: set[str] = set()
    polled: list[str] = []

    async def run() -> None:
        queue = PollQueue(make_url(url))
        enough = asyncio.Event()

        async def poll(host: str) -> None:
            assert host not in running
            running.add(host)
            if host not in again:
                again.add(host)
                # While it runs, it may be due again, and waits for its turn.
                await queue.offer([host])
            await asyncio.sleep(0.02)
            running.discard(host)
            polled.append(host)
            if len(polled) == 8:
                enough.set()

        async with queue.opened():
            await queue.offer(["a", "b"])
            await queue.offer(["b", "c", "d", "a"])
            assert waiting(url) == ["a", "b", "c", "d"]
            working = asyncio.create_task(queue.work(poll, 4))
            await asyncio.wait_for(enough.wait(), 20)
            working.cancel()
            await asyncio.gather(working, return_exceptions=True)

    asyncio.run(run())
    assert sorted(polled) == ["a", "a", "b", "b", "c", "c", "d", "d"]
    assert waiting(url) == []


def test_tables_of_another_version_are_made_anew_and_a_newer_one_is_respected(url: str) -> None:
    async def offered() -> None:
        queue = PollQueue(make_url(url))
        async with queue.opened():
            await queue.offer(["a"])

    asyncio.run(offered())
    execute(url, f"COMMENT ON SCHEMA {SCHEMA} IS '3.0.0'")
    execute(url, f"DROP TABLE {SCHEMA}.procrastinate_events")
    asyncio.run(offered())
    assert waiting(url) == ["a"]
    execute(url, f"COMMENT ON SCHEMA {SCHEMA} IS '99.1.0'")
    with pytest.raises(StoreError, match=r"procrastinate 99\.1\.0"):
        asyncio.run(offered())


def test_a_database_that_is_away_is_said_in_one_sentence() -> None:
    async def opened() -> None:
        async with PollQueue(make_url("postgresql://nobody@127.0.0.1:1/none")).opened():
            pass

    with pytest.raises(StoreUnavailable, match="the queue cannot be used") as error:
        asyncio.run(opened())
    assert "\n" not in str(error.value)


@given(st.lists(st.integers(0, 50), min_size=1, max_size=30), st.integers(1, 7))
def test_the_plan_names_each_feed_when_it_is_due_the_earliest_first(minutes: list[int], most: int) -> None:
    plan = DuePlan((), NOW)
    for number, minute in enumerate(minutes):
        plan.put(f"{minute:02}-{number}", NOW + timedelta(minutes=minute))
    for minute in range(51):
        due = []
        while taken := plan.take(NOW + timedelta(minutes=minute), most):
            assert len(taken) <= most
            due += taken
        assert sorted(due) == sorted(f"{minute:02}-{number}" for number, m in enumerate(minutes) if m == minute)
