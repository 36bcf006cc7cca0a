"""The vocabulary of the design as frozen types. Pure: no clock, no database, no network.

Every time is an aware ``datetime`` in UTC.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Stance(StrEnum):
    """What a piece of evidence says about a condition: a deed, a word, or neither."""

    FULFILMENT = "fulfilment"
    BREACH = "breach"
    PLEDGE = "pledge"
    THREAT = "threat"
    DENIAL = "denial"
    DEMAND = "demand"
    MENTION = "mention"

    @property
    def is_deed(self) -> bool:
        return self in DEEDS

    @property
    def is_word(self) -> bool:
        return self in WORDS


DEEDS = frozenset({Stance.FULFILMENT, Stance.BREACH})
WORDS = frozenset({Stance.PLEDGE, Stance.THREAT, Stance.DENIAL, Stance.DEMAND})
# A condition's id and the stance that a text takes towards it.
Pair = tuple[str, Stance]


class Asserter(StrEnum):
    """Who says so. The addressee's word about its own merit is self-reported."""

    NARRATOR = "narrator"
    ADDRESSEE = "addressee"
    ISSUER = "issuer"
    OTHER = "other"


class Status(StrEnum):
    """Where a condition stands."""

    UNKNOWN = "unknown"
    MET = "met"
    BREACHED = "breached"
    CONTESTED = "contested"


class Phase(StrEnum):
    """Whether a status is corroborated, or set by a person. ``unknown`` has nothing to corroborate: ``confirmed``."""

    PENDING = "pending"
    CONFIRMED = "confirmed"
    BY_HAND = "by hand"


class Cause(StrEnum):
    """What made an entry of the status log necessary."""

    NEWS = "news"
    LATE_NEWS = "late news"
    EDIT = "edit"
    WITHDRAWAL = "withdrawal"
    PUBLISHERS = "publishers"
    RULES = "rules"
    REVIEW = "review"
    TIME = "time"


class DateMark(StrEnum):
    """How an item's ``published`` time was come by."""

    GIVEN = "given"
    MISSING = "missing"
    FUTURE = "future"
    ABSURD = "absurd"
    UNREADABLE = "unreadable"
    REVIEWED = "reviewed"

    @property
    def waits(self) -> bool:
        """Whether nobody knows when it was: such a report must not date old news as today's, so its deeds wait."""
        return self in (DateMark.ABSURD, DateMark.UNREADABLE)


@dataclass(frozen=True, slots=True)
class Item:
    """One feed entry, normalised: plain text, UTC times, a stable identity.

    ``id`` names the item for ever; ``version`` names this wording of it (a digest of title and text), so that
    an edited item keeps its ``id`` and gets a new ``version``. ``publisher`` is the name that the settings or the
    feed's title give; ``source_name`` and ``source_url`` are what the entry itself says of where it comes from,
    ``guid`` is the entry's own name.
    """

    id: str
    title: str
    text: str = ""
    publisher: str = ""
    link: str = ""
    published: datetime | None = None
    date_mark: DateMark = DateMark.GIVEN
    author: str = ""
    guid: str = ""
    source_name: str = ""
    source_url: str = ""

    @property
    def version(self) -> str:
        return digest(self.title, self.text)[:16]

    @property
    def body(self) -> str:
        """What the rules read: title and text, a line break between them. Spans of evidence index into this."""
        return f"{self.title}\n{self.text}" if self.text else self.title


