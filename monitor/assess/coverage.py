"""How well the monitor looked: *no evidence* is told apart from *did not look*."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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

    ``since`` is ``None`` if no feed was read in that time at all; the share is then 0.
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


@dataclass(frozen=True, slots=True)
class Watched:
    """A feed as far as looking goes: when it was last read and last polled, when it is due, and how often it should
    be polled while all is well."""

    feed: str
    read_at: datetime | None
    polled_at: datetime | None
    due_at: datetime | None
    interval: timedelta


def open_gaps(feeds: Iterable[Watched], now: datetime) -> list[Gap]:
    """Gaps that have not ended by ``now``."""
    out: list[Gap] = []
    late: list[datetime] = []
    on_time = False
    for feed in feeds:
        pause = longest_pause(feed.interval)
        if feed.read_at is not None and now - feed.read_at > pause:
            out.append(Gap(feed.feed, feed.read_at, now))
        if feed.polled_at is None:
            continue
        # A feed that is polled rarely because it fails, or was asked to wait, is not late before it is due.
        if now - max(feed.polled_at, feed.due_at or feed.polled_at) > pause:
            late.append(feed.polled_at)
        else:
            on_time = True
    if late and not on_time:
        out.append(Gap(EVERYTHING, max(late), now))
    return out


def coverage(
    feeds: Sequence[str], gaps: Iterable[Gap], watched_since: datetime | None, since: datetime | None, until: datetime
) -> Coverage:
    """How well ``feeds`` were read from ``since`` (or since the monitor began to watch, if that is later)."""
    if watched_since is None or watched_since > until or not feeds:
        return Coverage(None, until, 0.0, ())
    start = max(watched_since, since) if since is not None else watched_since
    start = min(start, until)
    span = (until - start).total_seconds()
    clipped = [Gap(g.feed, max(g.began, start), min(g.ended, until)) for g in gaps]
    within = [gap for gap in clipped if gap.began < gap.ended]
    stops = tuple(gap for gap in within if gap.feed == EVERYTHING)
    if not span:
        return Coverage(start, until, 1.0, stops)
    unread = sum((gap.ended - gap.began).total_seconds() for gap in within if gap.feed in set(feeds))
    return Coverage(start, until, max(0.0, 1 - unread / (span * len(feeds))), stops)
