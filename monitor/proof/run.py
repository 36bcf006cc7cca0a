"""Running tests of rules: what was expected, what was found, and why. Pure: no clock, no database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from monitor.assess.standing import history, know
from monitor.match.discourse.retraction import is_withdrawn
from monitor.match.item_reader import Readout, read_item
from monitor.match.lookup.compiled import CompiledRules
from monitor.model import Cause, Evidence, Finding, Item, Stance
from monitor.proof.examples import disagreement
from monitor.proof.format import RuleTests, TextTest, TimelineItem, TimelineTest
from monitor.publishers.provenance import Provenance, provenance_of
from monitor.rules.read import RuleFile
from monitor.rules.ruleset import Ruleset
from monitor.rules.yaml_document import ValuePath

# Reports appear in the morning and are read at noon; a day is judged at its end.
_PUBLISHED = time(8)
_READ = time(12)
_END = time(23, 59, 59)


@dataclass(frozen=True, slots=True)
class Difference:
    """What was expected of something, what was found, and the reasoning behind it."""

    what: str
    expected: str
    found: str
    why: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """One test that was run: it holds if nothing differs. ``reached`` are the signals that found something in it."""

    file: str
    line: int
    name: str
    differences: tuple[Difference, ...]
    reached: frozenset[tuple[str, str]]

    @property
    def holds(self) -> bool:
        return not self.differences


def run_tests(tests: RuleTests) -> Iterator[Case]:
    """Every test of a file, in its order."""
    rules = CompiledRules([tests.ruleset])
    for number, text in enumerate(tests.tests.texts):
        yield _text_case(tests, rules, ("texts", number), text)
    for number, timeline in enumerate(tests.tests.timelines):
        yield _timeline_case(tests, rules, ("timelines", number), timeline)


def run_examples(file: RuleFile) -> Iterator[Case]:
    """The examples inside the rules, each against its own signal."""
    rules = CompiledRules([file.ruleset])
    for here, condition, signal in file.signals():
        for index, example in enumerate(signal.examples):
            where, line, _ = file.document.place((*here, "examples", index))
            readout, wrong = disagreement(rules, condition, signal, example)
            what = f"{condition} ({signal.id})"
            differences = (Difference(what, example.expect, wrong.found, wrong.why),) if wrong else ()
            yield Case(where, line, example.text, differences, _reached(readout.findings))


def unreached(ruleset: Ruleset, cases: Iterable[Case]) -> list[tuple[str, str]]:
    """Condition and id of the signals that no test or example reaches."""
    reached = {pair for case in cases for pair in case.reached}
    return [(name, signal.id) for name, signal in ruleset.signals() if (name, signal.id) not in reached]


def _reached(findings: Iterable[Finding]) -> frozenset[tuple[str, str]]:
    return frozenset((finding.condition, finding.signal) for finding in findings)


def _case(
    tests: RuleTests, path: ValuePath, name: str, differences: Sequence[Difference], reached: frozenset[tuple[str, str]]
) -> Case:
    line, _ = tests.document.places[path]
    return Case(tests.document.file, line, name, tuple(differences), reached)


def _text_case(tests: RuleTests, rules: CompiledRules, path: ValuePath, test: TextTest) -> Case:
    published = _moment(test.published, _PUBLISHED) if test.published else None
    readout = read_item(rules, Item(id="test", title=test.text, text=test.summary, published=published), closely=True)
    found: dict[str, set[Stance]] = {}
    for finding in readout.evidence:
        found.setdefault(finding.condition, set()).add(finding.stance)
    differences = [
        Difference(name, _listed(test.expect.get(name, ())), _listed(found.get(name, ())), _why(readout, name))
        for name in tests.ruleset.standing()
        if set(test.expect.get(name, ())) != found.get(name, set())
    ]
    return _case(tests, path, test.text, differences, _reached(readout.findings))


def _listed(stances: Iterable[Stance]) -> str:
    return ", ".join(sorted(stances)) or "none"


def _why(readout: Readout, condition: str) -> tuple[str, ...]:
    """The reasoning of what was found for a condition, or what was nearly found."""
    found = [f"{f.signal}: {step}" for f in readout.findings if f.condition == condition for step in f.steps]
    near = [f"{n.signal}: {n.missing}" for n in readout.near_misses if n.condition == condition]
    return tuple(found or near[:3] or ["no word of any signal's deed stands there"])


def _timeline_case(tests: RuleTests, rules: CompiledRules, path: ValuePath, test: TimelineTest) -> Case:
    evidence, reached = _evidence(rules, test.items)
    differences = []
    for expected in test.statuses:
        as_of = _moment(date.fromisoformat(expected["as_of"]), _END)
        known_at = _moment(date.fromisoformat(expected["known_at"]), _END) if "known_at" in expected else None
        day = expected["as_of"] + (f" as known on {expected['known_at']}" if known_at else "")
        for name, wanted in expected.items():
            if name in ("as_of", "known_at"):
                continue
            own = [piece for piece in evidence if piece.condition == name and _stands(piece, known_at)]
            known = know(tests.ruleset.standing()[name], own)
            standing = history(known, as_of)[-1]
            found = f"{standing.status.value} {standing.phase.value}"
            if wanted not in (found, standing.status.value):
                differences.append(Difference(f"{name} on {day}", wanted, found, (standing.reason,)))
    return _case(tests, path, test.name, differences, reached)


def _evidence(rules: CompiledRules, items: Sequence[TimelineItem]) -> tuple[list[Evidence], frozenset[tuple[str, str]]]:
    """The evidence that a timeline's items are, each from when it arrived until its item was edited."""
    out: list[Evidence] = []
    reached: frozenset[tuple[str, str]] = frozenset()
    for number, item in enumerate(items):
        arrived = _moment(item.arrives or item.published, _READ) + timedelta(seconds=number)
        key = item.id or f"item-{number}"
        later = [
            _moment(other.arrives or other.published, _READ) + timedelta(seconds=place)
            for place, other in enumerate(items)
            if other.id and other.id == item.id and place > number
        ]
        read = Item(key, item.title, item.text, item.publisher, published=_moment(item.published, _PUBLISHED))
        if is_withdrawn(read):
            continue
        findings = read_item(rules, read).evidence
        reached |= _reached(findings)
        told = provenance_of(read, "", rules.publishers)
        out += [_piece(finding, read, item, told, number, arrived, min(later, default=None)) for finding in findings]
    return out, reached


def _piece(
    finding: Finding,
    read: Item,
    item: TimelineItem,
    told: Provenance,
    number: int,
    arrived: datetime,
    edited: datetime | None,
) -> Evidence:
    return Evidence(
        id=f"{number}-{finding.signal}-{finding.stance}",
        item=read.id,
        version=read.version,
        ruleset=finding.ruleset,
        condition=finding.condition,
        signal=finding.signal,
        stance=finding.stance,
        asserted_by=finding.asserted_by,
        publisher=told.publisher,
        grade=item.grade,
        title=item.title,
        quote=finding.quote,
        link="",
        at=read.published or arrived,
        date_mark=read.date_mark,
        recorded=arrived,
        withdrawn=edited,
        withdrawn_why=Cause.EDIT if edited else None,
        text=item.text,
        origin=told.origin,
        organisation=told.organisation,
    )


def _stands(piece: Evidence, known_at: datetime | None) -> bool:
    if known_at is None:
        return piece.withdrawn is None
    return piece.recorded <= known_at and (piece.withdrawn is None or piece.withdrawn > known_at)


def _moment(day: date, of_the_day: time) -> datetime:
    return datetime.combine(day, of_the_day, UTC)
