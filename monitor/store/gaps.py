"""Gaps in coverage: times at which a feed, or every feed, was not read although it should have been."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, func, insert, select

from monitor.assess.coverage import EVERYTHING, Gap, longest_pause, unread_since
from monitor.manners.state import FeedState
from monitor.store.tables import feeds, gaps, polls
from monitor.store.turns import look_alone

_LATEST = select(func.max(feeds.c.polled_at))


class Polled(NamedTuple):
    """A feed as it was known before it is polled, how often it is polled until it has a rhythm, and whether this poll
    succeeded."""

    known: FeedState
    planned: timedelta
    succeeded: bool


def note_gaps(connection: Connection, polled: Sequence[Polled], moment: datetime) -> None:
    """Note the gaps that polls at ``moment`` end: of the feeds, and of the monitor if it polled nothing meanwhile."""
    ended: list[dict[str, object]] = []
    last = connection.scalar(_LATEST)
    for number, (known, planned, succeeded) in enumerate(polled):
        interval = known.usual_interval(planned)
        pause = longest_pause(interval)
        began = unread_since(known.succeeded_at, known.first_polled_at, interval, moment)
        if succeeded and began is not None:
            ended.append({"url": known.url, "began": began, "ended": moment})
        # A feed that is polled rarely, or was asked to wait, is not late before it is due. Only the first poll can end
        # a standstill.
        if number == 0 and last is not None and moment - max(last, known.next_at or last) > pause:
            # Of several who notice at the same time, one notes it: the others find that somebody has polled since.
            look_alone(connection)
            last = connection.scalar(_LATEST) or last
            if moment - max(last, known.next_at or last) > pause:
                ended.append({"url": EVERYTHING, "began": last, "ended": moment})
    if ended:
        connection.execute(insert(gaps), ended)


def all_gaps(connection: Connection) -> list[Gap]:
    """Every gap that has ended, in the order in which they began."""
    query = select(gaps).order_by(gaps.c.began, gaps.c.url)
    return [Gap(row.url, row.began, row.ended) for row in connection.execute(query)]


def watched_since(connection: Connection) -> datetime | None:
    """When the first feed was polled."""
    return connection.scalar(select(polls.c.at).order_by(polls.c.id).limit(1))
