"""Rulesets compiled once: the patterns of every signal and an index that tells which signals an item can match."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from monitor.match.actors import ActorIndex
from monitor.match.patterns import PatternSet, expand
from monitor.model import digest
from monitor.rules.ruleset import Ruleset, Signal
from monitor.text.tokens import Token


@dataclass(frozen=True, slots=True)
class CompiledSignal:
    """A signal with its patterns; ``groups`` are its ``what`` lists, each of which must be found."""

    ruleset: Ruleset
    condition: str
    signal: Signal
    who: str
    deeds: PatternSet
    groups: tuple[PatternSet, ...]
    group_names: tuple[str, ...]

    def can_stand_in(self, present: frozenset[tuple[bool, str]]) -> bool:
        """Whether every list of the signal has a first word among those ``present`` in an item."""
        return all(not present.isdisjoint(part.first_words()) for part in (self.deeds, *self.groups))


class CompiledRules:
    """All rulesets, ready to read items with. Immutable once made; ``digest`` names what was compiled."""

    def __init__(self, rulesets: Iterable[Ruleset]) -> None:
        self.rulesets = tuple(sorted(rulesets, key=lambda r: r.ruleset))
        self.digest = digest(*(ruleset.digest for ruleset in self.rulesets))
        self.actors = {ruleset.ruleset: ActorIndex(ruleset) for ruleset in self.rulesets}
        self._by_word: dict[tuple[bool, str], list[CompiledSignal]] = {}
        for ruleset in self.rulesets:
            for condition, signal in ruleset.signals():
                compiled = _compile(ruleset, condition, signal)
                rarest = min((compiled.deeds, *compiled.groups), key=lambda part: len(part.first_words()))
                for word in rarest.first_words():
                    self._by_word.setdefault(word, []).append(compiled)

    def ruleset(self, name: str) -> Ruleset | None:
        return next((ruleset for ruleset in self.rulesets if ruleset.ruleset == name), None)

    def candidates(self, tokens: Iterable[Token]) -> list[CompiledSignal]:
        """Signals whose every list has a word among ``tokens``, in the order of the rules."""
        present = frozenset(key for token in tokens for key in ((True, token.norm), (False, token.stem)))
        found: dict[int, CompiledSignal] = {}
        for word in present:
            for compiled in self._by_word.get(word, ()):
                if id(compiled) not in found and compiled.can_stand_in(present):
                    found[id(compiled)] = compiled
        return sorted(found.values(), key=lambda c: (c.ruleset.ruleset, c.condition, c.signal.id))


def _compile(ruleset: Ruleset, condition: str, signal: Signal) -> CompiledSignal:
    terms = ruleset.terms
    groups, names = [], []
    for entry in signal.what:
        listed = (entry,) if isinstance(entry, str) else entry
        groups.append(PatternSet(expand(listed, terms)))
        names.append(entry if isinstance(entry, str) else " | ".join(entry[:3]) + (" …" if len(entry) > 3 else ""))
    return CompiledSignal(
        ruleset=ruleset,
        condition=condition,
        signal=signal,
        who=signal.who or ruleset.addressee,
        deeds=PatternSet(expand(signal.does, terms)),
        groups=tuple(groups),
        group_names=tuple(names),
    )
