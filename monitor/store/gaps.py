"""Gaps in coverage: times at which a feed, or every feed, was not read although it should have been."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, insert, select

from monitor.assess.coverage import EVERYTHING, Gap, longest_pause
from monitor.manners.state import FeedState
from monitor.store.tables import feeds, gaps, polls


def note_gaps(connection: Connection, known: FeedState, moment: datetime, planned: timedelta, succeeded: bool) -> None:
    """Note, at a poll, the gap that this poll ends: of the feed, and of the monitor if it polled nothing meanwhile.

    ``planned`` is how often a feed is polled that has no rhythm yet.
    """
    pause = longest_pause(known.usual_interval(planned))
    if succeeded and known.succeeded_at is not None and moment - known.succeeded_at > pause:
        connection.execute(insert(gaps).values(url=known.url, began=known.succeeded_at, ended=moment))
    polled = select(feeds.c.polled_at).where(feeds.c.polled_at.is_not(None))
    last = connection.scalar(polled.order_by(feeds.c.polled_at.desc()).limit(1))
    # A feed that is polled rarely, or was asked to wait, is not late before it is due.
    if last is not None and moment - max(last, known.next_at or last) > pause:
        connection.execute(insert(gaps).values(url=EVERYTHING, began=last, ended=moment))


def all_gaps(connection: Connection) -> list[Gap]:
    """Every gap that has ended, in the order in which they began."""
    query = select(gaps).order_by(gaps.c.began, gaps.c.url)
    return [Gap(row.url, row.began, row.ended) for row in connection.execute(query)]


def watched_since(connection: Connection) -> datetime | None:
    """When the first feed was polled."""
    return connection.scalar(select(polls.c.at).order_by(polls.c.id).limit(1))
