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
    """Whether a status is corroborated. ``unknown`` has nothing to corroborate and is ``confirmed``."""

    PENDING = "pending"
    CONFIRMED = "confirmed"


class DateMark(StrEnum):
    """How an item's ``published`` time was come by."""

    GIVEN = "given"
    MISSING = "missing"
    FUTURE = "future"
    ABSURD = "absurd"


@dataclass(frozen=True, slots=True)
class Item:
    """One feed entry, normalised: plain text, UTC times, a stable identity.

    ``id`` names the item for ever; ``version`` names this wording of it (a digest of title and text), so that
    an edited item keeps its ``id`` and gets a new ``version``.
    """

    id: str
    title: str
    text: str = ""
    publisher: str = ""
    link: str = ""
    published: datetime | None = None
    date_mark: DateMark = DateMark.GIVEN
    author: str = ""

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


@dataclass(frozen=True, slots=True)
class Evidence:
    """A finding in a stored item, with what the assessment needs to know about that item.

    ``at`` is when the report was published (the first clock), ``recorded`` when the monitor learned of it and
    ``withdrawn`` when it ceased to stand, if it has (the second clock).
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
    story: str
    grade: str
    title: str
    quote: str
    link: str
    at: datetime
    date_mark: DateMark
    recorded: datetime
    withdrawn: datetime | None = None


@dataclass(frozen=True, slots=True)
class Transition:
    """One append-only entry of the status log."""

    seq: int
    ruleset: str
    condition: str
    before: Status
    after: Status
    phase: Phase
    holds_from: datetime
    recorded: datetime
    reason: str
    evidence: tuple[str, ...]
    rules_digest: str
    previous_hash: str
    hash: str

    def content(self) -> dict[str, object]:
        """Everything the hash covers, in a form that JSON can carry."""
        return {
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


def digest(*parts: str) -> str:
    """SHA-256 (hex) of the parts, each kept apart from the next."""
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def canonical_json(value: object) -> str:
    """JSON with one spelling only: sorted keys, no spaces, UTF-8 text as it is."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
