"""What was received of a feed, taken into the store: its items, how it fares, when it is due again.

What is then made of items that are new or were edited is somebody else's: they are learned from at once
(:mod:`monitor.pipeline.absorb`), or put in line (:mod:`monitor.pipeline.staging`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection

from monitor.config import FeedConfig
from monitor.feeds.document import ParsedFeed
from monitor.feeds.fetch import Fetched
from monitor.feeds.known_entries import KnownEntries
from monitor.manners.failure import Failure
from monitor.manners.host import host_of, slowed
from monitor.manners.schedule import TOO_MANY_REQUESTS, Heard, failed, well
from monitor.manners.state import FeedState, Pace
from monitor.model import Item, Stance, Transition
from monitor.pipeline.receive import Received
from monitor.pipeline.recognise import recognise_items
from monitor.store.counts import ITEMS, VERSIONS, count_more
from monitor.store.feeds import Carried, Poll, add_polls, save_carried, save_feeds, states_of
from monitor.store.gaps import Polled, note_gaps
from monitor.store.hosts import host_state, save_host
from monitor.store.items import Saved, note_served, save_items
from monitor.store.known_items import EntryKeys, KnownItem, Recognised, keys_of, known_items
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

    @property
    def items(self) -> Sequence[Item]:
        """What arrived, those that are suspect among them."""
        parsed = self.received.parsed
        return (*parsed.items, *(suspect.item for suspect in parsed.suspects)) if parsed else ()


class Learned(NamedTuple):
    """How much evidence of which stance was found in items, and what that changed."""

    found: Mapping[Stance, int] = {}
    transitions: Sequence[Transition] = ()


# What is made of items that are new or were edited; whether people are to hear of it.
Learn = Callable[[Saved, bool], Learned]


class Opened(NamedTuple):
    """The moment of the second clock at which an arrival is taken in, who is told of its items, and what time alone had
    brought about by then."""

    moment: datetime
    learn: Learn
    transitions: Sequence[Transition] = ()


_Entry = tuple[Item, EntryKeys]


class _Entries(NamedTuple):
    """The entries of a document that were read, and the stored items of the feed that have anything in common with
    them."""

    read: Sequence[_Entry]
    stored: Sequence[KnownItem]


class _Taken(NamedTuple):
    """What is to be remembered of an arrival."""

    absorbed: Absorbed
    state: FeedState
    poll: Poll
    counts: Mapping[str, int]
    carried: Carried | None = None


def take_in(
    connection: Connection,
    arrivals: Sequence[Arrival],
    now: datetime,
    reading: str,
    open_for: Callable[[Arrival], Opened],
) -> list[Absorbed]:
    """Take in what was received of feeds, of each once; items are read with the rules of the digest ``reading``.

    ``open_for`` opens the moment of every arrival that is not unchanged. Whatever feeds have in common is asked of the
    database once, and written once: that is most of what it costs to take in two new items.
    """
    urls = [arrival.feed.url for arrival in arrivals]
    lock_feeds(connection, urls)
    # Plans go by the time of day as it is now, whatever it was before somebody set the clock.
    known = states_of(connection, urls)
    polled = [Polled(known[one.feed.url], one.pace.shortest, not one.received.error) for one in arrivals]
    note_gaps(connection, polled, now)
    entries = {one.feed.url: [(item, keys_of(one.feed.url, item)) for item in one.items] for one in arrivals}
    stored = known_items(connection, [entry for listed in entries.values() for entry in listed])
    taken = []
    for arrival in arrivals:
        state = known[arrival.feed.url]
        if arrival.is_unchanged:
            taken.append(_note_unchanged(arrival, state, now))
        else:
            opened = open_for(arrival)
            found = _Entries(entries[arrival.feed.url], stored.get(arrival.feed.url, ()))
            one = _take_in(connection, arrival, state, found, opened, now, reading)
            absorbed = replace(one.absorbed, transitions=(*opened.transitions, *one.absorbed.transitions))
            taken.append(one._replace(absorbed=absorbed))
    save_feeds(connection, [one.state for one in taken])
    save_carried(connection, {one.state.url: one.carried for one in taken if one.carried})
    add_polls(connection, [one.poll for one in taken])
    counts: Counter[str] = Counter()
    for one in taken:
        counts.update(one.counts)
    count_more(connection, counts)
    return [one.absorbed for one in taken]


def _note_unchanged(arrival: Arrival, known: FeedState, now: datetime) -> _Taken:
    fetched, url = arrival.received.fetched, arrival.feed.url
    heard = Heard(fetched.asked or url, fetched.led_to or url, unchanged=True)
    state = well(known, heard, fetched.demands, now, arrival.pace)
    absorbed = Absorbed(url, "unchanged", next_at=state.next_at)
    return _Taken(absorbed, state, Poll(url, now, "unchanged"), {"unchanged": 1})


def _note_failure(connection: Connection, arrival: Arrival, known: FeedState, now: datetime) -> _Taken:
    url, received = arrival.feed.url, arrival.received
    fetched = received.fetched
    state = failed(known, received.error, fetched.status, fetched.demands, now, arrival.pace)
    if fetched.status == TOO_MANY_REQUESTS:
        _slow_host(connection, fetched, now)
    absorbed = Absorbed(
        url,
        "failed",
        error=received.error,
        failure=received.failure,
        status=fetched.status,
        next_at=state.next_at,
    )
    return _Taken(absorbed, state, Poll(url, now, "failed"), {"failed": 1})


def _take_in(
    connection: Connection,
    arrival: Arrival,
    known: FeedState,
    entries: _Entries,
    opened: Opened,
    now: datetime,
    reading: str,
) -> _Taken:
    """What a document brought, from its items to the log. Those released from quarantine are among them."""
    feed, received, moment = arrival.feed, arrival.received, opened.moment
    parsed, fetched = received.parsed, received.fetched
    released = _set_aside(connection, feed, received, moment)
    if parsed is None or (received.error and not released):
        return _note_failure(connection, arrival, known, now)
    suspects = {suspect.item.id for suspect in parsed.suspects} - released
    read = [(item, keys) for item, keys in entries.read if item.id not in suspects]
    items = recognise_items(read, entries.stored, parsed.again)
    saved = save_items(connection, feed.url, feed.grade, items, moment, reading)
    # What a feed holds when it is first read was there before: it counts, and is no news to anybody.
    is_news = known.succeeded_at is not None
    learned = opened.learn(saved, is_news) if saved.new or saved.edited else Learned()
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
    counts = len(items) + len(parsed.again), len(saved.new), len(saved.edited)
    transitions = tuple(learned.transitions)
    return _Taken(
        Absorbed(feed.url, "ok", *counts, learned.found, transitions=transitions, next_at=state.next_at),
        state,
        Poll(feed.url, now, "ok", *counts),
        {"ok": 1, ITEMS: len(saved.new), VERSIONS: saved.wordings},
        _carried(connection, parsed, _renamed(parsed, read, items), received.carried, moment),
    )


def _renamed(parsed: ParsedFeed, read: Sequence[_Entry], items: Sequence[Recognised]) -> bytes:
    """What to know of the document's entries, by the ids that their items have in the store."""
    names = {item.id: one.item.id for (item, _), one in zip(read, items, strict=True) if item.id != one.item.id}
    return KnownEntries.from_bytes(parsed.known).renamed(names).to_bytes() if names and parsed.known else parsed.known


def _carried(
    connection: Connection, parsed: ParsedFeed, known: bytes, before: Carried, moment: datetime
) -> Carried | None:
    """What the feed carries, in place of what it did ``before``; it is noted once a day that it still does."""
    served_at = before.served_at
    if served_at is None or moment - served_at > _NOTED_EVERY:
        note_served(connection, parsed.again, moment)
        served_at = moment
    return Carried(known, served_at) if known or before.entries else None


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
