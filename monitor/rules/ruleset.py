"""The rule format (contract 1) as frozen types, and the source document beside it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, WithJsonSchema, field_validator

from monitor.duration import Duration, parse_duration, show_duration
from monitor.model import Stance, canonical_json, digest
from monitor.rules.expression import BadExpression, Expression, parse_expression
from monitor.rules.quoted import Quoted

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


_SPAN = {"type": "string", "pattern": r"^[0-9]{1,5}\s*[smhdw]$", "examples": ["90d", "36h", "2w"]}

Words = Annotated[
    str,
    BeforeValidator(_words),
    Field(
        min_length=1,
        max_length=200,
        description="A word matches its inflections, several words are a phrase, double quotes match to the letter, "
        "and `$name` is a list of `terms`.",
    ),
]
Id = Annotated[str, Field(pattern=_ID, max_length=80)]
Lasting = Annotated[
    timedelta | Literal["until-reversed"],
    BeforeValidator(_lasting),
    PlainSerializer(_plain_lasting),
    WithJsonSchema({"anyOf": [{"const": "until-reversed"}, _SPAN], "default": "90d"}),
]
Span = Annotated[Duration, WithJsonSchema(_SPAN)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


def _about(description: str, *examples: object) -> Any:
    """What editors show beside a key."""
    return Field(description=description, examples=list(examples) or None)


class Actor(_Part):
    """A party: the names it goes by, words that place a report in its hands, and names that only look alike."""

    names: Annotated[
        tuple[Words, ...],
        Field(min_length=1),
        _about("What the party is called.", ["Northland army"]),
    ]
    context: Annotated[
        tuple[Words, ...],
        _about("Words that put a report in its hands when no name stands there.", ["Northland"]),
    ] = ()
    unlike: Annotated[
        tuple[Words, ...], Field(alias="not"), _about("Names that look like it and are not.", ["Northland army museum"])
    ] = ()


class Example(_Part):
    """A text and the stance that its signal must find in it; ``none`` for a near miss."""

    text: Annotated[str, Field(min_length=1), _about("A headline or sentence.")]
    expect: Annotated[Stance | Literal["none"], _about("What the signal must find in it; `none` for a near miss.")]
    published: Annotated[date | None, _about("The day it appeared, where that matters.")] = None


class Signal(_Part):
    """One recognisable kind of report that bears on a condition.

    ``who`` did it (an actor's id, ``anyone``, or by default the addressee), what was done (``does``: any of these),
    and to what (``what``: one of each list, near the deed). ``lasts`` is how long such a deed counts.
    """

    id: Annotated[Id, _about("Its name, in lower case with hyphens.", "shelling")]
    stance: Annotated[Stance, _about("What such a report is: `fulfilment` or `breach`, or `mention` for a mere topic.")]
    who: Annotated[str | None, _about("Who did it: an actor's id or `anyone`; the addressee if not given.")] = None
    does: Annotated[tuple[Words, ...], Field(min_length=1), _about("What was done: any of these.", ["shell", "bomb"])]
    what: Annotated[
        tuple[Words | tuple[Words, ...], ...],
        _about("To what: one of each of these lists, near the deed.", ["$places"]),
    ] = ()
    lang: Annotated[
        str,
        Field(pattern=r"^[a-z]{2}$"),
        _about(
            "The language of its words (ISO 639-1). Only in English does the engine know promises from deeds.", "fr"
        ),
    ] = "en"
    unless: Annotated[
        tuple[Words, ...], _about("In another language: words that make it no finding, such as a promise or a denial.")
    ] = ()
    lasts: Annotated[Lasting, _about("How long such a deed counts: `until-reversed`, or a span such as 90d.")] = (
        timedelta(days=90)
    )
    reverses: Annotated[tuple[Id, ...], _about("Signals of this condition that it ends.", ["crossing-closed"])] = ()
    examples: Annotated[tuple[Example, ...], _about("Texts that prove it, near misses among them.")] = ()


class Confirm(_Part):
    """What corroborates a status: this many independent publishers within this time of each other."""

    publishers: Annotated[int, Field(ge=1, le=20), _about("How many independent publishers confirm a status.")] = 2
    within: Annotated[Span, _about("How close together their reports must be.")] = timedelta(days=14)


class Condition(_Part):
    """What is required of the addressee, and the signals that bear on it; ``by`` is the last day to meet it."""

    title: Annotated[str, Field(min_length=1), _about("What is required, in a sentence.")]
    statement: Annotated[str | None, _about("The passage of the source that it rests on.")] = None
    kind: Annotated[Literal["requirement", "hope"], _about("A hope is tracked and shown, never required.")] = (
        "requirement"
    )
    by: Annotated[date | None, _about("The last day to meet it.", "2022-03-31")] = None
    form: Annotated[
        Literal["requires", "prohibits"],
        _about("How silence reads: what `requires` fades to unknown, what `prohibits` says no breach was observed."),
    ] = "requires"
    confirm: Annotated[Confirm, _about("What confirms a status.", {"publishers": 2, "within": "14d"})] = Confirm()
    signals: Annotated[tuple[Signal, ...], _about("The kinds of report that bear on it.")] = ()

    @property
    def deadline(self) -> datetime | None:
        """The last moment (UTC) of the day by which the condition is to be met."""
        return datetime.combine(self.by, time.max, UTC) if self.by else None


class Consequence(_Part):
    """What follows when the conditions are met, and its own signals: somebody grants or withholds it."""

    id: Annotated[Id, _about("Its name, in lower case with hyphens.", "talks")]
    title: Annotated[str, Field(min_length=1), _about("What follows when the conditions are met.")]
    requires: Annotated[
        str, _about("Conditions joined by `and`, `or`, `not` and brackets.", "ceasefire and (crossing or not siege)")
    ]
    granted_by: Annotated[str | None, _about("Who grants it.")] = None
    statement: Annotated[str | None, _about("The passage of the source that it rests on.")] = None
    confirm: Annotated[Confirm, _about("What confirms that it was granted or withheld.")] = Confirm()
    signals: Annotated[tuple[Signal, ...], _about("Reports that it is granted (fulfilment) or withheld (breach).")] = ()

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

    ruleset: Annotated[Id, _about("Its name, in lower case with hyphens.", "northland-ceasefire")]
    title: Annotated[str, Field(min_length=1), _about("What it watches, in a sentence.")]
    include: Annotated[
        tuple[str, ...],
        _about("Files of the rules folder whose actors, terms and conditions it uses.", ["shared/words.yaml"]),
    ] = ()
    source: Annotated[str | None, _about("The source (a file in `seeds/`) in which the conditions are stated.")] = None
    issuer: Annotated[str, _about("Who set the conditions.", "mediators")]
    addressee: Annotated[str, _about("The actor that must meet them.", "army")]
    consequence: Annotated[Consequence, _about("What follows when they are met.")]
    actors: Annotated[dict[str, Actor], _about("The parties, by id; the addressee must be one.")]
    terms: Annotated[dict[str, tuple[Words, ...]], _about("Lists of words to be used as `$name`.")] = {}
    conditions: Annotated[dict[Id, Condition], Field(min_length=1), _about("What is required, by id.")]

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the rules' meaning: the same whatever their order of keys, comments, white space or files."""
        return digest(canonical_json(self.model_dump(mode="json", by_alias=True, exclude={"include"})))

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
