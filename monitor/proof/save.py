"""A reviewer's verdict as a test: what a text should have been read as, kept beside the rules."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from monitor.draft.files import quoted
from monitor.match.item_reader import read_item
from monitor.match.lookup.compiled import CompiledRules
from monitor.model import Evidence, Item, Review, Stance, Verdict
from monitor.rules.ruleset import Ruleset


def expected_reading(ruleset: Ruleset, piece: Evidence, review: Review) -> dict[str, set[Stance]]:
    """What the rules read in the item, put right by the verdict: every condition with its stances."""
    item = Item(piece.item, piece.title, piece.text, published=piece.at)
    expected: dict[str, set[Stance]] = {}
    for finding in read_item(CompiledRules([ruleset]), item).evidence:
        expected.setdefault(finding.condition, set()).add(finding.stance)
    own = expected.setdefault(piece.condition, set())
    if review.verdict is not Verdict.CONFIRM:
        own.discard(piece.stance)
    if review.stance is not None and review.stance is not Stance.MENTION:
        own.add(review.stance)
    return {condition: stances for condition, stances in expected.items() if stances}


def save_test(folder: Path, ruleset: str, piece: Evidence, expected: Mapping[str, set[Stance]], review: Review) -> Path:
    """Append the test to the ruleset's file of reviewed tests and return its path. Raises ``OSError``."""
    path = folder / f"{ruleset}.reviewed.test.yaml"
    lines = []
    if not path.exists():
        lines = [
            "# yaml-language-server: $schema=tests.schema.json",
            "# Verdicts of reviewers, saved as tests by `monitor review`; new ones are added at the end.",
            f"ruleset: {ruleset}",
            "texts:",
        ]
    reason = " ".join(f"{review.reviewer}: {review.reason}".split())
    lines += [f"  # {reason}", f"  - text: {quoted(piece.title)}"]
    if piece.text:
        lines.append(f"    summary: {quoted(piece.text)}")
    lines += [f"    published: {date.isoformat(piece.at.date())}", f"    expect: {_expectation(expected)}"]
    folder.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
    return path


def _expectation(expected: Mapping[str, set[Stance]]) -> str:
    if not expected:
        return "none"
    parts = [f"{condition}: [{', '.join(sorted(stances))}]" for condition, stances in sorted(expected.items())]
    return "{" + ", ".join(parts) + "}"
