"""A host that said "too many requests" is left alone by every feed of its."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from monitor.manners.schedule import LONGEST_PATIENCE, SECOND_LOOK
from monitor.manners.state import FeedState

_FIRST = timedelta(minutes=5)
_CEILING = timedelta(hours=6)
# A host that was quiet for this long has forgiven us.
_FORGIVEN = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class HostState:
    """Until when (UTC) a host is left alone, and how often in a row it had to ask."""

    host: str
    until: datetime
    strikes: int


def host_of(address: str) -> str:
    """The host of an address, in lower case, with its port if it names one; empty for a file."""
    parts = urlsplit(address)
    host = (parts.hostname or "").lower()
    return f"{host}:{parts.port}" if parts.port else host


def slowed(known: HostState | None, host: str, retry_after: timedelta | None, moment: datetime) -> HostState:
    """The host after a 429: as long as it asks, or twice as long each time it has to."""
    strikes = known.strikes + 1 if known and moment - known.until < _FORGIVEN else 1
    wait = min(retry_after, LONGEST_PATIENCE) if retry_after else min(_FIRST * 2 ** min(strikes - 1, 10), _CEILING)
    until = moment + wait
    return HostState(host, max(until, known.until) if known else until, strikes)


def patience(state: FeedState, host: HostState | None, now: datetime) -> datetime | None:
    """Until when a feed is not to be asked because its server or its host said so; ``None`` if it may be.

    What lies further off than any server can ask for was written by a clock that was wrong, and counts for nothing.
    """
    asked = [moment for moment in (state.not_before, host.until if host else None) if moment]
    until = max(asked, default=now)
    longest = SECOND_LOOK if state.retired_at else LONGEST_PATIENCE
    return until if timedelta(0) < until - now <= longest else None
