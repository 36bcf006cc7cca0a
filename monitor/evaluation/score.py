"""How well rules read labelled items: the format and the scores of ``monitor evaluate``.

A label names the ``condition:stance`` pairs that a careful reader finds (``must``) and those that could also be
defended (``may``), which are neither asked for nor counted as wrong.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from monitor.model import DEEDS, Item, Pair, Stance


@dataclass(frozen=True, slots=True)
class Labelled:
    """An item with what a careful reader finds in it."""

    item: Item
    must: frozenset[Pair]
    may: frozenset[Pair]


@dataclass(slots=True)
class Tally:
    """Right, wrong and missed answers."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self) -> float:
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0

    def add(self, right: int, wrong: int, missed: int) -> None:
        self.right += right
        self.wrong += wrong
        self.missed += missed


@dataclass(slots=True)
class Share:
    """So many of so many."""

    count: int = 0
    of: int = 0

    def add(self, hit: bool) -> None:
        self.count += hit
        self.of += 1


@dataclass(frozen=True, slots=True)
class Mistake:
    """An item that was read otherwise than labelled."""

    labelled: Labelled
    wrong: frozenset[Pair]
    missed: frozenset[Pair]


@dataclass(slots=True)
class Scores:
    """All scores of one run."""

    items: int = 0
    pairs: Tally = field(default_factory=Tally)
    deeds: Tally = field(default_factory=Tally)
    relevance: Tally = field(default_factory=Tally)
    words_for_deeds: Share = field(default_factory=Share)
    false_alarms: Share = field(default_factory=Share)
    conditions: dict[str, Tally] = field(default_factory=dict)
    stances: dict[Stance, Tally] = field(default_factory=dict)
    # (the stance labelled, the stance found) for the same condition; None where there was none.
    confusion: Counter[tuple[Stance | None, Stance | None]] = field(default_factory=Counter)
    mistakes: list[Mistake] = field(default_factory=list)


def score(answers: Iterable[tuple[Labelled, frozenset[Pair]]]) -> Scores:
    """Compare what was found in each item with its label."""
    scores = Scores()
    for labelled, found in answers:
        _score_one(scores, labelled, found)
    return scores


def _score_one(scores: Scores, labelled: Labelled, found: frozenset[Pair]) -> None:
    must, may = labelled.must, labelled.may
    right, wrong, missed = found & must, found - must - may, must - found
    scores.items += 1
    scores.pairs.add(len(right), len(wrong), len(missed))
    scores.deeds.add(*(sum(stance in DEEDS for _, stance in part) for part in (right, wrong, missed)))
    for kind, part in (("right", right), ("wrong", wrong), ("missed", missed)):
        for condition, stance in part:
            counts = [int(kind == name) for name in ("right", "wrong", "missed")]
            scores.conditions.setdefault(condition, Tally()).add(*counts)
            scores.stances.setdefault(stance, Tally()).add(*counts)
    if must or not may:
        scores.relevance.add(bool(must and found), bool(found and not must), bool(must and not found))
    if not any(stance in DEEDS for _, stance in must):
        scores.words_for_deeds.add(any(stance in DEEDS for _, stance in found - may))
    if not must and not may:
        scores.false_alarms.add(bool(found))
    _confuse(scores, right, wrong, missed)
    if wrong or missed:
        scores.mistakes.append(Mistake(labelled, wrong, missed))


def _confuse(scores: Scores, right: frozenset[Pair], wrong: frozenset[Pair], missed: frozenset[Pair]) -> None:
    scores.confusion.update((stance, stance) for _, stance in right)
    for condition in {condition for condition, _ in wrong | missed}:
        found = sorted(stance for name, stance in wrong if name == condition)
        wanted = sorted(stance for name, stance in missed if name == condition)
        for number in range(max(len(found), len(wanted))):
            pair = (
                wanted[number] if number < len(wanted) else None,
                found[number] if number < len(found) else None,
            )
            scores.confusion[pair] += 1