@dataclass(frozen=True, slots=True)
class Span:
    """A slice ``[start, end)`` of an item's ``body``."""

    start: int
    end: int

    def of(self, text: str) -> str:
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the reasoning: a ``role`` (deed, object, agent, cue, speaker or note), its words, what they did."""

    role: str
    text: str
    span: Span | None
    note: str

    def __str__(self) -> str:
        return f"{self.role} “{self.text}”: {self.note}" if self.text else f"{self.role}: {self.note}"


@dataclass(frozen=True, slots=True)
class Finding:
    """What the rules read in one item: a signal, its stance, and the words that show it."""

    ruleset: str
    condition: str
    signal: str
    stance: Stance
    asserted_by: Asserter
    speaker: str
    quote: str
    span: Span
    deed: tuple[Span, ...]
    words: tuple[Span, ...]
    steps: tuple[Step, ...]


# How much of an evidence id names what was read; what follows tells readings that came back from those that went.
READING_LENGTH = 21


@dataclass(frozen=True, slots=True)
class Evidence:
    """A finding in a stored item, with what the assessment needs to know about that item.

    ``at`` is when the report was published (the first clock), ``recorded`` when the monitor learned of it and
    ``withdrawn`` when it ceased to stand, if it has (the second clock). ``organisation`` is the id of the publisher, of
    which ``publisher`` is the name; ``origin`` is the organisation that the report comes from, which is the agency it
    credits, or else its publisher. ``story`` is empty until :func:`monitor.assess.story.with_stories` has told which
    pieces report alike; ``reviewer`` names who vouched for this reading or corrected it.
    """

    id: str
    item: str
    version: str
    ruleset: str
    condition: str
    signal: str
    stance: Stance
    asserted_by: Asserter
    publisher: str
    grade: str
    title: str
    quote: str
    link: str
    at: datetime
    date_mark: DateMark
    recorded: datetime
    withdrawn: datetime | None = None
    withdrawn_why: Cause | None = None
    text: str = ""
    author: str = ""
    feed: str = ""
    story: str = ""
    origin: str = ""
    reviewer: str = ""
    organisation: str = ""

    @property
    def body(self) -> str:
        return f"{self.title}\n{self.text}" if self.text else self.title

    @property
    def reading(self) -> str:
        """The name of this reading of these words, the same if it is withdrawn and comes back."""
        return self.id[:READING_LENGTH]


class Verdict(StrEnum):
    """What a review does: judge a piece of evidence, say whether two tell of one event, date an item, set a status by
    hand, or undo an earlier review."""

    CONFIRM = "confirm"
    REJECT = "reject"
    RECLASSIFY = "reclassify"
    JOIN = "join"
    SPLIT = "split"
    DATE = "date"
    SET = "set"
    UNDO = "undo"

    @property
    def judges_reading(self) -> bool:
        """Whether it says how a piece of evidence is to be read."""
        return self in (Verdict.CONFIRM, Verdict.REJECT, Verdict.RECLASSIFY)

    @property
    def groups(self) -> bool:
        """Whether it says that two pieces of evidence tell of one event, or that they do not."""
        return self in (Verdict.JOIN, Verdict.SPLIT)


@dataclass(frozen=True, slots=True)
class Review:
    """A person's verdict, with name and reason; one append-only entry, numbered from 1.

    A verdict on evidence names it; ``stance`` is what it is reclassified to. ``other`` is the second thing that it
    names: the piece that tells of the same event or of another one, or the item that is given the date ``dated`` (UTC),
    which bears on all evidence in it. A status set by hand has a ``status`` that holds from ``recorded`` until
    ``expires``. ``undoes`` is the number of the review that is taken back; taking a date back repeats its ``other``.
    """

    number: int
    verdict: Verdict
    reviewer: str
    reason: str
    recorded: datetime
    ruleset: str
    condition: str
    evidence: str = ""
    stance: Stance | None = None
    status: Status | None = None
    expires: datetime | None = None
    undoes: int | None = None
    other: str = ""
    dated: datetime | None = None


@dataclass(frozen=True, slots=True)
class Transition:
    """One append-only entry of the status log: what is held to have been the case from ``holds_from`` on.

    It overrules what earlier entries say of that time, up to ``holds_until`` or, without one, until further notice.
    ``before`` is what the log said of that time until now. ``recorded`` is when the inputs that entail the entry were
    complete: the arrival of news, a review or a rule; for what time alone brings about, that moment itself. So the
    log follows from its inputs alone and not from when a daemon happened to run.
    """

    seq: int
    ruleset: str
    condition: str
    before: Status
    before_phase: Phase | None
    after: Status
    phase: Phase
    holds_from: datetime
    holds_until: datetime | None
    recorded: datetime
    cause: Cause | None
    reason: str
    evidence: tuple[str, ...]
    rules_digest: str
    previous_hash: str = ""
    hash: str = ""

    @property
    def changes_status(self) -> bool:
        """Whether anything changed: an entry that upholds what was said before is for the record only."""
        return (self.before, self.before_phase) != (self.after, self.phase)

    def content(self) -> dict[str, object]:
        """Everything the hash covers, in a form that JSON can carry.

        What the entries of the first release did not have is left out where it is empty, so that they still verify.
        """
        content: dict[str, object] = {
            "seq": self.seq,
            "ruleset": self.ruleset,
            "condition": self.condition,
            "before": self.before.value,
            "after": self.after.value,
            "phase": self.phase.value,
            "holds_from": self.holds_from.isoformat(),
            "recorded": self.recorded.isoformat(),
            "reason": self.reason,
            "evidence": list(self.evidence),
            "rules_digest": self.rules_digest,
            "previous_hash": self.previous_hash,
        }
        if self.before_phase is not None:
            content["before_phase"] = self.before_phase.value
        if self.holds_until is not None:
            content["holds_until"] = self.holds_until.isoformat()
        if self.cause is not None:
            content["cause"] = self.cause.value
        return content

    def record(self) -> dict[str, object]:
        """The entry as the log is exported: its content and its hash."""
        return {**self.content(), "hash": self.hash}


def digest(*parts: str) -> str:
    """SHA-256 (hex) of the parts, each kept apart from the next."""
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def canonical_json(value: object) -> str:
    """JSON with one spelling only: sorted keys, no spaces, UTF-8 text as it is."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
