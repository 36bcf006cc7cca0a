"""The overview that every report shows, read from the store as of any day and as known on any day."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Connection

from monitor.assess.coverage import EVERYTHING, Coverage, Gap, Watched, coverage, open_gaps
from monitor.assess.event import Event
from monitor.assess.outlook import Deadline, Outlook, deadline, look_ahead
from monitor.assess.rollup import RollUp, roll_up
from monitor.assess.standing import Knowledge, survey, words_since
from monitor.assess.tally import Tally, tally
from monitor.assess.timeline import Standing
from monitor.config import Config
from monitor.manners.health import is_quiet
from monitor.manners.state import FeedState
from monitor.model import Evidence, Phase, Stance, Status
from monitor.pipeline.logbook import knowledge
from monitor.report.trend import Trend, trend
from monitor.rules.reading import reading_digest
from monitor.rules.ruleset import Condition, Consequence, Ruleset
from monitor.store.feeds import count_polls, feed_states
from monitor.store.gaps import all_gaps, watched_since
from monitor.store.items import ItemCount, count_items
from monitor.store.rule_versions import are_in_force, rules_in_force


@dataclass(frozen=True, slots=True)
class Row:
    """A condition (or the consequence) with where it stands and what that rests on.

    ``history`` is how it came to stand there, the oldest first; ``told`` is all evidence up to then, in the order of
    time. ``support`` is the evidence of the present status, newest first; ``against`` are newer deeds of the other
    direction that have not moved it; ``words`` counts each kind of word since the status began; ``undated`` are deeds
    that wait because nobody knows when they were reported. ``event_of`` has the event of each piece that is ``told``,
    by the piece's id; ``agencies`` are the names of known organisations, by their ids. ``failing`` and ``quiet`` are
    feeds behind the support that fail or bring nothing new.
    """

    id: str
    part: Condition | Consequence
    history: tuple[Standing, ...]
    told: tuple[Evidence, ...]
    trend: Trend
    support: tuple[Evidence, ...]
    against: tuple[Evidence, ...]
    words: dict[Stance, Tally]
    undated: tuple[Evidence, ...]
    event_of: Mapping[str, Event]
    agencies: Mapping[str, str]
    outlook: Outlook
    deadline: Deadline | None
    coverage: Coverage
    failing: tuple[str, ...]
    quiet: tuple[str, ...]

    @property
    def standing(self) -> Standing:
        return self.history[-1]

    @property
    def tally(self) -> Tally:
        """How much the status rests on."""
        return tally(self.support, self.event_of)

    @property
    def stories(self) -> int:
        return len({piece.story for piece in self.support})

    @property
    def publishers(self) -> tuple[str, ...]:
        """The names of the organisations that the support comes from, each once."""
        return tuple({piece.organisation: piece.publisher for piece in reversed(self.support)}.values())[::-1]

    @property
    def only_agency(self) -> str:
        """The one wire agency that all the support comes from, if it does and several publishers carry it."""
        if len(self.publishers) < 2:
            return ""
        origins = {piece.origin for piece in self.support}
        if len(origins) > 1:
            return ""
        agency = origins.pop()
        return self.agencies.get(agency, agency)


@dataclass(frozen=True, slots=True)
class RulesetView:
    ruleset: Ruleset
    rows: tuple[Row, ...]
    consequence: Row
    rollup: RollUp


class FolderRules(StrEnum):
    """Whether the rules in the folder are those in force, or others, or cannot be used."""

    IN_FORCE = "in force"
    CHANGED = "changed"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Account:
    """How well we looked: what was polled, received and read, which feeds fail or are quiet, and when the monitor
    stood still. ``folder`` says whether the rules in the folder are the rules in force; ``resting`` names
    the conditions whose present status rests on a failing feed, by its address; ``quiet_after`` is how long each
    feed may bring nothing new, where the settings say. ``watched_since`` is when any feed was first polled, and
    ``first_polled`` when each feed in the settings was, unless it never was."""

    feeds: int
    polled: int
    polls: dict[str, int]
    last_poll: datetime | None
    watched_since: datetime | None
    gaps: tuple[Gap, ...]
    items: ItemCount
    failing: tuple[FeedState, ...]
    quiet: tuple[FeedState, ...]
    never_polled: tuple[str, ...]
    folder: FolderRules
    quiet_after: Mapping[str, timedelta | None] = field(default_factory=dict)
    resting: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    first_polled: Mapping[str, datetime] = field(default_factory=dict)

    @property
    def stops(self) -> tuple[Gap, ...]:
        """The times at which the monitor did not run."""
        return tuple(gap for gap in self.gaps if gap.feed == EVERYTHING)


@dataclass(frozen=True, slots=True)
class Overview:
    now: datetime
    as_of: datetime
    known_at: datetime | None
    rulesets: tuple[RulesetView, ...]
    account: Account

    def find(self, ruleset: str, condition: str) -> tuple[RulesetView, Row] | None:
        """A condition, or the consequence, of a ruleset."""
        for view in self.rulesets:
            for row in (*view.rows, view.consequence):
                if (view.ruleset.ruleset, row.id) == (ruleset, condition):
                    return view, row
        return None


# What is known of a condition at a moment of the second clock: read anew, or remembered.
Knowing = Callable[[Connection, Ruleset, str, datetime | None], Knowledge]


def read_overview(
    connection: Connection,
    rulesets: Sequence[Ruleset] | None,
    config: Config,
    now: datetime,
    as_of: datetime | None = None,
    known_at: datetime | None = None,
    knowing: Knowing = knowledge,
) -> Overview:
    """Where everything stands at ``as_of`` (now, if not given), by what was known at ``known_at``.

    The rules are those that were in force then; ``rulesets``, those in the folder, stand in where none have ever been.
    They are ``None`` where the folder cannot be used.
    """
    moment = as_of or now
    account = read_account(connection, rulesets, config, now)
    watch = _Watch(now, account, config.known_publishers().names)
    in_force = rules_in_force(connection, known_at) or list(rulesets or ())
    views = tuple(_ruleset_view(connection, ruleset, moment, known_at, watch, knowing) for ruleset in in_force)
    return Overview(now, moment, known_at, views, replace(account, resting=_resting(account, views)))


def _resting(account: Account, views: Iterable[RulesetView]) -> dict[str, tuple[str, ...]]:
    rows = [row for view in views for row in (*view.rows, view.consequence)]
    return {state.url: tuple(row.id for row in rows if state.url in row.failing) for state in account.failing}


@dataclass(frozen=True, slots=True)
class _Watch:
    """How the feeds were watched, and the names of known publishers by their ids, for every row alike."""

    now: datetime
    account: Account
    names: Mapping[str, str]

    def over(self, since: datetime | None, until: datetime) -> Coverage:
        return coverage(self.account.first_polled, self.account.gaps, since, min(until, self.now))


def _ruleset_view(
    connection: Connection,
    ruleset: Ruleset,
    moment: datetime,
    known_at: datetime | None,
    watch: _Watch,
    knowing: Knowing,
) -> RulesetView:
    rows = {
        name: _row(name, knowing(connection, ruleset, name, known_at), moment, watch) for name in ruleset.standing()
    }
    consequence = rows.pop(ruleset.consequence.id)
    return RulesetView(
        ruleset,
        tuple(rows.values()),
        consequence,
        roll_up(
            ruleset,
            {name: row.standing for name, row in rows.items()},
            {name: row.outlook for name, row in rows.items()},
        ),
    )


def _row(name: str, known: Knowledge, moment: datetime, watch: _Watch) -> Row:
    seen = survey(known, moment)
    steps = seen.history
    standing = steps[-1]
    evidence = [piece for piece in known.evidence if piece.at <= moment]
    ids = set(standing.evidence)
    support = tuple(sorted((e for e in evidence if e.id in ids), key=lambda e: (e.at, e.id), reverse=True))
    since = standing.holds_from
    other = {Status.MET: Stance.BREACH, Status.BREACHED: Stance.FULFILMENT}.get(standing.status)
    against = tuple(
        e
        for e in reversed(evidence)
        if e.stance is other and e.id not in ids and not e.date_mark.waits and (since is None or e.at >= since)
    )
    behind = {piece.feed for piece in support}
    return Row(
        id=name,
        part=known.part,
        history=tuple(steps),
        told=tuple(evidence),
        trend=trend(steps, evidence, known.event_of, moment),
        support=support,
        against=against,
        words=words_since(known, since, moment),
        undated=tuple(e for e in reversed(evidence) if e.stance.is_deed and e.date_mark.waits),
        event_of=known.event_of,
        agencies=watch.names,
        outlook=look_ahead(seen),
        deadline=deadline(known.part, moment),
        coverage=watch.over(since, moment),
        failing=tuple(
            state.url
            for state in watch.account.failing
            if state.url in behind and state.failing_since is not None and state.failing_since <= moment
        ),
        quiet=_all_quiet(behind, watch.account, moment) if standing.phase is not Phase.BY_HAND else (),
    )


def _all_quiet(behind: set[str], account: Account, moment: datetime) -> tuple[str, ...]:
    """The feeds behind a status, if every one of them had gone quiet by ``moment``."""
    quiet = {s.url for s in account.quiet if is_quiet(s, account.quiet_after.get(s.url), moment)}
    return tuple(sorted(behind)) if behind and behind <= quiet else ()


def read_account(connection: Connection, rulesets: Sequence[Ruleset] | None, config: Config, now: datetime) -> Account:
    """How well the configured feeds were watched, and what the rules in the folder have yet to read."""
    states = feed_states(connection)
    urls = [feed.url for feed in config.feeds]
    known = [states[url] for url in urls if url in states]
    polls = count_polls(connection)
    if rulesets is None:
        folder = FolderRules.BROKEN
    else:
        folder = FolderRules.IN_FORCE if are_in_force(connection, rulesets) else FolderRules.CHANGED
    quiet_after = {feed.url: feed.quiet_after for feed in config.feeds}
    paces = {feed.url: config.pace(feed).shortest for feed in config.feeds}
    watched = [
        Watched(s.url, s.succeeded_at, s.first_polled_at, s.polled_at, s.next_at, s.usual_interval(paces[s.url]))
        for s in known
    ]
    return Account(
        feeds=len(urls),
        polled=len(known),
        polls=polls.outcomes,
        last_poll=polls.last,
        watched_since=watched_since(connection),
        gaps=(*all_gaps(connection), *open_gaps(watched, now)),
        items=count_items(connection, reading_digest(rules_in_force(connection) if rulesets is None else rulesets)),
        failing=tuple(state for state in known if state.failing_since is not None),
        quiet=tuple(state for state in known if is_quiet(state, quiet_after[state.url], now)),
        quiet_after=quiet_after,
        never_polled=tuple(url for url in urls if url not in states),
        first_polled={feed.feed: feed.first_polled_at for feed in watched if feed.first_polled_at is not None},
        folder=folder,
    )
