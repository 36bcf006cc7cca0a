"""How well the monitor looked: *no evidence* is told apart from *did not look*."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

# Below this share of the time, silence says nothing.
GOOD = 0.9
# In the name of a gap: not one feed, but the monitor itself did not run.
EVERYTHING = ""


@dataclass(frozen=True, slots=True)
class Gap:
    """A time (UTC) at which a feed was not read, or with no ``feed`` at which the monitor did not run."""

    feed: str
    began: datetime
    ended: datetime


@dataclass(frozen=True, slots=True)
class Coverage:
    """The share of the time from ``since`` to ``until`` at which the feeds were read, and when the monitor stood still.

    A feed counts from its first poll on: before that nobody asked for it. ``since`` is ``None`` if no feed counts in
    that time at all; the share is then 0.
    """

    since: datetime | None
    until: datetime
    share: float
    stops: tuple[Gap, ...]

    @property
    def is_good(self) -> bool:
        return self.share >= GOOD


def longest_pause(interval: timedelta) -> timedelta:
    """A feed not read for longer than this has a gap: three turns missed, or an hour."""
    return max(3 * interval, timedelta(hours=1))


def unread_since(
    read_at: datetime | None, first_polled_at: datetime | None, interval: timedelta, moment: datetime
) -> datetime | None:
    """When the gap began in which a feed is at ``moment``; ``None`` if it is in none.

    A pause between two reads is no gap unless it is long: the second read brings what came meanwhile. A feed that was
    never read has a gap from its first poll on, however short: nothing is known of it. All times are UTC;
    ``interval`` is how often the feed is polled while all is well.
    """
    if read_at is not None:
        return read_at if moment - read_at > longest_pause(interval) else None
    return first_polled_at if first_polled_at is not None and first_polled_at <= moment else None


@dataclass(frozen=True, slots=True)
class Watched:
    """A feed as far as looking goes: when it was last read, first polled and last polled, when it is due, and how often
    it should be polled while all is well."""

    feed: str
    read_at: datetime | None
    first_polled_at: datetime | None
    polled_at: datetime | None
    due_at: datetime | None
    interval: timedelta


def open_gaps(feeds: Iterable[Watched], now: datetime) -> list[Gap]:
    """Gaps that have not ended by ``now``."""
    out: list[Gap] = []
    late: list[datetime] = []
    on_time = False
    for feed in feeds:
        began = unread_since(feed.read_at, feed.first_polled_at, feed.interval, now)
        if began is not None:
            out.append(Gap(feed.feed, began, now))
        if feed.polled_at is None:
            continue
        # A feed that is polled rarely because it fails, or was asked to wait, is not late before it is due.
        if now - max(feed.polled_at, feed.due_at or feed.polled_at) > longest_pause(feed.interval):
            late.append(feed.polled_at)
        else:
            on_time = True
    if late and not on_time:
        out.append(Gap(EVERYTHING, max(late), now))
    return out


def coverage(
    first_polled: Mapping[str, datetime], gaps: Iterable[Gap], since: datetime | None, until: datetime
) -> Coverage:
    """How well feeds were read from ``since`` (or from their first polls, if that is ``None``) to ``until``.

    ``first_polled`` says when each feed was first polled; a feed never polled is not in it. The share is the time for
    which the feeds were read, of the time for which they count: both are summed over the feeds. All times are UTC.
    """
    counts_from = {
        feed: min(until, at if since is None else max(at, since)) for feed, at in first_polled.items() if at <= until
    }
    if not counts_from:
        return Coverage(None, until, 0.0, ())
    start = min(counts_from.values())
    known = list(gaps)
    clipped = (Gap(gap.feed, max(gap.began, start), min(gap.ended, until)) for gap in known if gap.feed == EVERYTHING)
    stops = tuple(gap for gap in clipped if gap.began < gap.ended)
    nothing = timedelta(0)
    counted = sum((until - begins for begins in counts_from.values()), nothing)
    if not counted:
        # A moment has no length to take a share of: it is the share of the feeds that are in no gap then.
        unread_feeds = {gap.feed for gap in known if gap.feed in counts_from and gap.began <= until <= gap.ended}
        return Coverage(start, until, 1 - len(unread_feeds) / len(counts_from), stops)
    lengths = (
        min(gap.ended, until) - max(gap.began, counts_from[gap.feed]) for gap in known if gap.feed in counts_from
    )
    unread = sum((length for length in lengths if length > nothing), nothing)
    return Coverage(start, until, max(0.0, 1 - unread / counted), stops)
