"""Do the examples inside a ruleset hold? Each is read by the whole engine, and its own signal must answer for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time

from monitor.match.item_reader import Readout, read_item
from monitor.match.lookup.compiled import CompiledRules
from monitor.model import Item, Stance
from monitor.problem import Problem
from monitor.rules.read import RuleFile
from monitor.rules.ruleset import Example, Signal


@dataclass(frozen=True, slots=True)
class Disagreement:
    """What a signal found in an example instead of what the example expects, and why."""

    found: str
    why: tuple[str, ...]


def check_examples(file: RuleFile) -> Iterator[Problem]:
    """Every example that its signal does not answer as expected, and every signal that no example proves."""
    rules = CompiledRules([file.ruleset])
    for here, name, signal in file.signals():
        if not any(example.expect != "none" for example in signal.examples):
            message = f"no example proves signal `{signal.id}`; add one that it must find and one near miss"
            yield file.document.problem((*here, "id"), message, "warning")
        for index, example in enumerate(signal.examples):
            _, wrong = disagreement(rules, name, signal, example)
            if wrong is not None:
                why = f" ({'; '.join(wrong.why)})" if wrong.why else ""
                message = f"signal `{signal.id}` finds {wrong.found} here; expected {example.expect}{why}"
                yield file.document.problem((*here, "examples", index, "text"), message)


def disagreement(
    rules: CompiledRules, condition: str, signal: Signal, example: Example
) -> tuple[Readout, Disagreement | None]:
    """What was read in an example, and in what it is not as expected, if it is not."""
    day = example.published
    published = datetime.combine(day, time(12), UTC) if day else None
    readout = read_item(rules, Item(id="example", title=example.text, published=published), closely=True)
    own = [f for f in readout.findings if f.condition == condition and f.signal == signal.id]
    # A signal may be right and still give way to a more specific one.
    shadowed = [f for f in readout.shadowed if f.condition == condition and f.signal == signal.id]
    stances = [f.stance for f in (*own, *(shadowed if example.expect != "none" else ()))]
    if example.expect == "none":
        wrong = [s for s in stances if s is not Stance.MENTION]
        return readout, Disagreement(wrong[0].value, ()) if wrong else None
    if example.expect in stances:
        return readout, None
    found = stances[0].value if stances else "nothing"
    return readout, Disagreement(found, _why(readout, condition, signal))


def _why(readout: Readout, condition: str, signal: Signal) -> tuple[str, ...]:
    for finding in readout.findings:
        if (finding.condition, finding.signal) == (condition, signal.id):
            return tuple(str(step) for step in finding.steps)
    for near in readout.near_misses:
        if (near.condition, near.signal) == (condition, signal.id):
            return (near.missing,)
    return ("no word of its `does` stands there",)
