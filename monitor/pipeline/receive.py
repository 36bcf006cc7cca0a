"""What a fetch brought, made ready for the store: parsed, or unchanged, or failed in words. Pure."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from datetime import datetime

from monitor.config import FeedConfig
from monitor.feeds.document import NotAFeed, ParsedFeed
from monitor.feeds.fetch import Fetched
from monitor.feeds.parse import parse_feed
from monitor.manners.failure import Failure
from monitor.store.feeds import Carried


@dataclass(frozen=True, slots=True)
class Received:
    """A fetch without its body, and what that held. ``parsed`` is ``None`` where nothing has changed, or ``error`` says
    why not; ``carried`` is what the feed was known to carry before."""

    fetched: Fetched
    error: str = ""
    failure: Failure | None = None
    parsed: ParsedFeed | None = None
    body_digest: str = ""
    carried: Carried = field(default_factory=Carried)


def digest_of(fetched: Fetched) -> str:
    return hashlib.sha256(fetched.body).hexdigest()


def unparsed(fetched: Fetched, body_digest: str, known_digest: str) -> Received | None:
    """What ``fetched`` comes to without a look at what it holds; ``None`` if it must be parsed.

    A body whose digest is ``known_digest`` is unchanged, whatever was said.
    """
    if fetched.error or fetched.unchanged:
        return Received(fetched, fetched.error, fetched.failure)
    if body_digest != known_digest:
        return None
    return Received(replace(fetched, body=b""), body_digest=body_digest)


def parsed(fetched: Fetched, found: ParsedFeed | NotAFeed, body_digest: str, carried: Carried) -> Received:
    """What ``fetched`` comes to, of which the parser says that it is ``found``."""
    # What was made of it takes its place.
    fetched = replace(fetched, body=b"")
    if isinstance(found, NotAFeed):
        return Received(fetched, str(found), Failure.NOT_A_FEED)
    if found.suspects and not found.items and not found.again:
        said = f"an error page was served as an item: {found.suspects[0].why}"
        return Received(fetched, said, Failure.ERROR_PAGE, found)
    return Received(fetched, parsed=found, body_digest=body_digest, carried=carried)


def receive(feed: FeedConfig, fetched: Fetched, now: datetime, known_digest: str = "") -> Received:
    """What ``fetched`` (at ``now``) holds, all of it read."""
    body_digest = digest_of(fetched)
    received = unparsed(fetched, body_digest, known_digest)
    if received is not None:
        return received
    try:
        found = parse_feed(fetched.body, feed.url, now, feed.publisher, fetched.headers)
    except NotAFeed as problem:
        return parsed(fetched, problem, body_digest, Carried())
    return parsed(fetched, found, body_digest, Carried())
