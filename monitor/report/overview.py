"""The overview that every report shows, read from the store as of any day and as known on any day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from monitor.assess.rollup import RollUp, roll_up
from monitor.assess.standing import Standing, history, words_since
from monitor.config import Config
from monitor.match.compiled import CompiledRules
from monitor.model import Evidence, Stance, Status
from monitor.rules.ruleset import Condition, Consequence, Ruleset
from monitor.store.evidence import evidence_for
from monitor.store.feeds import FeedState, count_polls, feed_states
from monitor.store.items import ItemCount, count_items


@dataclass(frozen=True, slots=True)
class Row:
    """A condition (or the consequence) with where it stands and what that rests on.

    ``support`` is the evidence of the present status, newest first; ``against`` are newer deeds of the other
    direction that have not moved it; ``words`` counts stories of each kind of word since the status began.
    """

    id: str
    part: Condition | Consequence
    standing: Standing
    support: tuple[Evidence, ...]
    against: tuple[Evidence, ...]
    words: dict[Stance, int]

    @property
    def stories(self) -> int:
        return len({piece.story for piece in self.support})

    @property
    def publishers(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(piece.publisher for piece in self.support))


@dataclass(frozen=True, slots=True)
class RulesetView:
    ruleset: Ruleset
    rows: tuple[Row, ...]
    consequence: Row
    rollup: RollUp


@dataclass(frozen=True, slots=True)
class Account:
    """How well we looked: what was polled, received and read, and which feeds fail."""

    feeds: int
    polled: int
    polls: dict[str, int]
    last_poll: datetime | None
    items: ItemCount
    failing: tuple[FeedState, ...]
    never_polled: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Overview:
    now: datetime
    as_of: datetime
    known_at: datetime | None
    rulesets: tuple[RulesetView, ...]
    account: Account


def read_overview(
    connection: Connection,
    rules: CompiledRules,
    config: Config,
    now: datetime,
    as_of: datetime | None = None,
    known_at: datetime | None = None,
) -> Overview:
    """Where everything stands at ``as_of`` (now, if not given), by what was known at ``known_at``."""
    moment = as_of or now
    views = tuple(_ruleset_view(connection, ruleset, moment, known_at) for ruleset in rules.rulesets)
    return Overview(now, moment, known_at, views, read_account(connection, rules, config))


def _ruleset_view(connection: Connection, ruleset: Ruleset, moment: datetime, known_at: datetime | None) -> RulesetView:
    rows = {
        name: _row(name, part, evidence_for(connection, ruleset.ruleset, name, known_at), moment)
        for name, part in ruleset.standing().items()
    }
    consequence = rows.pop(ruleset.consequence.id)
    return RulesetView(
        ruleset,
        tuple(rows.values()),
        consequence,
        roll_up(ruleset, {name: row.standing for name, row in rows.items()}),
    )


def _row(name: str, part: Condition | Consequence, evidence: list[Evidence], moment: datetime) -> Row:
    standing = history(part, evidence, moment)[-1]
    ids = set(standing.evidence)
    support = tuple(sorted((e for e in evidence if e.id in ids), key=lambda e: (e.at, e.id), reverse=True))
    since = standing.holds_from
    other = {Status.MET: Stance.BREACH, Status.BREACHED: Stance.FULFILMENT}.get(standing.status)
    against = tuple(
        e
        for e in reversed(evidence)
        if e.stance is other and e.id not in ids and e.at <= moment and (since is None or e.at >= since)
    )
    return Row(name, part, standing, support, against, words_since(evidence, since, moment))


def read_account(connection: Connection, rules: CompiledRules, config: Config) -> Account:
    """How well the configured feeds were watched, and what these rules have yet to read."""
    states = feed_states(connection)
    urls = [feed.url for feed in config.feeds]
    known: Iterable[FeedState] = (states[url] for url in urls if url in states)
    failing = tuple(state for state in known if state.failing_since is not None)
    polls = count_polls(connection)
    return Account(
        feeds=len(urls),
        polled=sum(1 for url in urls if url in states),
        polls=polls.outcomes,
        last_poll=polls.last,
        items=count_items(connection, rules.digest),
        failing=failing,
        never_polled=tuple(url for url in urls if url not in states),
    )
