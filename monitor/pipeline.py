"""The pipeline: bytes to items to evidence to statuses to transitions, in one transaction a feed.

The daemon, ``monitor run --once`` and the demo all go through here. What is decided is decided by the pure core;
this module only carries values from one step to the next.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from monitor.assess.log import chain, changes
from monitor.assess.standing import history
from monitor.assess.story import story_of
from monitor.config import FeedConfig
from monitor.feeds.fetch import Fetched
from monitor.feeds.parse import NotAFeed, ParsedFeed, parse_feed
from monitor.match.compiled import CompiledRules
from monitor.match.read import read_item
from monitor.model import Transition
from monitor.store.database import Store
from monitor.store.evidence import evidence_for, replace_evidence
from monitor.store.feeds import FeedState, add_poll, feed_state, save_feed
from monitor.store.items import StoredItem, mark_read, save_items, unread_items
from monitor.store.transitions import append_transitions, last_transitions, log_head

_BATCH = 500


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


def absorb(store: Store, rules: CompiledRules, feed: FeedConfig, fetched: Fetched, now: datetime) -> Absorbed:
    """Take what was fetched all the way to the status log, in one transaction.

    A failure is recorded against the feed and touches nothing else. Raises
    :class:`~monitor.store.database.StoreError`; then nothing at all was stored.
    """
    error, parsed = fetched.error, None
    if not error and not fetched.unchanged:
        try:
            parsed = parse_feed(fetched.body, feed.url, now, feed.publisher, fetched.headers)
        except NotAFeed as problem:
            error = str(problem)
    with store.write() as connection:
        state = replace(feed_state(connection, feed.url), polled_at=now)
        if error:
            failing = state.failing_since or now
            save_feed(connection, replace(state, failing_since=failing, failures=state.failures + 1, error=error))
            add_poll(connection, feed.url, now, "failed")
            return Absorbed(feed.url, "failed", error=error)
        state = replace(state, succeeded_at=now, failing_since=None, failures=0, error="")
        if parsed is None:
            save_feed(connection, state)
            add_poll(connection, feed.url, now, "unchanged")
            return Absorbed(feed.url, "unchanged")
        return _absorb_items(connection, rules, feed, fetched, parsed, state, now)


def _absorb_items(
    connection: Connection,
    rules: CompiledRules,
    feed: FeedConfig,
    fetched: Fetched,
    parsed: ParsedFeed,
    state: FeedState,
    now: datetime,
) -> Absorbed:
    saved = save_items(connection, feed.url, feed.grade, parsed.items, now)
    changed: set[tuple[str, str]] = set()
    found = 0
    if saved.new or saved.edited:
        while batch := unread_items(connection, rules.digest, _BATCH):
            pairs, count = _read_batch(connection, rules, batch, now)
            changed |= pairs
            found += count
    transitions = assess(connection, rules, now, changed)
    save_feed(
        connection,
        replace(
            state,
            title=parsed.title,
            etag=fetched.validators.etag,
            last_modified=fetched.validators.last_modified,
            warning=parsed.warning,
            items_seen=state.items_seen + len(saved.new),
        ),
    )
    add_poll(connection, feed.url, now, "ok", len(parsed.items), len(saved.new), len(saved.edited))
    received, new, edited = len(parsed.items), len(saved.new), len(saved.edited)
    return Absorbed(feed.url, "ok", received, new, edited, found, transitions=tuple(transitions))


def _read_batch(
    connection: Connection, rules: CompiledRules, batch: Iterable[StoredItem], now: datetime
) -> tuple[set[tuple[str, str]], int]:
    changed: set[tuple[str, str]] = set()
    found = 0
    read = list(batch)
    for stored in read:
        findings = read_item(rules, stored.item).evidence
        found += len(findings)
        changed |= replace_evidence(
            connection, stored, findings, story=story_of(stored.item), rules_digest=rules.digest, now=now
        )
    mark_read(connection, read, rules.digest)
    return changed, found


def read_waiting(
    store: Store, rules: CompiledRules, now: datetime, progress: Callable[[int], None] = lambda _: None
) -> list[Transition]:
    """Read stored items that these rules have not read yet, then assess: what a new or changed rule needs.

    ``progress`` is told how many items each transaction read.
    """
    out: list[Transition] = []
    while True:
        with store.write() as connection:
            batch = unread_items(connection, rules.digest, _BATCH)
            changed, _ = _read_batch(connection, rules, batch, now)
            done = len(batch) < _BATCH
            out.extend(assess(connection, rules, now, None if done else changed))
        progress(len(batch))
        if done:
            return out


def assess(
    connection: Connection, rules: CompiledRules, now: datetime, only: set[tuple[str, str]] | None = None
) -> list[Transition]:
    """Append to the log what has changed by ``now``; ``only`` limits it to these ``(ruleset, condition)`` pairs."""
    if only is not None and not only:
        return []
    last = last_transitions(connection)
    pending: list[Transition] = []
    for ruleset in rules.rulesets:
        for condition, part in ruleset.standing().items():
            if only is None or (ruleset.ruleset, condition) in only:
                pending += changes(
                    history(part, evidence_for(connection, ruleset.ruleset, condition), now),
                    last.get((ruleset.ruleset, condition)),
                    ruleset=ruleset.ruleset,
                    condition=condition,
                    rules_digest=ruleset.digest,
                    recorded=now,
                )
    entries = chain(pending, log_head(connection))
    append_transitions(connection, entries)
    return entries


def tick(store: Store, rules: CompiledRules, now: datetime) -> list[Transition]:
    """Log what time alone has changed: deeds that no longer count."""
    with store.write() as connection:
        return assess(connection, rules, now)
