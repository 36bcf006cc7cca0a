"""What is remembered of a feed from one poll to the next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class FeedState:
    """A feed as last seen. Times are UTC; ``failing_since`` is set while polls fail."""

    url: str
    title: str = ""
    etag: str = ""
    last_modified: str = ""
    # Of the last body that was read: servers that ignore validators send the same bytes again and again.
    body_digest: str = ""
    # When that was: what it carried then is what the feed still carries, as far as anybody knows.
    read_at: datetime | None = None
    polled_at: datetime | None = None
    succeeded_at: datetime | None = None
    failing_since: datetime | None = None
    failures: int = 0
    error: str = ""
    # The HTTP status of the last failure; ``None`` while all is well, or when the failure was none of HTTP.
    status: int | None = None
    warning: str = ""
    items_seen: int = 0
    # When the feed last brought an item that was new, and how long it takes to bring one: seconds, on the average.
    new_at: datetime | None = None
    period: int | None = None
    # How often the feed itself says that it changes, in seconds.
    update_period: int | None = None
    # How long, in seconds, to wait between polls while all is well; when the next one is; when the server will first
    # have us again.
    interval: int | None = None
    next_at: datetime | None = None
    not_before: datetime | None = None
    # A permanent redirect: where to, on how many days it was seen, and when last.
    moved_to: str = ""
    moved_days: int = 0
    moved_at: datetime | None = None
    # The address that is asked instead of ``url``, once the redirect has proved to be meant.
    address: str = ""
    # Since when its server says that the feed is gone for good.
    retired_at: datetime | None = None
    # When it was first polled, with whatever outcome: from then on a time without a read is a gap.
    first_polled_at: datetime | None = None

    def usual_interval(self, planned: timedelta) -> timedelta:
        """How often the feed is polled while all is well; ``planned`` until a first poll has told."""
        return planned if self.interval is None else timedelta(seconds=self.interval)


@dataclass(frozen=True, slots=True)
class Pace:
    """How often a feed may be polled: never more often than ``shortest``, and unless it fails at least every
    ``longest``. Where the two are equal, the feed is polled at that interval whatever its own rhythm."""

    shortest: timedelta
    longest: timedelta
