"""From what was fetched to the status log, in one transaction a feed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from monitor.config import FeedConfig
from monitor.feeds.fetch import Fetched
from monitor.feeds.parse import NotAFeed, ParsedFeed, parse_feed
from monitor.match.compiled import CompiledRules
from monitor.model import Transition
from monitor.pipeline.adopt import adopt, are_in_force
from monitor.pipeline.logbook import begin, record
from monitor.pipeline.read import read_unread
from monitor.store.database import Store
from monitor.store.feeds import FeedState, add_poll, feed_state, save_feed
from monitor.store.gaps import note_gaps
from monitor.store.items import save_items

_INTERVAL = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Absorbed:
    """What one poll brought. ``outcome`` is ``ok``, ``unchanged`` or ``failed``; ``error`` says why it failed."""

    url: str
    outcome: str
    received: int = 0
    new: int = 0
    edited: int = 0
    evidence: int = 0
    error: str = ""
    transitions: tuple[Transition, ...] = ()


def absorb(
    store: Store,
    rules: CompiledRules,
    feed: FeedConfig,
    fetched: Fetched,
    now: datetime,
    interval: timedelta = _INTERVAL,
) -> Absorbed:
    """Take what was fetched all the way to the status log, in one transaction.

    ``interval`` is how often the feed is meant to be polled: a longer silence is a gap in coverage. A failure is
    recorded against the feed and touches nothing else. Raises :class:`~monitor.store.database.StoreError`; then
    nothing at all was stored.
    """
    error, parsed = fetched.error, None
    if not error and not fetched.unchanged:
        try:
            parsed = parse_feed(fetched.body, feed.url, now, feed.publisher, fetched.headers)
        except NotAFeed as problem:
            error = str(problem)
    with store.write() as connection:
        moment, transitions = begin(connection, now)
        if not are_in_force(connection, rules.rulesets):
            transitions += adopt(connection, rules, moment)
            # What the rules changed and what the feed brings are told apart in the log.
            moment, passed = begin(connection, moment)
            transitions += passed
        known = feed_state(connection, feed.url)
        note_gaps(connection, feed.url, known.succeeded_at, moment, interval, succeeded=not error)
        state = replace(known, polled_at=moment)
        if error:
            failing = state.failing_since or moment
            save_feed(connection, replace(state, failing_since=failing, failures=state.failures + 1, error=error))
            add_poll(connection, feed.url, moment, "failed")
            return Absorbed(feed.url, "failed", error=error, transitions=tuple(transitions))
        state = replace(state, succeeded_at=moment, failing_since=None, failures=0, error="")
        if parsed is None:
            save_feed(connection, state)
            add_poll(connection, feed.url, moment, "unchanged")
            return Absorbed(feed.url, "unchanged", transitions=tuple(transitions))
        return _absorb_items(connection, rules, feed, fetched, parsed, state, moment, transitions)


def _absorb_items(
    connection: Connection,
    rules: CompiledRules,
    feed: FeedConfig,
    fetched: Fetched,
    parsed: ParsedFeed,
    state: FeedState,
    moment: datetime,
    transitions: list[Transition],
) -> Absorbed:
    saved = save_items(connection, feed.url, feed.grade, parsed.items, moment)
    found = 0
    if saved.new or saved.edited:
        changed, found = read_unread(connection, rules, moment)
        transitions += record(connection, rules.rulesets, moment, changed)
    save_feed(
        connection,
        replace(
            state,
            title=parsed.title,
            etag=fetched.validators.etag,
            last_modified=fetched.validators.last_modified,
            warning=parsed.warning,
            items_seen=state.items_seen + len(saved.new),
            new_at=moment if saved.new else state.new_at,
        ),
    )
    received, new, edited = len(parsed.items), len(saved.new), len(saved.edited)
    add_poll(connection, feed.url, moment, "ok", received, new, edited)
    return Absorbed(feed.url, "ok", received, new, edited, found, transitions=tuple(transitions))


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
