"""What is remembered of each feed, and of each poll."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, insert, select

from monitor.manners.state import FeedState
from monitor.store.counts import counted
from monitor.store.tables import feed_entries, feeds, polls
from monitor.store.upsert import upsert

# Made once: putting a statement together costs several times what running it does.
_STATES = select(feeds).where(feeds.c.url.in_(bindparam("urls", expanding=True)))
_CARRIED = select(feed_entries).where(feed_entries.c.url.in_(bindparam("urls", expanding=True)))
_ADD_POLLS = insert(polls)


def feed_states(connection: Connection) -> dict[str, FeedState]:
    """Every feed that was ever polled, by its address."""
    return {row.url: FeedState(**row._mapping) for row in connection.execute(select(feeds))}


def states_of(connection: Connection, urls: Collection[str]) -> dict[str, FeedState]:
    """What is remembered of these feeds; of one never polled before, nothing."""
    rows = connection.execute(_STATES, {"urls": list(urls)})
    known = {row.url: FeedState(**row._mapping) for row in rows}
    return {url: known.get(url) or FeedState(url) for url in urls}


def save_feeds(connection: Connection, states: Sequence[FeedState]) -> None:
    """Remember ``states`` in place of what was known of these feeds."""
    names = FeedState.__dataclass_fields__
    upsert(connection, feeds, [{name: getattr(state, name) for name in names} for state in states])


OUTCOMES = ("ok", "unchanged", "failed")


@dataclass(frozen=True, slots=True)
class Poll:
    """One poll of a feed: when, with what outcome, and what it brought."""

    url: str
    at: datetime
    outcome: str
    received: int = 0
    new: int = 0
    edited: int = 0


def add_polls(connection: Connection, made: Sequence[Poll]) -> None:
    connection.execute(_ADD_POLLS, [{name: getattr(poll, name) for name in Poll.__slots__} for poll in made])


@dataclass(frozen=True, slots=True)
class Carried:
    """What a feed was last seen to carry, and when it was last noted that all of that is still served (UTC)."""

    entries: bytes = b""
    served_at: datetime | None = None


def carried_by(connection: Connection, urls: Collection[str]) -> dict[str, Carried]:
    """What these feeds carry, as far as it is known."""
    rows = connection.execute(_CARRIED, {"urls": list(urls)})
    known = {row.url: Carried(row.entries, row.served_at) for row in rows}
    return {url: known.get(url, Carried()) for url in urls}


def save_carried(connection: Connection, carried: Mapping[str, Carried]) -> None:
    """Remember what feeds carry, in place of what was known of it."""
    upsert(
        connection,
        feed_entries,
        [{"url": url, "entries": one.entries, "served_at": one.served_at} for url, one in carried.items()],
    )


@dataclass(frozen=True, slots=True)
class PollCount:
    """Polls by outcome since the beginning, and when the last one was."""

    outcomes: dict[str, int]
    last: datetime | None


def count_polls(connection: Connection) -> PollCount:
    known = counted(connection)
    outcomes = {outcome: known[outcome] for outcome in OUTCOMES if known.get(outcome)}
    return PollCount(outcomes, connection.scalar(select(polls.c.at).order_by(polls.c.id.desc()).limit(1)))
