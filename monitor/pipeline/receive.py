"""What a fetch brought, made ready for the store: parsed, or unchanged, or failed in words. Pure."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from monitor.config import FeedConfig
from monitor.feeds.document import NotAFeed, ParsedFeed
from monitor.feeds.fetch import Fetched
from monitor.feeds.parse import parse_feed
from monitor.manners.failure import Failure


@dataclass(frozen=True, slots=True)
class Received:
    """A fetch and what it holds. ``parsed`` is ``None`` where nothing has changed, or ``error`` says why not."""

    fetched: Fetched
    error: str = ""
    failure: Failure | None = None
    parsed: ParsedFeed | None = None
    body_digest: str = ""


def receive(feed: FeedConfig, fetched: Fetched, now: datetime, known_digest: str = "") -> Received:
    """What ``fetched`` (at ``now``) holds. A body whose digest is ``known_digest`` is unchanged, whatever was said."""
    if fetched.error or fetched.unchanged:
        return Received(fetched, fetched.error, fetched.failure)
    body_digest = hashlib.sha256(fetched.body).hexdigest()
    if body_digest == known_digest:
        return Received(fetched, body_digest=body_digest)
    try:
        parsed = parse_feed(fetched.body, feed.url, now, feed.publisher, fetched.headers)
    except NotAFeed as problem:
        return Received(fetched, str(problem), Failure.NOT_A_FEED)
    if parsed.suspects and not parsed.items:
        said = f"an error page was served as an item: {parsed.suspects[0].why}"
        return Received(fetched, said, Failure.ERROR_PAGE, parsed)
    return Received(fetched, parsed=parsed, body_digest=body_digest)
