"""Reading rulesets and sources from their files, with every problem named by file, line and column."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from monitor.problem import Problem, Unusable, did_you_mean
from monitor.rules.include import include_files
from monitor.rules.ruleset import (
    Actor,
    Condition,
    Confirm,
    Consequence,
    Example,
    Ruleset,
    Signal,
    Source,
    Statement,
)
from monitor.rules.yaml_document import ValuePath, YamlDocument, read_yaml

_Model = TypeVar("_Model", bound=BaseModel)
_PARTS: tuple[type[BaseModel], ...] = (
    Ruleset,
    Consequence,
    Actor,
    Condition,
    Confirm,
    Signal,
    Example,
    Source,
    Statement,
)
_KEYS = {field.alias or name for part in _PARTS for name, field in part.model_fields.items()}
_PLAIN = {
    "extra_forbidden": "is not a key that belongs here",
    "missing": "is missing",
    "string_type": "expected text",
    "date_from_datetime_parsing": "expected a date, such as 2022-03-31",
    "date_from_datetime_inexact": "expected a date, such as 2022-03-31",
    "date_parsing": "expected a date, such as 2022-03-31",
    "date_type": "expected a date, such as 2022-03-31",
    "dict_type": "expected keys and values",
    "model_type": "expected keys and values",
    "too_short": "needs at least one entry",
    "tuple_type": "expected a list, such as [one, two]",
    "list_type": "expected a list, such as [one, two]",
}


@dataclass(frozen=True, slots=True)
class RuleFile:
    """A ruleset with the file it came from; the document knows where everything stands."""

    ruleset: Ruleset
    document: YamlDocument

    def parts(self) -> Iterator[tuple[ValuePath, str, Condition | Consequence]]:
        """Every condition and the consequence, with its place in the file and its id."""
        for name, part in self.ruleset.standing().items():
            yield ("conditions", name) if name in self.ruleset.conditions else ("consequence",), name, part

    def signals(self) -> Iterator[tuple[ValuePath, str, Signal]]:
        """Every signal, with its place in the file and the id of what it belongs to."""
        for base, name, part in self.parts():
            for number, signal in enumerate(part.signals):
                yield (*base, "signals", number), name, signal

    def signal_places(self) -> Iterator[tuple[tuple[str, str, str], str]]:
        """``file:line`` of every signal, by ruleset, condition and signal id."""
        for path, condition, signal in self.signals():
            file, line, _ = self.document.place(path)
            yield (self.ruleset.ruleset, condition, signal.id), f"{file}:{line}"


@dataclass(frozen=True, slots=True)
class SourceFile:
    source: Source
    document: YamlDocument


@dataclass(frozen=True, slots=True)
class RuleBook:
    """Everything read from a rules folder and a sources folder; unusable files appear only as problems."""

    rules: tuple[RuleFile, ...]
    sources: tuple[SourceFile, ...]
    problems: tuple[Problem, ...]

    @property
    def rulesets(self) -> tuple[Ruleset, ...]:
        return tuple(file.ruleset for file in self.rules)

    def sources_by_name(self) -> dict[str, Source]:
        return {file.source.source: file.source for file in self.sources}


def read_rule_book(rules: list[Path], seeds: Path) -> RuleBook:
    """Read rule files (or folders of them) and the folder of sources. Never raises for what is in a file."""
    problems: list[Problem] = []
    rule_files = []
    for path in _yaml_files(rules, problems):
        read = _read(path, Ruleset, problems)
        if read is not None:
            rule_files.append(RuleFile(*read))
    source_files = []
    for path in _yaml_files([seeds], problems) if seeds.is_dir() else []:
        found = _read(path, Source, problems)
        if found is not None:
            source_files.append(SourceFile(*found))
    seen: dict[str, str] = {}
    for file in rule_files:
        name = file.ruleset.ruleset
        if name in seen:
            problems.append(file.document.problem(("ruleset",), f"`{name}` is already the name of {seen[name]}"))
        seen.setdefault(name, file.document.file)
    return RuleBook(tuple(rule_files), tuple(source_files), tuple(sorted(problems)))


def _yaml_files(paths: list[Path], problems: list[Problem]) -> list[Path]:
    out: list[Path] = []
    for path in paths:
        if path.is_dir():
            out.extend(sorted(p for p in path.iterdir() if p.suffix in (".yaml", ".yml") and ".test." not in p.name))
        elif path.exists():
            out.append(path)
        else:
            problems.append(Problem(str(path), 0, 0, "does not exist; expected a rule file or a folder of them"))
    return out


def _read(path: Path, model: type[_Model], problems: list[Problem]) -> tuple[_Model, YamlDocument] | None:
    try:
        document = read_yaml(path)
    except Unusable as error:
        problems.extend(error.problems)
        return None
    if not isinstance(document.value, dict):
        problems.append(document.problem((), "expected keys and values, such as `ruleset: my-conditions`"))
        return None
    document.problems += include_files(document, path) if model is Ruleset else []
    try:
        value = model.model_validate(document.value)
    except ValidationError as error:
        problems.extend(document.problems)
        problems.extend(explain_mistakes(document, error, _KEYS))
        return None
    problems.extend(document.problems)
    return None if document.problems else (value, document)


def explain_mistakes(document: YamlDocument, error: ValidationError, keys: Collection[str]) -> list[Problem]:
    """What a document's format forbids, each with its place; ``keys`` are what an unknown key may have meant."""
    out: dict[tuple[ValuePath, str], Problem] = {}
    details = error.errors(include_url=False)
    places = [tuple(detail["loc"]) for detail in details]
    for detail, place in zip(details, places, strict=True):
        if detail["type"] == "too_short" and any(other[: len(place)] == place and other != place for other in places):
            # The list is short only because what stands in it is no good, which is said already.
            continue
        path = _existing(document, place)
        kind = str(detail["type"])
        message = _PLAIN.get(kind) or str(detail["msg"]).removeprefix("Value error, ")
        message = message.replace("String should match pattern", "expected a name in lower case with hyphens, pattern")
        shown = detail.get("input")
        if kind == "extra_forbidden":
            message += did_you_mean(str(place[-1]), keys)
        elif kind != "missing" and isinstance(shown, str | int | float | bool) and str(shown):
            message += f", found `{str(shown)[:60]}`"
            message += "; put it in single quotes" if kind == "string_type" else ""
        key = (path, message)
        out.setdefault(key, document.problem(path, f"{_named(place)} {message}"))
    return list(out.values())


def _named(place: ValuePath) -> str:
    """What a problem is about: a key, or an entry of a list by its number."""
    if not place:
        return "`this file`"
    if isinstance(place[-1], int):
        inside = next((step for step in reversed(place) if isinstance(step, str)), "the list")
        return f"entry {place[-1] + 1} of `{inside}`"
    return f"`{place[-1]}`"


def _existing(document: YamlDocument, path: ValuePath) -> ValuePath:
    """The path without the labels that pydantic adds for the branches of a union."""
    kept: ValuePath = ()
    for step in path:
        if document.holds((*kept, step)) or step == path[-1]:
            kept = (*kept, step)
    return kept
