"""What is remembered of each feed, and of each poll."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, insert, select, update

from monitor.manners.state import FeedState
from monitor.store.tables import feeds, polls


def feed_states(connection: Connection) -> dict[str, FeedState]:
    """Every feed that was ever polled, by its address."""
    return {row.url: FeedState(**row._mapping) for row in connection.execute(select(feeds))}


def feed_state(connection: Connection, url: str) -> FeedState:
    row = connection.execute(select(feeds).where(feeds.c.url == url)).one_or_none()
    return FeedState(**row._mapping) if row else FeedState(url)


def save_feed(connection: Connection, state: FeedState) -> None:
    values = {name: getattr(state, name) for name in FeedState.__dataclass_fields__}
    found = connection.execute(update(feeds).where(feeds.c.url == state.url).values(values))
    if found.rowcount == 0:
        connection.execute(insert(feeds).values(values))


def add_poll(
    connection: Connection, url: str, at: datetime, outcome: str, received: int = 0, new: int = 0, edited: int = 0
) -> None:
    connection.execute(insert(polls).values(url=url, at=at, outcome=outcome, received=received, new=new, edited=edited))


@dataclass(frozen=True, slots=True)
class PollCount:
    """Polls by outcome since the beginning, and when the last one was."""

    outcomes: dict[str, int]
    last: datetime | None


def count_polls(connection: Connection) -> PollCount:
    rows = connection.execute(select(polls.c.outcome, func.count()).group_by(polls.c.outcome))
    outcomes = {str(outcome): int(count) for outcome, count in rows}
    return PollCount(outcomes, connection.scalar(select(polls.c.at).order_by(polls.c.id.desc()).limit(1)))
