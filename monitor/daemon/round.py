"""Polling feeds: fetch concurrently, absorb one after another."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from datetime import datetime

import aiohttp

from monitor.clock import utc_now
from monitor.config import Config, FeedConfig
from monitor.feeds.fetch import Validators, fetch, new_session
from monitor.match.compiled import CompiledRules
from monitor.model import Transition
from monitor.pipeline.absorb import Absorbed, absorb, read_waiting
from monitor.store.database import Store
from monitor.store.feeds import feed_state


class Poller:
    """Polls feeds of one configuration into one store. Absorbing is serial: the store has one writer."""

    def __init__(
        self,
        store: Store,
        rules: CompiledRules,
        config: Config,
        session: aiohttp.ClientSession,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self._store = store
        self._rules = rules
        self._config = config
        self._session = session
        self._clock = clock
        self._writer = asyncio.Lock()
        self._places = asyncio.Semaphore(config.daemon.concurrency)

    @property
    def rules(self) -> CompiledRules:
        """The rules that items are read with."""
        return self._rules

    async def put_in_force(self, rules: CompiledRules) -> list[Transition]:
        """Read everything stored with ``rules``, log what that changes, and read with them from now on.

        Raises :class:`~monitor.store.database.StoreError` when the database fails; the rules are then as before.
        """
        async with self._writer:
            transitions = await asyncio.to_thread(read_waiting, self._store, rules, self._clock())
            self._rules = rules
        return transitions

    async def poll(self, feed: FeedConfig) -> Absorbed:
        """One feed, from its server to the status log.

        Raises :class:`~monitor.store.database.StoreError` when the database fails; the feed is then as before.
        """
        async with self._places:
            known = await asyncio.to_thread(self._validators, feed)
            fetched = await fetch(self._session, self._config, feed, known)
        async with self._writer:
            interval = feed.interval or self._config.daemon.interval
            return await asyncio.to_thread(absorb, self._store, self._rules, feed, fetched, self._clock(), interval)

    def _validators(self, feed: FeedConfig) -> Validators:
        with self._store.read() as connection:
            state = feed_state(connection, feed.url)
        return Validators(state.etag, state.last_modified)


@asynccontextmanager
async def new_poller(
    store: Store, rules: CompiledRules, config: Config, clock: Callable[[], datetime] = utc_now
) -> AsyncIterator[Poller]:
    async with new_session(config) as session:
        yield Poller(store, rules, config, session, clock)


async def poll_all(poller: Poller, feeds: Iterable[FeedConfig], done: Callable[[Absorbed], None]) -> list[Absorbed]:
    """Poll every feed once; ``done`` hears of each as it is finished."""

    async def one(feed: FeedConfig) -> Absorbed:
        absorbed = await poller.poll(feed)
        done(absorbed)
        return absorbed

    return list(await asyncio.gather(*(one(feed) for feed in feeds)))
