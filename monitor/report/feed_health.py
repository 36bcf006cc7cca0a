"""The health of a feed, in a sign, in words and as a record."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from monitor.config import Config, FeedConfig
from monitor.duration import show_duration
from monitor.manners.health import Health, health
from monitor.manners.state import FeedState
from monitor.publishers.attribution import Attribution
from monitor.publishers.owner import owner_of
from monitor.report.record_types import FeedRecord
from monitor.report.wording import day, minute

HEALTH_SIGNS = {
    Health.NEW: ("?", "bright_black"),
    Health.WELL: ("✔", "green"),
    Health.DEFECT: ("◆", "yellow"),
    Health.QUIET: ("◌", "yellow"),
    Health.FAILING: ("✘", "red"),
    Health.MISSING: ("✘", "red"),
    Health.RETIRED: ("✘", "red"),
}


def health_note(state: FeedState, kind: Health) -> str:
    """What there is to say beyond the word."""
    if kind is Health.QUIET:
        return f": nothing new since {day(state.new_at)}"
    if kind in (Health.FAILING, Health.MISSING):
        again = f"; next try {minute(state.next_at)}" if state.next_at else ""
        return f" since {day(state.failing_since)}: {state.error}{again}"
    if kind is Health.RETIRED:
        return f" since {day(state.retired_at)}: its server says it is gone for good; next look {day(state.next_at)}"
    return f": {state.warning}" if kind is Health.DEFECT else ""


def feed_owners(config: Config, states: Mapping[str, FeedState]) -> dict[str, Attribution]:
    """Whose each configured feed is, by its address. One without a publisher in the settings goes by its title."""
    publishers = config.known_publishers()
    titles = {url: state.title for url, state in states.items()}
    return {
        feed.url: owner_of(feed.url, feed.publisher or titles.get(feed.url, ""), publishers) for feed in config.feeds
    }


def feed_record(
    config: Config, feed: FeedConfig, state: FeedState, owner: Attribution, held: int, now: datetime
) -> FeedRecord:
    return {
        "url": feed.url,
        "publisher": owner.name,
        "organisation": owner.organisation,
        "grade": feed.grade,
        "interval": show_duration(state.usual_interval(config.pace(feed).shortest)),
        "health": health(state, feed.quiet_after, now).value,
        "polled_at": _time(state.polled_at),
        "succeeded_at": _time(state.succeeded_at),
        "new_at": _time(state.new_at),
        "failing_since": _time(state.failing_since),
        "retired_at": _time(state.retired_at),
        "next_at": _time(state.next_at),
        "failures": state.failures,
        "error": state.error,
        "status": state.status,
        "warning": state.warning,
        "moved_to": state.address or None,
        "items": state.items_seen,
        "quarantined": held,
    }


def _time(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
