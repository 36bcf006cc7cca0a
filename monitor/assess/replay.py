"""Replay: the log that evidence, rules and reviews entail, rebuilt from them alone. Pure; nothing is stored.

The same inputs give the same log, byte for byte, so a log can be checked against what it claims to rest on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from monitor.assess.ledger import (
    Key,
    decided,
    lapsed,
    review_note,
    reviewed_ids,
    rule_changes,
    standing_parts,
    strongest,
    taken_away,
)
from monitor.assess.log import GENESIS, chain
from monitor.assess.standing import Knowledge, know
from monitor.assess.verdict import dates_an_item
from monitor.model import Cause, Evidence, Review, Transition
from monitor.rules.ruleset import Ruleset


@dataclass(frozen=True, slots=True)
class RuleVersion:
    """A version of a ruleset, in force from ``recorded`` on. Without ``rules`` the ruleset was taken away.

    ``monitor`` is the version that read with them, of this software and its libraries: how it reads is part of what
    the rules mean.
    """

    ruleset: str
    monitor: str
    recorded: datetime
    rules: Ruleset | None


@dataclass(frozen=True, slots=True)
class Inputs:
    """All that a log rests on: every version of the rules, all evidence that ever stood, every review."""

    versions: tuple[RuleVersion, ...]
    evidence: tuple[Evidence, ...]
    reviews: tuple[Review, ...]

    def moments(self) -> list[datetime]:
        """The moments (second clock) at which something was learned, in order."""
        found = {version.recorded for version in self.versions} | {review.recorded for review in self.reviews}
        for piece in self.evidence:
            found.add(piece.recorded)
            if piece.withdrawn is not None:
                found.add(piece.withdrawn)
        return sorted(found)


def replay(inputs: Inputs, until: datetime, progress: Callable[[int], None] = lambda _: None) -> list[Transition]:
    """The log as it stands at ``until``; ``progress`` is told after each moment how many are done."""
    state = _Replay(inputs)
    for done, moment in enumerate((m for m in inputs.moments() if m <= until), start=1):
        state.let_pass(moment)
        state.learn(moment)
        progress(done)
    state.let_pass(until)
    return state.log


@dataclass(slots=True)
class _Replay:
    """What the database holds in real life: the log, the rules in force, and when time will next change a status."""

    inputs: Inputs
    log: list[Transition] = field(default_factory=list)
    _entries: dict[Key, list[Transition]] = field(default_factory=dict)
    _rules: dict[str, Ruleset] = field(default_factory=dict)
    _due: dict[Key, datetime | None] = field(default_factory=dict)
    _evidence: dict[Key, list[Evidence]] = field(default_factory=dict)
    _reviews: dict[Key, list[Review]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for piece in self.inputs.evidence:
            self._evidence.setdefault((piece.ruleset, piece.condition), []).append(piece)
        for review in self.inputs.reviews:
            for key in self._touched(review):
                self._reviews.setdefault(key, []).append(review)

    def _touched(self, review: Review) -> set[Key]:
        """The conditions on which a review bears: dating an item bears on all evidence in it."""
        key = (review.ruleset, review.condition)
        if not dates_an_item(review):
            return {key}
        return {key} | {key for key, pieces in self._evidence.items() if any(p.item == review.other for p in pieces)}

    def let_pass(self, moment: datetime) -> None:
        """What time alone brings about up to ``moment``, by what was known before it."""
        entries: list[Transition] = []
        for ruleset, name, _ in standing_parts(self._in_force()):
            key = (ruleset.ruleset, name)
            due = self._due.get(key)
            if due is not None and due <= moment:
                known = self._known(ruleset, name, moment, before=True)
                decision = lapsed(self._entries.get(key, []), known, ruleset, name, moment)
                entries += decision.entries
                self._due[key] = decision.due
        self._append(entries)

    def learn(self, moment: datetime) -> None:
        """What the inputs of ``moment`` change."""
        changed: dict[Key, set[Cause]] = {}
        notes: dict[Key, str] = {}
        new = [version for version in self.inputs.versions if version.recorded == moment]
        if new:
            changed, notes = self._put_in_force(new, moment)
        else:
            for key, pieces in self._evidence.items():
                causes = {cause for piece in pieces for cause in _causes(piece, moment)}
                if causes:
                    changed[key] = causes
        reviewed: frozenset[str] = frozenset()
        for review in self.inputs.reviews:
            if review.recorded == moment:
                for key in self._touched(review):
                    changed[key] = {Cause.REVIEW}
                    notes[key] = review_note(review)
                reviewed |= reviewed_ids(review, self.inputs.reviews)
        entries: list[Transition] = []
        for ruleset, name, _ in standing_parts(self._in_force()):
            key = (ruleset.ruleset, name)
            if key in changed:
                decision = decided(
                    self._entries.get(key, []),
                    self._known(ruleset, name, moment),
                    ruleset,
                    name,
                    moment,
                    strongest(changed[key]),
                    notes.get(key, ""),
                    reviewed,
                )
                entries += decision.entries
                self._due[key] = decision.due
        self._append(entries)

    def _put_in_force(
        self, new: Iterable[RuleVersion], moment: datetime
    ) -> tuple[dict[Key, set[Cause]], dict[Key, str]]:
        before = self._in_force()
        renewed = {version.ruleset for version in new if version.rules is not None}
        for version in new:
            if version.rules is None:
                self._rules.pop(version.ruleset, None)
            else:
                self._rules[version.ruleset] = version.rules
        standing = {(ruleset.ruleset, name) for ruleset, name, _ in standing_parts(self._in_force())}
        gone: list[Transition] = []
        for ruleset, name in sorted(self._entries):
            if (ruleset, name) not in standing:
                digest = self._rules[ruleset].digest if ruleset in self._rules else ""
                gone += taken_away(self._entries[ruleset, name], ruleset, name, digest, moment)
                self._due[ruleset, name] = None
        self._append(gone)
        return rule_changes(before, self._in_force(), renewed)

    def _in_force(self) -> list[Ruleset]:
        return [self._rules[name] for name in sorted(self._rules)]

    def _known(self, ruleset: Ruleset, name: str, moment: datetime, before: bool = False) -> Knowledge:
        """What was known at ``moment``, or just ``before`` it."""
        key = (ruleset.ruleset, name)
        evidence = [piece for piece in self._evidence.get(key, ()) if _stands(piece, moment, before)]
        reviews = [
            r for r in self._reviews.get(key, ()) if r.recorded < moment or (r.recorded == moment and not before)
        ]
        return know(ruleset.standing()[name], evidence, reviews)

    def _append(self, entries: list[Transition]) -> None:
        head = (self.log[-1].seq, self.log[-1].hash) if self.log else (0, GENESIS)
        for entry in chain(entries, head):
            self.log.append(entry)
            self._entries.setdefault((entry.ruleset, entry.condition), []).append(entry)


def _stands(piece: Evidence, moment: datetime, before: bool) -> bool:
    if before:
        return piece.recorded < moment and (piece.withdrawn is None or piece.withdrawn >= moment)
    return piece.recorded <= moment and (piece.withdrawn is None or piece.withdrawn > moment)


def _causes(piece: Evidence, moment: datetime) -> Iterable[Cause]:
    if piece.recorded == moment:
        yield Cause.NEWS
    if piece.withdrawn == moment:
        yield piece.withdrawn_why or Cause.EDIT
