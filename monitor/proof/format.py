"""The format of a test file (``*.test.yaml`` beside the rules) and how it is read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, WithJsonSchema

from monitor.model import Phase, Stance, Status
from monitor.problem import Problem, Unusable, did_you_mean
from monitor.rules.read import explain_mistakes
from monitor.rules.ruleset import Ruleset
from monitor.rules.yaml_document import ValuePath, YamlDocument, read_yaml

SUFFIX = ".test.yaml"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


def _one_or_more(value: object) -> object:
    return value if isinstance(value, list | tuple) else [value]


_STANCE = {"enum": [stance.value for stance in Stance]}
_STANCES = {"anyOf": [_STANCE, {"type": "array", "items": _STANCE, "minItems": 1}]}
_EXPECTED = {"anyOf": [{"const": "none"}, {"type": "object", "minProperties": 1, "additionalProperties": _STANCES}]}

Stances = Annotated[tuple[Stance, ...], BeforeValidator(_one_or_more), Field(min_length=1)]


def _expectation(value: object) -> object:
    if value == "none":
        return {}
    if not isinstance(value, dict) or not value:
        raise ValueError("expects nothing: write `none`, or conditions with their stances: {schools: breach}")
    return value


class TextTest(_Part):
    """A text, and what each condition must find in it; ``none``: nothing. Conditions not named must find nothing."""

    text: Annotated[str, Field(min_length=1, description="A headline.")]
    summary: Annotated[str, Field(description="What a feed would carry below it.")] = ""
    published: Annotated[date | None, Field(description="The day it appeared, where that matters.")] = None
    expect: Annotated[
        dict[str, Stances],
        BeforeValidator(_expectation),
        WithJsonSchema(_EXPECTED),
        Field(description="Conditions with the stances found in it, or `none`: {schools: breach}."),
    ]


class TimelineItem(_Part):
    """An item of a timeline. ``arrives`` is the day the monitor learned of it; the same ``id`` again is an edit."""

    title: Annotated[str, Field(min_length=1, description="The headline.")]
    text: Annotated[str, Field(description="What the feed carries below it.")] = ""
    publisher: Annotated[str, Field(min_length=1, description="Whose report it is.")]
    published: Annotated[date, Field(description="The day it appeared.")]
    arrives: Annotated[date | None, Field(description="The day the monitor learned of it, if later.")] = None
    grade: Annotated[Literal["A", "B", "C", "D", "E", "F"], Field(description="The source's grade.")] = "B"
    id: Annotated[str, Field(description="A name; the same name again is an edit of that item.")] = ""


def _status(value: str) -> str:
    status, _, phase = value.partition(" ")
    if status not in set(Status) or phase not in {"", Phase.PENDING, Phase.CONFIRMED}:
        raise ValueError("expected a status such as `breached`, `met pending` or `contested confirmed`")
    return value


class TimelineTest(_Part):
    """Dated items in, statuses on given days out."""

    name: Annotated[str, Field(min_length=1, description="What it shows.")]
    items: Annotated[tuple[TimelineItem, ...], Field(min_length=1, description="Dated items, in any order.")]
    statuses: Annotated[
        tuple[dict[str, str], ...],
        Field(min_length=1, description="{as_of: 2022-03-31, schools: breached pending}, perhaps with `known_at`."),
    ]


class TestFile(_Part):
    """Tests of one ruleset. A file that tests nothing is a mistake."""

    __test__ = False

    ruleset: Annotated[str, Field(description="The ruleset that is tested.")]
    texts: Annotated[tuple[TextTest, ...], Field(description="Texts and what must be found in them.")] = ()
    timelines: Annotated[tuple[TimelineTest, ...], Field(description="Items in, statuses out.")] = ()


@dataclass(frozen=True, slots=True)
class RuleTests:
    """A test file with its place, and the ruleset it tests."""

    tests: TestFile
    ruleset: Ruleset
    document: YamlDocument


def read_tests(paths: Iterable[Path], rulesets: Iterable[Ruleset]) -> tuple[list[RuleTests], list[Problem]]:
    """The test files in ``paths`` (files or folders), and every problem with them; a file with one is left out."""
    known = {ruleset.ruleset: ruleset for ruleset in rulesets}
    found: list[RuleTests] = []
    problems: list[Problem] = []
    for path in _files(paths):
        try:
            document = read_yaml(path)
        except Unusable as error:
            problems.extend(error.problems)
            continue
        try:
            tests = TestFile.model_validate(document.value)
        except ValidationError as error:
            problems += [*document.problems, *explain_mistakes(document, error, _KEYS)]
            continue
        wrong = [*document.problems, *_mistakes(tests, document, known)]
        problems += wrong
        if not wrong:
            found.append(RuleTests(tests, known[tests.ruleset], document))
    return found, problems


_KEYS = {name for part in (TestFile, TextTest, TimelineTest, TimelineItem) for name in part.model_fields}


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(path.rglob(f"*{SUFFIX}"))
        elif path.name.endswith(SUFFIX):
            yield path


def _mistakes(tests: TestFile, document: YamlDocument, known: dict[str, Ruleset]) -> Iterator[Problem]:
    """What the format cannot promise: that something is tested, and that what is named exists."""
    if not tests.texts and not tests.timelines:
        yield document.problem((), "tests nothing: give it `texts` or `timelines`")
    ruleset = known.get(tests.ruleset)
    if ruleset is None:
        yield document.problem(
            ("ruleset",), f"there is no ruleset `{tests.ruleset}`{did_you_mean(tests.ruleset, known)}"
        )
        return
    parts = ruleset.standing()
    for number, test in enumerate(tests.texts):
        for name in test.expect:
            if name not in parts:
                yield document.problem(("texts", number, "expect", name), _unknown(name, ruleset, parts))
    for number, timeline in enumerate(tests.timelines):
        for row, expected in enumerate(timeline.statuses):
            yield from _status_mistakes(("timelines", number, "statuses", row), expected, document, ruleset)


def _status_mistakes(
    path: ValuePath, expected: dict[str, str], document: YamlDocument, ruleset: Ruleset
) -> Iterator[Problem]:
    parts = ruleset.standing()
    if "as_of" not in expected:
        yield document.problem(path, "needs the day it is of: `as_of: 2022-03-31`")
    if not expected.keys() - {"as_of", "known_at"}:
        yield document.problem(path, "expects nothing: name a condition and its status")
    for name, value in expected.items():
        if name in ("as_of", "known_at"):
            try:
                datetime.fromisoformat(value)
            except ValueError:
                yield document.problem((*path, name), f"`{value}` is not a date; write 2022-03-31")
        elif name not in parts:
            yield document.problem((*path, name), _unknown(name, ruleset, parts))
        else:
            try:
                _status(value)
            except ValueError as error:
                yield document.problem((*path, name), f"{error}, found `{value}`")


def _unknown(name: str, ruleset: Ruleset, parts: Iterable[str]) -> str:
    return f"ruleset `{ruleset.ruleset}` has no condition `{name}`{did_you_mean(name, parts)}"
