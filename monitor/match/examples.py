"""Do the examples inside a ruleset hold? Each is read by the whole engine, and its own signal must answer for it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time

from monitor.match.compiled import CompiledRules
from monitor.match.read import Readout, read_item
from monitor.model import Item, Stance
from monitor.problem import Problem
from monitor.rules.read import RuleFile
from monitor.rules.ruleset import Example, Signal


def check_examples(file: RuleFile) -> Iterator[Problem]:
    """Every example that its signal does not answer as expected, and every signal that no example proves."""
    rules = CompiledRules([file.ruleset])
    for here, name, signal in file.signals():
        if not any(example.expect != "none" for example in signal.examples):
            message = f"no example proves signal `{signal.id}`; add one that it must find and one near miss"
            yield file.document.problem((*here, "id"), message, "warning")
        for index, example in enumerate(signal.examples):
            found = _disagreement(rules, name, signal, example)
            if found is not None:
                yield file.document.problem((*here, "examples", index, "text"), found)


def _disagreement(rules: CompiledRules, condition: str, signal: Signal, example: Example) -> str | None:
    day = example.published
    published = datetime.combine(day, time(12), UTC) if day else None
    readout = read_item(rules, Item(id="example", title=example.text, published=published), closely=True)
    own = [f for f in readout.findings if f.condition == condition and f.signal == signal.id]
    # A signal may be right and still give way to a more specific one.
    shadowed = [f for f in readout.shadowed if f.condition == condition and f.signal == signal.id]
    stances = [f.stance for f in (*own, *(shadowed if example.expect != "none" else ()))]
    if example.expect == "none":
        wrong = [s for s in stances if s is not Stance.MENTION]
        return f"signal `{signal.id}` finds {wrong[0].value} here; expected none" if wrong else None
    if example.expect in stances:
        return None
    found = stances[0].value if stances else "nothing"
    return f"signal `{signal.id}` finds {found} here; expected {example.expect.value}{_why(readout, condition, signal)}"


def _why(readout: Readout, condition: str, signal: Signal) -> str:
    for finding in readout.findings:
        if (finding.condition, finding.signal) == (condition, signal.id):
            return " (" + "; ".join(str(step) for step in finding.steps) + ")"
    for near in readout.near_misses:
        if (near.condition, near.signal) == (condition, signal.id):
            return f" ({near.missing})"
    return " (no word of its `does` stands there)"
