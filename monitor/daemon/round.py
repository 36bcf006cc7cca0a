"""Polling feeds: fetched concurrently, kept together."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

import aiohttp

from monitor.clock import utc_now
from monitor.config import Config, FeedConfig
from monitor.daemon.batches import Batches
from monitor.daemon.keeping import TOGETHER, Keeping
from monitor.daemon.parsers import Parsers, Stopped
from monitor.feeds.document import NotAFeed
from monitor.feeds.fetch import Fetched, Validators, fetch, new_session
from monitor.feeds.host_gate import HostGate
from monitor.feeds.parse import parse_feed
from monitor.manners.failure import Failure
from monitor.manners.host import host_of, patience
from monitor.manners.redirect import address_of
from monitor.manners.state import FeedState
from monitor.pipeline.arrival import Absorbed, Arrival
from monitor.pipeline.receive import Received, digest_of, parsed, unparsed
from monitor.store.database import Store
from monitor.store.feeds import Carried, carried_by, states_of
from monitor.store.hosts import host_states

# Bytes. Up to here even a document made to be slow is parsed within seconds.
_LONG = 200_000
# With fewer bytes than this, or so few feeds polled at a time, a document is not worth a process.
_SHORT = 8_000
_FEW = 3
# What brings no more items than this takes little memory while it waits to be stored.
_LIGHT = 10


@dataclass(frozen=True, slots=True)
class _LookedUp:
    """What is known of a feed before it is asked, and until when its server wants it left alone."""

    state: FeedState
    carried: Carried
    until: datetime | None


class Poller:
    """Polls feeds of one configuration; ``keeping`` brings what they bring into ``store``."""

    def __init__(
        self,
        store: Store,
        keeping: Keeping,
        config: Config,
        session: aiohttp.ClientSession,
        parsers: Parsers,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self._store = store
        self._keeping = keeping
        self._config = config
        self._session = session
        self._parsers = parsers
        self._clock = clock
        self._look_ups: Batches[FeedConfig, _LookedUp] = Batches(self._look_up, TOGETHER)
        self._places = asyncio.Semaphore(config.daemon.concurrency)
        # The feeds that have their turn right now, since when: those that wait in line for it are none of them.
        self.polling: dict[str, datetime] = {}
        self._gate = HostGate(config.fetch.host_concurrency, config.fetch.host_spacing)

    async def poll(self, feed: FeedConfig) -> Absorbed:
        """One feed, from its server to the status log.

        A server that asked to be left alone is not asked. Raises :class:`~monitor.store.database.StoreError` when the
        database fails; the feed is then as before.
        """
        async with self._gate.turn(turn_of(feed)), self._places, self._noted(feed):
            known = await self._look_ups.do(feed)
            if known.until is not None:
                asked = f"the server asked not to be asked again before {known.until:%Y-%m-%d %H:%M} UTC"
                return Absorbed(feed.url, "waiting", error=asked, next_at=known.until)
            validators = Validators(known.state.etag, known.state.last_modified)
            now = self._clock()
            fetched = await fetch(self._session, self._config, feed, now, validators, address_of(known.state, now))
            body_digest = digest_of(fetched)
            received = unparsed(fetched, body_digest, known.state.body_digest)
            if received is None:
                received = await self._parsed(feed, fetched, now, body_digest, known.carried)
            # With its place still taken: nobody is asked for what would only wait in memory.
            much = received.parsed is not None and len(received.parsed.items) > _LIGHT
            arrival = Arrival(feed, received, self._config.pace(feed))
            absorbed = await self._keeping.batches.hand_in(arrival, TOGETHER // 4 if much else TOGETHER)
        return await absorbed

    async def rest(self, host: str) -> None:
        """Wait until ``host`` may be asked again."""
        await self._gate.rest(host)

    async def _parsed(
        self, feed: FeedConfig, fetched: Fetched, now: datetime, body_digest: str, carried: Carried
    ) -> Received:
        """What was fetched, parsed: in a process apart where there is much to do, or it could be made to take long."""
        arguments = fetched.body, feed.url, now, feed.publisher, fetched.headers, carried.entries
        much = len(fetched.body) > (_SHORT if len(self.polling) > _FEW else _LONG)
        try:
            found = await (self._parsers.parse(*arguments) if much else asyncio.to_thread(parse_feed, *arguments))
        except NotAFeed as problem:
            return parsed(fetched, problem, body_digest, carried)
        except Stopped as stopped:
            return Received(fetched, f"it could not be parsed: {stopped}", Failure.TIMEOUT)
        return parsed(fetched, found, body_digest, carried)

    @asynccontextmanager
    async def _noted(self, feed: FeedConfig) -> AsyncIterator[None]:
        self.polling[feed.url] = self._clock()
        try:
            yield
        finally:
            del self.polling[feed.url]

    def _look_up(self, feeds: Sequence[FeedConfig]) -> list[_LookedUp | Exception]:
        now = self._clock()
        urls = [feed.url for feed in feeds]
        with self._store.read() as connection:
            states, carried = states_of(connection, urls), carried_by(connection, urls)
            names = {url: host_of(address_of(states[url], now)) for url in urls}
            hosts = host_states(connection, set(names.values()))
        return [_LookedUp(states[url], carried[url], patience(states[url], hosts[names[url]], now)) for url in urls]


def turn_of(feed: FeedConfig) -> str:
    """With what a feed has to share its turns: its host; a file has none, and no other file has to wait for it."""
    return host_of(feed.url) or feed.url


@asynccontextmanager
async def new_poller(
    store: Store, keeping: Keeping, config: Config, clock: Callable[[], datetime] = utc_now
) -> AsyncIterator[Poller]:
    parsers = Parsers()
    try:
        async with new_session(config) as session:
            yield Poller(store, keeping, config, session, parsers, clock)
    finally:
        await parsers.close()


async def poll_all(poller: Poller, feeds: Iterable[FeedConfig], done: Callable[[Absorbed], None]) -> list[Absorbed]:
    """Poll every feed once; ``done`` hears of each as it is finished."""

    async def one(feed: FeedConfig) -> Absorbed:
        absorbed = await poller.poll(feed)
        done(absorbed)
        return absorbed

    return list(await asyncio.gather(*(one(feed) for feed in feeds)))
