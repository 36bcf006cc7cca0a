"""What the records for machines look like: the JSON of the commands and of the API, whose description is made of these.

Every time is an ISO 8601 moment in UTC.
"""

from __future__ import annotations

# Pydantic reads these, and before Python 3.12 it needs this TypedDict.
from typing_extensions import TypedDict


class EvidenceRecord(TypedDict):
    """A piece of evidence: what was reported, by whom, word for word, and what it counts as."""

    id: str
    item: str
    version: str
    condition: str
    stance: str
    signal: str
    quote: str
    title: str
    publisher: str
    organisation: str
    link: str
    asserted_by: str
    grade: str
    story: str
    reviewer: str
    at: str | None
    date_mark: str
    recorded: str | None


class TallyRecord(TypedDict):
    """How many events were told of, in how many reports, by how many publishers."""

    events: int
    reports: int
    publishers: int


class EventReportRecord(TypedDict):
    """A report of an event, by the id of its evidence, and why it was counted to the event."""

    evidence: str
    why: str


class EventRecord(TypedDict):
    """One happening with the reports that tell of it."""

    id: str
    stance: str
    tally: TallyRecord
    reports: list[EventReportRecord]


class FadesRecord(TypedDict):
    """What time alone will bring."""

    status: str
    phase: str
    at: str | None


class NeedRecord(TypedDict):
    """So many more independent publishers would confirm one direction."""

    stance: str
    publishers: int
    by: str | None


class HoldRecord(TypedDict):
    """What keeps a status until it is reversed."""

    signal: str
    reversed_by: list[str]
    publishers: int


class OutlookRecord(TypedDict):
    in_words: str
    fades: FadesRecord | None
    needs: list[NeedRecord]
    holds: list[HoldRecord]


class DeadlineRecord(TypedDict):
    by: str | None
    days_left: int
    overdue: bool


class GapRecord(TypedDict):
    """A time at which the monitor did not run."""

    began: str | None
    ended: str | None


class CoverageRecord(TypedDict):
    """How well the feeds were read."""

    since: str | None
    until: str | None
    share: float
    stops: list[GapRecord]


class ConditionRecord(TypedDict):
    """A condition, or the consequence, with where it stands and what that rests on."""

    condition: str
    title: str
    kind: str
    status: str
    shown_as: str
    phase: str
    since: str | None
    reason: str
    stories: int
    publishers: list[str]
    tally: TallyRecord
    words: dict[str, TallyRecord]
    fragile: str
    outlook: OutlookRecord
    deadline: DeadlineRecord | None
    coverage: CoverageRecord
    failing: list[str]
    quiet: list[str]
    evidence: list[EvidenceRecord]
    against: list[EvidenceRecord]
    undated: list[EvidenceRecord]
    events: list[EventRecord]


class ConsequenceRecord(ConditionRecord):
    """``due`` is null where nobody can know."""

    due: bool | None
    required: list[str]
    missing: list[str]
    changes: list[str]
    closest: str | None


class RulesetRecord(TypedDict):
    ruleset: str
    title: str
    digest: str
    consequence: ConsequenceRecord
    conditions: list[ConditionRecord]


class FailingRecord(TypedDict):
    """A feed that fails, and the conditions whose status rests on it."""

    url: str
    since: str | None
    failures: int
    error: str
    resting: list[str]


class QuietRecord(TypedDict):
    url: str
    nothing_new_since: str | None


class AccountRecord(TypedDict):
    """How well the monitor looked."""

    feeds: int
    feeds_polled: int
    polls: dict[str, int]
    last_poll: str | None
    watched_since: str | None
    stops: list[GapRecord]
    items: int
    versions: int
    read: int
    waiting: int
    rules_in_folder: str
    failing: list[FailingRecord]
    quiet: list[QuietRecord]
    never_polled: list[str]


class OverviewRecord(TypedDict):
    as_of: str | None
    known_at: str | None
    rulesets: list[RulesetRecord]
    account: AccountRecord


class HeadRecord(TypedDict):
    """The latest entry of the log."""

    seq: int
    hash: str


class DossierRecord(OverviewRecord):
    """The overview with the changes since a day."""

    since: str | None
    changes: list[dict[str, object]]
    upheld: int
    log_head: HeadRecord


class ReviewRecord(TypedDict):
    number: int
    verdict: str
    by: str
    reason: str
    recorded: str | None
    ruleset: str
    condition: str
    evidence: str
    stance: str | None
    status: str | None
    expires: str | None
    undoes: int | None
    other: str
    dated: str | None


class StepRecord(TypedDict):
    """One step of the reasoning."""

    role: str
    text: str
    span: list[int] | None
    note: str


class FindingRecord(TypedDict):
    """What the rules read in a text; spans are characters of title and text with a line break between them."""

    ruleset: str
    condition: str
    stance: str
    signal: str
    quote: str
    span: list[int]
    words: list[list[int]]
    asserted_by: str
    speaker: str
    steps: list[StepRecord]


class PlacedFindingRecord(FindingRecord):
    """``rule`` is the file and line of the signal, where known."""

    rule: str


class NearMissRecord(TypedDict):
    """What nearly matched, and what was missing."""

    ruleset: str
    condition: str
    signal: str
    quote: str
    missing: str


class ReadoutRecord(TypedDict):
    evidence: list[PlacedFindingRecord]
    near_misses: list[NearMissRecord]


class AboutItemRecord(TypedDict):
    """Who published an item and how that is known, by what its entry was recognised, and what its date rests on.

    ``decided_by_step`` counts the steps of ``order_of_steps`` from 1; it is 0 where nothing but an aggregator is told.
    """

    publisher: str
    organisation: str
    published_by: str
    decided_by_step: int
    order_of_steps: list[str]
    recognised_by: str
    published: str | None
    date_mark: str
    unstable_since: str | None


class FeedRecord(TypedDict):
    """A feed and its health; ``publisher`` is the name of the organisation behind it, ``organisation`` its id."""

    url: str
    publisher: str
    organisation: str
    grade: str
    interval: str
    health: str
    polled_at: str | None
    succeeded_at: str | None
    new_at: str | None
    failing_since: str | None
    retired_at: str | None
    next_at: str | None
    failures: int
    error: str
    status: int | None
    warning: str
    moved_to: str | None
    items: int
    quarantined: int
