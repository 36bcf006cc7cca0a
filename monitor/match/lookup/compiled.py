"""Rulesets compiled once: the patterns of every signal and an index that tells which signals an item can match."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from monitor.match.lookup.actors import ActorIndex
from monitor.match.lookup.index import SignalIndex
from monitor.match.lookup.other_languages import ForeignSignal
from monitor.match.lookup.patterns import DEED_GAP, PatternSet, expand
from monitor.publishers.registry import Publishers, shipped_publishers
from monitor.rules.reading import reading_digest
from monitor.rules.ruleset import ANYONE, Ruleset, Signal
from monitor.text.language import ENGLISH


@dataclass(frozen=True, slots=True)
class CompiledSignal:
    """A signal with its patterns; ``groups`` are its ``what`` lists, each of which must be found.

    ``hands`` are the names and places of the actor it asks for, or of the addressee, near whom a deed that is done to
    nothing in particular must be told; ``None`` where anybody will do.
    """

    ruleset: Ruleset
    condition: str
    signal: Signal
    who: str
    hands: PatternSet | None
    deeds: PatternSet
    groups: tuple[PatternSet, ...]
    group_names: tuple[str, ...]

    @property
    def told(self) -> tuple[PatternSet, ...]:
        """What must stand in a text whoever it tells of: the deed and all that it is done to."""
        return (self.deeds, *self.groups)

    @property
    def required(self) -> tuple[PatternSet, ...]:
        """All that must stand in a text that matches: the hands that the deed must lie in as well."""
        return self.told if self.hands is None else (self.hands, *self.told)


class CompiledRules:
    """All rulesets, ready to read items with; many threads may, and the answers never change.

    ``digest`` names what was compiled and by which version of the monitor: another version may read the same rules
    otherwise, and reads again what was read before.
    """

    def __init__(self, rulesets: Iterable[Ruleset], publishers: Publishers | None = None) -> None:
        """``publishers`` say who speaks; without them, those that come with the monitor do."""
        self.rulesets = tuple(sorted(rulesets, key=lambda r: r.ruleset))
        self._publishers = publishers
        self.digest = reading_digest(self.rulesets)
        self.actors = {ruleset.ruleset: ActorIndex(ruleset) for ruleset in self.rulesets}
        self.foreign: dict[str, list[ForeignSignal]] = {}
        compiler = _Compiler()
        signals: list[CompiledSignal] = []
        for ruleset in self.rulesets:
            for condition, signal in ruleset.signals():
                if signal.lang != ENGLISH:
                    self.foreign.setdefault(signal.lang, []).append(ForeignSignal(ruleset, condition, signal))
                else:
                    signals.append(compiler.compile(ruleset, condition, signal, self.actors[ruleset.ruleset]))
        self._signals = sorted(signals, key=lambda c: (c.ruleset.ruleset, c.condition, c.signal.id))
        self.name_words = frozenset[str]().union(*(actors.first_words for actors in self.actors.values()))
        self._index = SignalIndex([compiled.required for compiled in self._signals], self.name_words)

    @property
    def publishers(self) -> Publishers:
        return self._publishers or shipped_publishers()

    def ruleset(self, name: str) -> Ruleset | None:
        return next((ruleset for ruleset in self.rulesets if ruleset.ruleset == name), None)

    @property
    def consequences(self) -> frozenset[str]:
        """The ids of what the rulesets hold out."""
        return frozenset(ruleset.consequence.id for ruleset in self.rulesets)

    def words_in(self, text: str) -> set[str]:
        """The words of the rules that stand in ``text``, as their patterns hold them."""
        return self._index.words_in(text)

    def candidates(self, text: str) -> list[CompiledSignal]:
        """The signals that ``text`` could match, in the order of the rules."""
        return [self._signals[number] for number in self._index.candidates(text)]

    def candidates_in_any_hands(self, text: str) -> list[CompiledSignal]:
        """Those whose actor is not named as well, which can only be near misses."""
        return [self._signals[number] for number in self._told_index.candidates(text)]

    @cached_property
    def _told_index(self) -> SignalIndex:
        return SignalIndex([compiled.told for compiled in self._signals])


class _Compiler:
    """Compiles signals; rules that say the same share what it is compiled to."""

    def __init__(self) -> None:
        self._sets: dict[tuple[tuple[str, ...], int], PatternSet] = {}

    def compile(self, ruleset: Ruleset, condition: str, signal: Signal, actors: ActorIndex) -> CompiledSignal:
        who = signal.who or ruleset.addressee
        near = who if who != ANYONE else ruleset.addressee if not signal.what else None
        return CompiledSignal(
            ruleset=ruleset,
            condition=condition,
            signal=signal,
            who=who,
            hands=None if near is None else self._patterns(actors.names_of(near)),
            deeds=self._patterns(expand(signal.does, ruleset.terms), DEED_GAP),
            groups=tuple(
                self._patterns(expand((entry,) if isinstance(entry, str) else entry, ruleset.terms))
                for entry in signal.what
            ),
            group_names=tuple(
                entry if isinstance(entry, str) else " | ".join(entry[:3]) + (" …" if len(entry) > 3 else "")
                for entry in signal.what
            ),
        )

    def _patterns(self, texts: Sequence[str], gap: int = 0) -> PatternSet:
        key = (tuple(texts), gap)
        if key not in self._sets:
            self._sets[key] = PatternSet(texts, gap)
        return self._sets[key]
