"""What was received of a feed, taken into the store: its items, how it fares, when it is due again.

What is then made of items that are new or were edited is somebody else's: they are learned from at once
(:mod:`monitor.pipeline.absorb`), or put in line (:mod:`monitor.pipeline.staging`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection

from monitor.config import FeedConfig
from monitor.feeds.document import ParsedFeed
from monitor.feeds.fetch import Fetched
from monitor.manners.failure import Failure
from monitor.manners.host import host_of, slowed
from monitor.manners.schedule import TOO_MANY_REQUESTS, Heard, failed, well
from monitor.manners.state import FeedState, Pace
from monitor.model import Stance, Transition
from monitor.pipeline.receive import Received
from monitor.store.counts import ITEMS, VERSIONS, count_more
from monitor.store.feeds import Carried, Poll, add_polls, feed_state, save_carried, save_feeds, states_of
from monitor.store.gaps import Polled, note_gaps
from monitor.store.hosts import host_state, save_host
from monitor.store.items import Saved, note_served, save_items
from monitor.store.quarantine import Quarantined, set_aside
from monitor.store.turns import lock_feeds

DEFAULT_PACE = Pace(timedelta(minutes=30), timedelta(minutes=30))
# That an item is still served need be known to within a day.
_NOTED_EVERY = timedelta(hours=20)


@dataclass(frozen=True, slots=True)
class Absorbed:
    """What one poll brought. ``outcome`` is ``ok``, ``unchanged`` or ``failed``, or ``waiting`` where the server asked
    not to be asked yet; ``error`` says why. ``stances`` counts the evidence found, ``next_at`` is when to poll again
    (UTC)."""

    url: str
    outcome: str
    received: int = 0
    new: int = 0
    edited: int = 0
    stances: Mapping[Stance, int] = field(default_factory=dict)
    error: str = ""
    failure: Failure | None = None
    status: int | None = None
    transitions: tuple[Transition, ...] = ()
    next_at: datetime | None = None

    @property
    def evidence(self) -> int:
        """How many pieces of evidence were found."""
        return sum(self.stances.values())


@dataclass(frozen=True, slots=True)
class Arrival:
    """What was received of a feed; ``pace`` bounds how often it is polled: it plans the next poll, and a longer silence
    is a gap in coverage."""

    feed: FeedConfig
    received: Received
    pace: Pace = DEFAULT_PACE

    @property
    def is_unchanged(self) -> bool:
        return not self.received.error and self.received.parsed is None


class Learned(NamedTuple):
    """How much evidence of which stance was found in items, and what that changed."""

    found: Mapping[Stance, int] = {}
    transitions: Sequence[Transition] = ()


# What is made of items that are new or were edited; whether people are to hear of it.
Learn = Callable[[Saved, bool], Learned]


def take_unchanged(connection: Connection, arrivals: Sequence[Arrival], now: datetime) -> list[Absorbed]:
    """Note that these feeds brought nothing new."""
    lock_feeds(connection, [arrival.feed.url for arrival in arrivals])
    known = states_of(connection, [arrival.feed.url for arrival in arrivals])
    note_gaps(connection, [Polled(known[one.feed.url], one.pace.shortest, succeeded=True) for one in arrivals], now)
    states = []
    for arrival in arrivals:
        fetched, url = arrival.received.fetched, arrival.feed.url
        heard = Heard(fetched.asked or url, fetched.led_to or url, unchanged=True)
        states.append(well(known[url], heard, fetched.demands, now, arrival.pace))
    save_feeds(connection, states)
    add_polls(connection, [Poll(state.url, now, "unchanged") for state in states])
    count_more(connection, {"unchanged": len(states)})
    return [Absorbed(state.url, "unchanged", next_at=state.next_at) for state in states]


def take_arrival(
    connection: Connection,
    arrival: Arrival,
    moment: datetime,
    now: datetime,
    reading: str,
    learn: Learn,
    *,
    first: bool,
) -> Absorbed:
    """Take in what was received of a feed that did change, at ``moment`` of the second clock.

    ``learn`` is told of its items, read with the rules of the digest ``reading``; whether it is the ``first`` poll of
    the transaction matters for gaps in running.
    """
    lock_feeds(connection, [arrival.feed.url])
    received = arrival.received
    # Plans go by the time of day as it is now, whatever it was before somebody set the clock.
    known = feed_state(connection, arrival.feed.url)
    note_gaps(connection, [Polled(known, arrival.pace.shortest, not received.error)], now, first=first)
    released = _set_aside(connection, arrival.feed, received, moment)
    if received.parsed is None or (received.error and not released):
        return _note_failure(connection, arrival, known, now)
    return _take_in(connection, arrival, received.parsed, known, released, moment, now, reading, learn)


def _note_failure(connection: Connection, arrival: Arrival, known: FeedState, now: datetime) -> Absorbed:
    feed, received = arrival.feed, arrival.received
    fetched = received.fetched
    state = failed(known, received.error, fetched.status, fetched.demands, now, arrival.pace)
    save_feeds(connection, [state])
    if fetched.status == TOO_MANY_REQUESTS:
        _slow_host(connection, fetched, now)
    add_polls(connection, [Poll(feed.url, now, "failed")])
    count_more(connection, {"failed": 1})
    return Absorbed(
        feed.url,
        "failed",
        error=received.error,
        failure=received.failure,
        status=fetched.status,
        next_at=state.next_at,
    )


def _take_in(
    connection: Connection,
    arrival: Arrival,
    parsed: ParsedFeed,
    known: FeedState,
    released: frozenset[str],
    moment: datetime,
    now: datetime,
    reading: str,
    learn: Learn,
) -> Absorbed:
    """What a document brought, from its items to the log. Those ``released`` from quarantine are among them."""
    feed, received = arrival.feed, arrival.received
    fetched = received.fetched
    items = (*parsed.items, *(suspect.item for suspect in parsed.suspects if suspect.item.id in released))
    saved = save_items(connection, feed.url, feed.grade, items, moment, reading)
    # What a feed holds when it is first read was there before: it counts, and is no news to anybody.
    is_news = known.succeeded_at is not None
    learned = learn(saved, is_news) if saved.new or saved.edited else Learned()
    heard = Heard(
        fetched.asked or feed.url, fetched.led_to or feed.url, len(saved.new), parsed.spacing, parsed.update_period
    )
    state = replace(
        well(known, heard, fetched.demands, now, arrival.pace),
        title=parsed.title,
        # Only now that the body was read: or what it held would never be asked for again.
        etag=fetched.validators.etag,
        last_modified=fetched.validators.last_modified,
        body_digest=received.body_digest,
        read_at=now,
        warning=parsed.warning,
        items_seen=known.items_seen + len(saved.new),
    )
    save_feeds(connection, [state])
    _note_carried(connection, feed.url, parsed, received.carried, moment)
    counts = len(items) + len(parsed.again), len(saved.new), len(saved.edited)
    add_polls(connection, [Poll(feed.url, now, "ok", *counts)])
    count_more(connection, {"ok": 1, ITEMS: len(saved.new), VERSIONS: saved.wordings})
    return Absorbed(
        feed.url, "ok", *counts, learned.found, transitions=tuple(learned.transitions), next_at=state.next_at
    )


def _note_carried(connection: Connection, url: str, parsed: ParsedFeed, carried: Carried, moment: datetime) -> None:
    """Remember what the feed carries, in place of what it ``carried`` before, and once a day that it still does."""
    served_at = carried.served_at
    if served_at is None or moment - served_at > _NOTED_EVERY:
        note_served(connection, parsed.again, moment)
        served_at = moment
    if parsed.known or carried.entries:
        save_carried(connection, url, Carried(parsed.known, served_at))


def _set_aside(connection: Connection, feed: FeedConfig, received: Received, moment: datetime) -> frozenset[str]:
    if received.parsed is None or not received.parsed.suspects:
        return frozenset()
    return set_aside(
        connection,
        [
            Quarantined(s.item.id, feed.url, s.why, moment, None, s.item.title, s.item.text)
            for s in received.parsed.suspects
        ],
    )


def _slow_host(connection: Connection, fetched: Fetched, moment: datetime) -> None:
    host = host_of(fetched.asked)
    save_host(connection, slowed(host_state(connection, host), host, fetched.demands.retry_after, moment))
