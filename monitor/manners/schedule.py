"""When to poll a feed again. Pure: the state before, what the server said, and the moment, give the state after."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from monitor.manners.redirect import after_failure, after_success
from monitor.manners.state import FeedState, Pace
from monitor.model import digest

GONE = 410
NOT_FOUND = 404
TOO_MANY_REQUESTS = 429
# However often it fails, a feed is asked once in this time: nothing is given up in silence.
CEILING = timedelta(days=1)
# A feed whose server says it is gone is looked at again this rarely; now and then one comes back.
SECOND_LOOK = timedelta(days=30)
# No server can send us away for longer than this.
LONGEST_PATIENCE = timedelta(days=7)
# However long an answer says it is good for, news is asked for this often.
LONGEST_FRESH = timedelta(hours=6)
# Two polls to an item that is new: news is seen within half of the time in which it comes.
_POLLS_PER_ITEM = 2
# A feed that has long brought nothing is taken to be that slow: a quarter of its silence counts as its period.
_SILENCE_SHARE = 4
# Of the learned period, how much one more observation weighs.
_WEIGHT = 0.3
# Feeds with one rhythm drift apart by up to this share of their wait.
_JITTER = 0.1


@dataclass(frozen=True, slots=True)
class Demands:
    """What a server said about being asked again; ``None`` where it said nothing."""

    retry_after: timedelta | None = None
    max_age: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """What a poll that could be read had to say.

    ``new`` counts items never seen before, ``spacing`` is the mean time between the items of the document, by their own
    dates, and ``update_period`` what the feed itself recommends (``ttl``, ``sy:``). ``asked`` is the address that was
    asked, ``led_to`` the one that permanent redirects led to, which without any is the same. An ``unchanged`` document
    says what it said before.
    """

    asked: str
    led_to: str
    new: int = 0
    spacing: timedelta | None = None
    update_period: timedelta | None = None
    unchanged: bool = False


def well(state: FeedState, heard: Heard, demands: Demands, moment: datetime, pace: Pace) -> FeedState:
    """The state after a poll that was read, or answered "unchanged"."""
    state = after_success(state, heard.asked, heard.led_to, moment)
    period = _learned(state, heard, moment)
    new_at = moment if heard.new else state.new_at
    recommended = round(heard.update_period.total_seconds()) if heard.update_period else None
    update_period = state.update_period if heard.unchanged else recommended
    interval = _interval(period, new_at, update_period, moment, pace)
    patience = max(min(demands.max_age or timedelta(0), LONGEST_FRESH), _bounded(demands.retry_after))
    return replace(
        state,
        first_polled_at=_first_polled(state, moment),
        polled_at=moment,
        succeeded_at=moment,
        failing_since=None,
        failures=0,
        error="",
        status=None,
        retired_at=None,
        new_at=new_at,
        period=period,
        update_period=update_period,
        interval=max(1, round(interval.total_seconds())),
        next_at=moment + _jittered(max(interval, patience), state.url, moment),
        not_before=moment + patience if patience else None,
    )


def failed(
    state: FeedState, error: str, status: int | None, demands: Demands, moment: datetime, pace: Pace
) -> FeedState:
    """The state after a poll that failed, with the reason in words and the HTTP status if there was one."""
    failures = state.failures + 1
    usual = max(state.usual_interval(pace.shortest), pace.shortest)
    doubled = usual.total_seconds() * 2.0 ** min(failures - 1, 64)
    backoff = timedelta(seconds=min(doubled, max(CEILING, usual).total_seconds()))
    patience = _bounded(demands.retry_after)
    retired_at = (state.retired_at or moment) if status == GONE else None
    if retired_at:
        patience = SECOND_LOOK
    state = after_failure(state, failures)
    return replace(
        state,
        first_polled_at=_first_polled(state, moment),
        polled_at=moment,
        failing_since=state.failing_since or moment,
        failures=failures,
        error=error,
        status=status,
        retired_at=retired_at,
        next_at=moment + _jittered(max(backoff, patience), state.url, moment),
        not_before=moment + patience if patience else None,
    )


def due(state: FeedState, now: datetime) -> datetime:
    """When the feed is next to be polled. A feed never polled is due at once; a plan that lies further off than any
    plan could was made by a clock that was wrong, and counts for nothing."""
    if state.next_at is None or state.next_at - now > SECOND_LOOK * (1 + _JITTER):
        return now
    return max(now, state.next_at)


def _first_polled(state: FeedState, moment: datetime) -> datetime:
    """When the feed was first polled. A first poll that lies in the future was dated by a clock that was wrong."""
    return min(state.first_polled_at or moment, moment)


def _bounded(asked: timedelta | None) -> timedelta:
    return min(asked or timedelta(0), LONGEST_PATIENCE)


def _learned(state: FeedState, heard: Heard, moment: datetime) -> int | None:
    """The feed's period: by the dates in its first document, then by when new items are seen to arrive."""
    if state.new_at is None or not heard.new:
        if state.period is None and heard.spacing is not None:
            return max(1, round(heard.spacing.total_seconds()))
        return state.period
    seen = (moment - state.new_at).total_seconds() / heard.new
    return max(1, round(seen if state.period is None else (1 - _WEIGHT) * state.period + _WEIGHT * seen))


def _interval(
    period: int | None, new_at: datetime | None, update_period: int | None, moment: datetime, pace: Pace
) -> timedelta:
    wished = timedelta(seconds=update_period or 0)
    if period is not None:
        silence = (moment - new_at) / _SILENCE_SHARE if new_at else timedelta(0)
        wished = max(wished, max(timedelta(seconds=period), silence) / _POLLS_PER_ITEM)
    return min(max(wished, pace.shortest), max(pace.longest, pace.shortest))


def _jittered(wait: timedelta, url: str, moment: datetime) -> timedelta:
    """``wait``, and up to a tenth more: by chance for anybody who looks, and the same for the same poll."""
    chance = int(digest(url, moment.isoformat())[:8], 16) / 0xFFFFFFFF
    return wait * (1 + _JITTER * chance)
