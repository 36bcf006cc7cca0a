"""When what has changed is told: at once but for a short wait to group, after quiet hours, or once a day. Pure.

Times of day are a person's, in that person's time zone; moments are UTC. A time of day that a change to summer time
skips is taken for the moment at which the clock jumps, one that comes twice for the first.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

# What happens within this time is told in one message.
GROUPING = timedelta(minutes=1)
_FIRST_RETRY = timedelta(minutes=1)
_LAST_RETRY = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Timing:
    """``digest`` is the time of day of the only message of the day; ``quiet`` is from when until when none is sent."""

    zone: ZoneInfo
    digest: time | None = None
    quiet: tuple[time, time] | None = None

    def due(self, waiting_since: datetime) -> datetime:
        """When to tell of what has been waiting since ``waiting_since``."""
        if self.digest is not None:
            return self._next(self.digest, waiting_since)
        return self._after_quiet(waiting_since + GROUPING)

    def is_quiet(self, moment: datetime) -> bool:
        """Whether ``moment`` lies in the quiet hours."""
        return self.digest is None and self._after_quiet(moment) > moment

    def _after_quiet(self, moment: datetime) -> datetime:
        if self.quiet is None:
            return moment
        start, end = self.quiet
        here = moment.astimezone(self.zone).time()
        inside = start <= here < end if start < end else here >= start or here < end
        return self._next(end, moment) if inside else moment

    def _next(self, wanted: time, moment: datetime) -> datetime:
        """The first moment from ``moment`` on at which it is ``wanted`` o'clock."""
        today = moment.astimezone(self.zone).date()
        candidates = (self._at(today + timedelta(days=ahead), wanted) for ahead in (0, 1, 2))
        return next(candidate for candidate in candidates if candidate >= moment)

    def _at(self, day: date, wanted: time) -> datetime:
        return datetime.combine(day, wanted, tzinfo=self.zone).astimezone(UTC)


def retry_wait(failures: int) -> timedelta:
    """How long to wait after so many failures in a row: ever longer, and never for ever."""
    return min(_FIRST_RETRY * float(2 ** min(max(failures, 1) - 1, 20)), _LAST_RETRY)
