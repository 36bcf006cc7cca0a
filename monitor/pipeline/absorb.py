"""From what was fetched to the status log, in one transaction a feed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from monitor.config import FeedConfig
from monitor.feeds.fetch import Fetched
from monitor.manners.failure import Failure
from monitor.manners.host import host_of, slowed
from monitor.manners.schedule import TOO_MANY_REQUESTS, Heard, failed, well
from monitor.manners.state import Pace
from monitor.match.compiled import CompiledRules
from monitor.model import Item, Stance, Transition
from monitor.pipeline.adopt import adopt, are_in_force
from monitor.pipeline.logbook import begin, record
from monitor.pipeline.read import read_received
from monitor.pipeline.receive import Received
from monitor.store.database import Store
from monitor.store.feeds import add_poll, feed_state, save_feed
from monitor.store.gaps import note_gaps
from monitor.store.hosts import host_state, save_host
from monitor.store.items import Saved, save_items
from monitor.store.quarantine import Quarantined, set_aside

_PACE = Pace(timedelta(minutes=30), timedelta(minutes=30))


@dataclass(frozen=True, slots=True)
class Absorbed:
    """What one poll brought. ``outcome`` is ``ok``, ``unchanged`` or ``failed``, or ``waiting`` where the server asked
    not to be asked yet; ``error`` says why. ``stances`` counts the evidence found, ``next_at`` is when to poll again
    (UTC)."""

    url: str
    outcome: str
    received: int = 0
    new: int = 0
    edited: int = 0
    stances: Mapping[Stance, int] = field(default_factory=dict)
    error: str = ""
    failure: Failure | None = None
    status: int | None = None
    transitions: tuple[Transition, ...] = ()
    next_at: datetime | None = None

    @property
    def evidence(self) -> int:
        """How many pieces of evidence were found."""
        return sum(self.stances.values())


def absorb(
    store: Store, rules: CompiledRules, feed: FeedConfig, received: Received, now: datetime, pace: Pace = _PACE
) -> Absorbed:
    """Take what was received all the way to the status log, in one transaction.

    ``pace`` bounds how often the feed is polled: it plans the next poll, and a longer silence is a gap in coverage. A
    failure is recorded against the feed and touches nothing else. Raises :class:`~monitor.store.database.StoreError`;
    then nothing at all was stored.
    """
    fetched = received.fetched
    with store.write() as connection:
        moment, transitions = begin(connection, now)
        if not are_in_force(connection, rules.rulesets):
            transitions += adopt(connection, rules, moment)
            # What the rules changed and what the feed brings are told apart in the log.
            moment, passed = begin(connection, moment)
            transitions += passed
        # Plans go by the time of day as it is now, whatever it was before somebody set the clock.
        known = feed_state(connection, feed.url)
        note_gaps(connection, known, now, pace.shortest, succeeded=not received.error)
        released = _set_aside(connection, feed, received, moment)
        if received.error and not released:
            state = failed(known, received.error, fetched.status, fetched.demands, now, pace)
            save_feed(connection, state)
            if fetched.status == TOO_MANY_REQUESTS:
                _slow_host(connection, fetched, now)
            add_poll(connection, feed.url, now, "failed")
            return Absorbed(
                feed.url,
                "failed",
                error=received.error,
                failure=received.failure,
                status=fetched.status,
                transitions=tuple(transitions),
                next_at=state.next_at,
            )
        asked, led_to = fetched.asked or feed.url, fetched.led_to or feed.url
        if received.parsed is None:
            state = well(known, Heard(asked, led_to, unchanged=True), fetched.demands, now, pace)
            save_feed(connection, state)
            add_poll(connection, feed.url, now, "unchanged")
            return Absorbed(feed.url, "unchanged", transitions=tuple(transitions), next_at=state.next_at)
        items = (*received.parsed.items, *(s.item for s in received.parsed.suspects if s.item.id in released))
        # What a feed holds when it is first read was there before: it counts, and is no news to anybody.
        is_news = known.succeeded_at is not None
        saved, found, changed = _absorb_items(connection, rules, feed, items, moment, is_news)
        parsed = received.parsed
        heard = Heard(asked, led_to, len(saved.new), parsed.spacing, parsed.update_period)
        state = replace(
            well(known, heard, fetched.demands, now, pace),
            title=parsed.title,
            # Only now that the body was read: or what it held would never be asked for again.
            etag=fetched.validators.etag,
            last_modified=fetched.validators.last_modified,
            body_digest=received.body_digest,
            read_at=now,
            warning=parsed.warning,
            items_seen=known.items_seen + len(saved.new),
        )
        save_feed(connection, state)
        counts = len(items), len(saved.new), len(saved.edited)
        add_poll(connection, feed.url, now, "ok", *counts)
        every = (*transitions, *changed)
        return Absorbed(feed.url, "ok", *counts, found, transitions=every, next_at=state.next_at)


def _absorb_items(
    connection: Connection,
    rules: CompiledRules,
    feed: FeedConfig,
    items: Sequence[Item],
    moment: datetime,
    is_news: bool,
) -> tuple[Saved, Counter[Stance], list[Transition]]:
    saved = save_items(connection, feed.url, feed.grade, items, moment)
    if not saved.new and not saved.edited:
        return saved, Counter(), []
    reading = read_received(connection, rules, moment, [item.id for item in (*saved.new, *saved.edited)])
    transitions = record(connection, rules.rulesets, moment, reading.changed, announced=is_news)
    return saved, reading.found, transitions


def _set_aside(connection: Connection, feed: FeedConfig, received: Received, moment: datetime) -> frozenset[str]:
    if received.parsed is None:
        return frozenset()
    return set_aside(
        connection,
        [
            Quarantined(s.item.id, feed.url, s.why, moment, None, s.item.title, s.item.text)
            for s in received.parsed.suspects
        ],
    )


def _slow_host(connection: Connection, fetched: Fetched, moment: datetime) -> None:
    host = host_of(fetched.asked)
    save_host(connection, slowed(host_state(connection, host), host, fetched.demands.retry_after, moment))


def read_waiting(
    store: Store, rules: CompiledRules, now: datetime, progress: Callable[[int], None] = lambda _: None
) -> list[Transition]:
    """Put ``rules`` in force if they are not, which reads everything stored with them, and log what changes.

    One transaction: interrupted, nothing has happened. ``progress`` is told how many items were read at a time.
    """
    with store.write() as connection:
        moment, transitions = begin(connection, now)
        if not are_in_force(connection, rules.rulesets):
            transitions += adopt(connection, rules, moment, progress)
        return transitions


def tick(store: Store, now: datetime) -> list[Transition]:
    """Log what time alone has changed: deeds that no longer count, statuses set by hand that expired."""
    with store.write() as connection:
        return begin(connection, now)[1]
