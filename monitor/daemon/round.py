"""Polling feeds: fetch concurrently, absorb one after another."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from datetime import datetime

import aiohttp

from monitor.clock import utc_now
from monitor.config import Config, FeedConfig
from monitor.daemon.apart import Stopped, apart
from monitor.feeds.fetch import Fetched, Validators, fetch, new_session
from monitor.feeds.host_gate import HostGate
from monitor.manners.failure import Failure
from monitor.manners.host import host_of, patience
from monitor.manners.redirect import address_of
from monitor.manners.state import FeedState
from monitor.match.compiled import CompiledRules
from monitor.model import Transition
from monitor.pipeline.absorb import Absorbed, absorb, read_waiting
from monitor.pipeline.receive import Received, receive
from monitor.store.database import Store
from monitor.store.feeds import feed_state
from monitor.store.hosts import host_state

# Bytes. Up to here even a document made to be slow is parsed within seconds.
_LONG = 200_000
# Seconds. What takes longer was made to take longer.
_LONGEST_PARSING = 60.0


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
        # The feeds that have their turn right now, since when: those that wait in line for it are none of them.
        self.polling: dict[str, datetime] = {}
        self._gate = HostGate(config.fetch.host_concurrency, config.fetch.host_spacing)

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

        A server that asked to be left alone is not asked. Raises :class:`~monitor.store.database.StoreError` when the
        database fails; the feed is then as before.
        """
        # A file has no host, and no other file has to wait for it.
        async with self._gate.turn(host_of(feed.url) or feed.url), self._places, self._noted(feed):
            state, until = await asyncio.to_thread(self._look_up, feed)
            if until is not None:
                asked = f"the server asked not to be asked again before {until:%Y-%m-%d %H:%M} UTC"
                return Absorbed(feed.url, "waiting", error=asked, next_at=until)
            validators = Validators(state.etag, state.last_modified)
            now = self._clock()
            fetched = await fetch(self._session, self._config, feed, now, validators, address_of(state, now))
            received = await self._received(feed, fetched, now, state.body_digest)
        async with self._writer:
            pace = self._config.pace(feed)
            return await asyncio.to_thread(absorb, self._store, self._rules, feed, received, self._clock(), pace)

    async def _received(self, feed: FeedConfig, fetched: Fetched, now: datetime, known_digest: str) -> Received:
        """What was fetched, parsed: a long document in a process apart, which can be stopped if it takes too long."""
        if len(fetched.body) <= _LONG:
            return await asyncio.to_thread(receive, feed, fetched, now, known_digest)
        try:
            return await asyncio.to_thread(apart, _LONGEST_PARSING, receive, feed, fetched, now, known_digest)
        except Stopped as stopped:
            return Received(fetched, f"it could not be parsed: {stopped}", Failure.TIMEOUT)

    @asynccontextmanager
    async def _noted(self, feed: FeedConfig) -> AsyncIterator[None]:
        self.polling[feed.url] = self._clock()
        try:
            yield
        finally:
            del self.polling[feed.url]

    def _look_up(self, feed: FeedConfig) -> tuple[FeedState, datetime | None]:
        """What is known of ``feed``, and until when its server wants it left alone."""
        now = self._clock()
        with self._store.read() as connection:
            state = feed_state(connection, feed.url)
            host = host_state(connection, host_of(address_of(state, now)))
        return state, patience(state, host, now)


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
