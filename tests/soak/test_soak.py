"""A soak: days of simulated time over many feeds, with faults of every kind. Nothing is lost, and memory stays flat.

The default run is short; ``MONITOR_TEST_SOAK=1000x7`` is a thousand feeds for a week.
"""

from __future__ import annotations

import asyncio
import gc
import gzip
import heapq
import os
import random
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

from aiohttp import web
from sqlalchemy import text

from monitor.config import Config
from monitor.daemon.heap import give_back
from monitor.daemon.keeping import Absorbing
from monitor.daemon.round import new_poller, poll_all
from monitor.match.lookup.compiled import CompiledRules
from monitor.pipeline.arrival import Absorbed
from monitor.pipeline.rebuild import what_does_not_follow
from monitor.store.database import Store, open_store

BEGIN = datetime(2026, 3, 27, tzinfo=UTC)
FEEDS, DAYS = (int(part) for part in os.environ.get("MONITOR_TEST_SOAK", "40x2").split("x"))
# Feeds share hosts, so that a host that says "too many requests" slows several.
HOSTS = max(4, FEEDS // 8)
FAULTS = ("500", "404", "429", "dropped", "cut", "garbage", "page", "error item", "bomb", "moved", "empty")
BOMB = gzip.compress(b"0" * 20_000_000)


@dataclass
class World:
    """Feeds that publish by a timetable of their own, and servers that fail by chance.

    Each has published ``history`` items by the beginning, and carries the latest ``window`` of them.
    """

    now: datetime = BEGIN
    history: int = 1
    window: int = 200
    faults: bool = True
    chance: random.Random = field(default_factory=lambda: random.Random(2021))
    met: Counter[str] = field(default_factory=Counter)

    def published(self, feed: int, until: datetime) -> int:
        """How many items a feed has published: one in one to twelve hours."""
        return self.history + int((until - BEGIN) / (timedelta(hours=1) * (1 + feed % 12)))

    def document(self, feed: int) -> bytes:
        count = self.published(feed, self.now)
        items = "".join(self._item(feed, number) for number in range(max(0, count - self.window), count))
        return f"<rss version='2.0'><channel><title>Feed {feed}</title>{items}</channel></rss>".encode()

    def _item(self, feed: int, number: int) -> str:
        at = BEGIN + (number + 1 - self.history) * timedelta(hours=1) * (1 + feed % 12)
        is_deed = feed % 20 == 0 and number % 50 == 7
        title = "Taliban ban women from universities" if is_deed else f"Report {number} of feed {feed}"
        date = format_datetime(at, usegmt=True)
        return f"<item><guid>{feed}-{number}</guid><title>{title}</title><pubDate>{date}</pubDate></item>"

    async def answer(self, request: web.Request) -> web.StreamResponse:
        feed = int(request.match_info["feed"])
        body = self.document(feed)
        etag = f'"{feed}-{self.published(feed, self.now)}"'
        fault = self.chance.choice(FAULTS) if self.faults and self.chance.random() < 0.15 else ""
        self.met[fault] += 1
        return self._refusal(request, fault) or self._spoilt(fault, body, etag) or self._sound(request, body, etag)

    def _refusal(self, request: web.Request, fault: str) -> web.Response | None:
        """What a server says that gives no document."""
        match fault:
            case "500" | "404":
                return web.Response(status=int(fault))
            case "429":
                return web.Response(status=429, headers={"Retry-After": "1800"})
            case "dropped":
                assert request.transport is not None
                request.transport.abort()
                return web.Response()
            case "moved" if "again" not in request.query:
                raise web.HTTPMovedPermanently(f"{request.path}?again=1")
        return None

    def _spoilt(self, fault: str, body: bytes, etag: str) -> web.Response | None:
        """A document that is not what the feed published."""
        match fault:
            case "garbage":
                return web.Response(body=self.chance.randbytes(500), headers={"ETag": etag})
            case "page":
                return web.Response(text="<html><body>We are mending this.</body></html>", headers={"ETag": etag})
            case "error item":
                item = b"<item><guid>e</guid><title>Bridge returned error 502!</title></item>"
                return web.Response(body=b"<rss><channel>" + item + b"</channel></rss>", headers={"ETag": etag})
            case "bomb":
                return web.Response(body=BOMB, headers={"Content-Encoding": "gzip"})
            case "empty":
                return web.Response(body=b"")
            case "cut":
                return web.Response(body=gzip.compress(body)[:-20], headers={"Content-Encoding": "gzip"})
        return None

    def _sound(self, request: web.Request, body: bytes, etag: str) -> web.Response:
        """The document as it was published, or that it is unchanged."""
        if request.headers.get("If-None-Match") == etag:
            return web.Response(status=304, headers={"ETag": etag})
        return web.Response(body=body, content_type="application/rss+xml", headers={"ETag": etag})


def resident() -> int:
    """Bytes of memory in use by this process, once what is free was given back, as the daemon does."""
    gc.collect()
    give_back()
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


async def live(world: World, store: Store, rules: CompiledRules) -> tuple[list[int], Counter[str]]:
    """Poll as the daemon does, by what each poll plans, on a clock that jumps; memory is noted once a day."""
    app = web.Application()
    app.router.add_get("/feeds/{feed}", world.answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "0.0.0.0", 0)
    await site.start()
    port = runner.addresses[0][1]
    urls = [f"http://127.0.1.{1 + n % HOSTS % 250}:{port}/feeds/{n}" for n in range(FEEDS)]
    config = Config.model_validate(
        {
            "daemon": {"interval": "8h", "longest_interval": "1d"},
            "fetch": {"allow_addresses": ["127.0.0.0/8"], "host_spacing": 0, "max_bytes": 1_000_000},
            "feeds": [{"url": url, "publisher": f"Publisher {n}"} for n, url in enumerate(urls)],
        }
    )
    outcomes: Counter[str] = Counter()
    memory: list[int] = []
    plan = [(BEGIN, n) for n in range(FEEDS)]
    end = BEGIN + timedelta(days=DAYS)
    keeping = Absorbing(store, rules, clock=lambda: world.now)
    async with new_poller(store, keeping, config, clock=lambda: world.now) as poller:
        while plan[0][0] < end:
            now_due = list(_due(plan, plan[0][0] + timedelta(minutes=10)))
            today = world.now.date()
            world.now = max(world.now, now_due[-1][0])
            if world.now.date() != today:
                memory.append(resident())

            def done(absorbed: Absorbed) -> None:
                outcomes[absorbed.outcome] += 1
                assert absorbed.next_at is not None
                assert absorbed.next_at > world.now
                heapq.heappush(plan, (absorbed.next_at, urls.index(absorbed.url)))

            await poll_all(poller, [config.feeds[n] for _, n in now_due], done)
        world.faults = False
        world.now = max(world.now, end) + timedelta(days=1)
        await poll_all(poller, config.feeds, lambda absorbed: outcomes.update([f"last {absorbed.outcome}"]))
    await runner.cleanup()
    return memory, outcomes


def _due(plan: list[tuple[datetime, int]], until: datetime) -> Iterator[tuple[datetime, int]]:
    while plan and plan[0][0] <= until:
        yield heapq.heappop(plan)


def test_nothing_is_lost_and_memory_stays_flat(tmp_path: Path, starter_rules: CompiledRules) -> None:
    world = World()
    store = open_store(f"sqlite:///{tmp_path}/soak.db")
    try:
        memory, outcomes = asyncio.run(live(world, store, starter_rules))
        with store.read() as connection:
            stored = Counter(int(guid.split("/")[-1]) for guid in connection.scalars(text("SELECT feed FROM items")))
            titles = set(connection.scalars(text("SELECT title FROM versions")))
            held = connection.scalar(text("SELECT count(*) FROM quarantine"))
            does_not_follow = list(what_does_not_follow(connection, lambda *_: None))
    finally:
        store.close()
    sys.stderr.write(f"{FEEDS} feeds, {DAYS} days: {dict(outcomes)}; faults: {dict(world.met)}; memory: {memory}\n")
    assert set(outcomes) >= {"ok", "unchanged", "failed"}
    assert outcomes["last ok"] + outcomes["last unchanged"] == FEEDS
    assert set(world.met) == {"", *FAULTS}
    # Every item that was ever published, once: each feed still shows what it published when nobody could read it.
    assert stored == {feed: world.published(feed, world.now) for feed in range(FEEDS)}
    assert not any("error" in title for title in titles)
    assert held
    assert does_not_follow == []
    if len(memory) >= 6:
        # Caches fill, and are full then; a leak would go on as it began.
        third = len(memory) // 3
        assert memory[-1] - memory[-1 - third] < 0.7 * (memory[third] - memory[0]) + 8_000_000
