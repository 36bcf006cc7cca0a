"""Whether to believe a permanent redirect: only once it has repeated over days, and never for ever.

A mistaken or hijacked 301 must not steal a feed: until it is believed, every poll asks the configured address and
follows. Once it is believed, the configured address is still looked at now and then.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from monitor.manners.state import FeedState

# On so many different days (UTC) a redirect must have been seen before it is believed.
DAYS = 3
_LOOK_BACK = timedelta(days=7)
# So many failures in a row at the new address, and the configured one is asked again.
_FAILURES = 3


def address_of(state: FeedState, now: datetime) -> str:
    """The address to ask: the configured one, or the one that it has moved to if that is believed."""
    if not state.address or (state.moved_at and now - state.moved_at >= _LOOK_BACK):
        return state.url
    return state.address


def after_success(state: FeedState, asked: str, led_to: str, moment: datetime) -> FeedState:
    """The state after ``asked`` was asked, permanent redirects led to ``led_to``, and a feed was there."""
    if led_to == asked:
        # The configured address answers for itself again, or the believed one does its work.
        return state if asked != state.url else _forgotten(state)
    if led_to != state.moved_to:
        kept = state.address if asked == state.address else ""
        return replace(state, moved_to=led_to, moved_days=1, moved_at=moment, address=kept)
    another_day = state.moved_at is None or moment.date() > state.moved_at.date()
    days = state.moved_days + another_day
    address = led_to if days >= DAYS else state.address
    return replace(state, moved_days=days, moved_at=moment, address=address)


def after_failure(state: FeedState, failures: int) -> FeedState:
    """The state after a failure: a believed address that keeps failing is no longer believed."""
    return _forgotten(state) if state.address and failures >= _FAILURES else state


def _forgotten(state: FeedState) -> FeedState:
    if not state.moved_to:
        return state
    # What one server gave to ask "has it changed?" with is no question for another.
    return replace(
        state, moved_to="", moved_days=0, moved_at=None, address="", etag="", last_modified="", body_digest=""
    )
