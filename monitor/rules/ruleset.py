"""The rule format (contract 1) as frozen types, and the source document beside it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, field_validator

from monitor.duration import Duration, parse_duration, show_duration
from monitor.model import Stance, canonical_json, digest
from monitor.rules.expression import BadExpression, Expression, parse_expression
from monitor.rules.yaml_document import Quoted

ANYONE = "anyone"
_ID = r"^[a-z0-9]+(-[a-z0-9]+)*$"


def _words(value: object) -> object:
    """Keep a YAML double quote in the text: in a rule it means "to the letter"."""
    if isinstance(value, Quoted) and not value.startswith(("$", '"')):
        return f'"{value}"'
    return value


def _lasting(value: object) -> object:
    return value if value == "until-reversed" else parse_duration(value)


def _plain_lasting(value: timedelta | str) -> str:
    return value if isinstance(value, str) else show_duration(value)


Words = Annotated[str, BeforeValidator(_words), Field(min_length=1, max_length=200)]
Id = Annotated[str, Field(pattern=_ID, max_length=80)]
Lasting = Annotated[timedelta | Literal["until-reversed"], BeforeValidator(_lasting), PlainSerializer(_plain_lasting)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Actor(_Part):
    """A party: the names it goes by, words that place a report in its hands, and names that only look alike."""

    names: Annotated[tuple[Words, ...], Field(min_length=1)]
    context: tuple[Words, ...] = ()
    unlike: Annotated[tuple[Words, ...], Field(alias="not")] = ()


class Example(_Part):
    """A text and the stance that its signal must find in it; ``none`` for a near miss."""

    text: Annotated[str, Field(min_length=1)]
    expect: Stance | Literal["none"]
    published: date | None = None


class Signal(_Part):
    """One recognisable kind of report that bears on a condition.

    ``who`` did it (an actor's id, ``anyone``, or by default the addressee), what was done (``does``: any of these),
    and to what (``what``: one of each list, near the deed). ``lasts`` is how long such a deed counts.
    """

    id: Id
    stance: Stance
    who: str | None = None
    does: Annotated[tuple[Words, ...], Field(min_length=1)]
    what: tuple[Words | tuple[Words, ...], ...] = ()
    lasts: Lasting = timedelta(days=90)
    reverses: tuple[Id, ...] = ()
    examples: tuple[Example, ...] = ()


class Confirm(_Part):
    """What corroborates a status: this many independent publishers within this time of each other."""

    publishers: Annotated[int, Field(ge=1, le=20)] = 2
    within: Duration = timedelta(days=14)


class Condition(_Part):
    """What is required of the addressee, and the signals that bear on it; ``by`` is the last day to meet it."""

    title: Annotated[str, Field(min_length=1)]
    statement: str | None = None
    kind: Literal["requirement", "hope"] = "requirement"
    by: date | None = None
    form: Literal["requires", "prohibits"] = "requires"
    confirm: Confirm = Confirm()
    signals: tuple[Signal, ...] = ()

    @property
    def deadline(self) -> datetime | None:
        """The last moment (UTC) of the day by which the condition is to be met."""
        return datetime.combine(self.by, time.max, UTC) if self.by else None


class Consequence(_Part):
    """What follows when the conditions are met, and its own signals: somebody grants or withholds it."""

    id: Id
    title: Annotated[str, Field(min_length=1)]
    requires: str
    granted_by: str | None = None
    statement: str | None = None
    confirm: Confirm = Confirm()
    signals: tuple[Signal, ...] = ()

    @field_validator("requires")
    @classmethod
    def _readable(cls, text: str) -> str:
        try:
            parse_expression(text)
        except BadExpression as error:
            raise ValueError(f"the expression {error}") from error
        return text

    @property
    def expression(self) -> Expression:
        return parse_expression(self.requires)


class Ruleset(_Part):
    """One file in ``rules/``."""

    ruleset: Id
    title: Annotated[str, Field(min_length=1)]
    source: str | None = None
    issuer: str
    addressee: str
    consequence: Consequence
    actors: dict[str, Actor]
    terms: dict[str, tuple[Words, ...]] = {}
    conditions: Annotated[dict[Id, Condition], Field(min_length=1)]

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the rules' meaning: the same whatever their order of keys, comments or white space."""
        return digest(canonical_json(self.model_dump(mode="json", by_alias=True)))

    def signals(self) -> list[tuple[str, Signal]]:
        """``(condition id, signal)`` of every signal, the consequence's own last."""
        pairs = [(name, signal) for name, part in self.conditions.items() for signal in part.signals]
        return pairs + [(self.consequence.id, signal) for signal in self.consequence.signals]

    def standing(self) -> dict[str, Condition | Consequence]:
        """Everything that has a status: the conditions, then the consequence."""
        return {**self.conditions, self.consequence.id: self.consequence}


class Statement(_Part):
    """A quoted passage of a source that a condition rests on. ``span`` counts characters of the source's text."""

    speaker: Annotated[str, Field(min_length=1)]
    role: str
    reported: Literal["direct", "indirect"]
    quote: Annotated[str, Field(min_length=1)]
    span: tuple[int, int]


class Source(_Part):
    """The document in which conditions are stated, without its text: the digest says which text it was."""

    source: str
    title: Annotated[str, Field(min_length=1)]
    publisher: str
    published: date
    link: str = ""
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    statements: Annotated[dict[Id, Statement], Field(min_length=1)]
