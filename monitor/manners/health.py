"""How a feed is doing, in one word that a person can act upon."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from monitor.manners.schedule import NOT_FOUND
from monitor.manners.state import FeedState

# A feed that cannot be found for this long will hardly come back by itself.
_LONG = timedelta(days=7)
# Without an expected period, a feed is quiet after ten of its usual periods, within these bounds.
_PERIODS = 10
_SOONEST = timedelta(days=3)
_LATEST = timedelta(days=60)
# Of a feed whose rhythm nobody knows yet.
_UNKNOWN = timedelta(days=14)


class Health(StrEnum):
    """What stands in the way of a feed, from nothing to its end."""

    NEW = "never polled"
    WELL = "well"
    DEFECT = "reads with a defect"
    QUIET = "quiet"
    FAILING = "failing"
    MISSING = "missing"
    RETIRED = "retired"


def health(state: FeedState, quiet_after: timedelta | None, now: datetime) -> Health:
    """``quiet_after`` is how long the feed may bring nothing new; ``None`` to go by its own rhythm."""
    if state.polled_at is None:
        return Health.NEW
    if state.retired_at:
        return Health.RETIRED
    if state.failing_since:
        missing = state.status == NOT_FOUND and now - state.failing_since >= _LONG
        return Health.MISSING if missing else Health.FAILING
    if is_quiet(state, quiet_after, now):
        return Health.QUIET
    return Health.DEFECT if state.warning else Health.WELL


def is_quiet(state: FeedState, quiet_after: timedelta | None, now: datetime) -> bool:
    """Whether the feed has brought nothing new for longer than it should."""
    if state.new_at is None:
        return False
    allowed = quiet_after or longest_quiet(state)
    return now - state.new_at > allowed


def longest_quiet(state: FeedState) -> timedelta:
    """How long a feed of this rhythm may bring nothing new before somebody should look at it."""
    if state.period is None:
        return _UNKNOWN
    return min(max(_PERIODS * timedelta(seconds=state.period), _SOONEST), _LATEST)
