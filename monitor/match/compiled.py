"""Rulesets compiled once: the patterns of every signal and an index that tells which signals an item can match."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from monitor import __version__
from monitor.match.actors import ActorIndex
from monitor.match.foreign import ForeignSignal
from monitor.match.patterns import PatternSet, Vocabulary, expand
from monitor.model import digest
from monitor.rules.ruleset import ANYONE, Ruleset, Signal
from monitor.text.language import ENGLISH
from monitor.text.stems import stem


@dataclass(frozen=True, slots=True)
class CompiledSignal:
    """A signal with its patterns; ``groups`` are its ``what`` lists, each of which must be found.

    ``hands`` are the names and places of the actor it asks for; ``None`` where anybody will do.
    """

    ruleset: Ruleset
    condition: str
    signal: Signal
    who: str
    hands: PatternSet | None
    deeds: PatternSet
    groups: tuple[PatternSet, ...]
    group_names: tuple[str, ...]

    def can_stand_in(self, vocabulary: Vocabulary, in_any_hands: bool) -> bool:
        """Whether an item with these words could match: its deed, every list, and the hands it must lie in."""
        if self.hands is not None and not in_any_hands and not self.hands.can_stand_in(vocabulary):
            return False
        return all(part.can_stand_in(vocabulary) for part in (self.deeds, *self.groups))


def reading_digest(rulesets: Iterable[Ruleset]) -> str:
    """The name of reading with these rulesets, by this version of the monitor."""
    return digest(__version__, *(ruleset.digest for ruleset in sorted(rulesets, key=lambda r: r.ruleset)))


class CompiledRules:
    """All rulesets, ready to read items with. Immutable once made.

    ``digest`` names what was compiled and by which version of the monitor: another version may read the same rules
    otherwise, and reads again what was read before.
    """

    def __init__(self, rulesets: Iterable[Ruleset]) -> None:
        self.rulesets = tuple(sorted(rulesets, key=lambda r: r.ruleset))
        self.digest = reading_digest(self.rulesets)
        self.actors = {ruleset.ruleset: ActorIndex(ruleset) for ruleset in self.rulesets}
        self.foreign: dict[str, list[ForeignSignal]] = {}
        self._by_word: dict[str, list[CompiledSignal]] = {}
        self._by_stem: dict[str, list[CompiledSignal]] = {}
        for ruleset in self.rulesets:
            for condition, signal in ruleset.signals():
                if signal.lang != ENGLISH:
                    self.foreign.setdefault(signal.lang, []).append(ForeignSignal(ruleset, condition, signal))
                    continue
                self._index(_compile(ruleset, condition, signal, self.actors[ruleset.ruleset]))

    def _index(self, compiled: CompiledSignal) -> None:
        """File a signal under the shortest of its lists: one of these words any match must hold."""
        first = min(
            (part.first_words() for part in (compiled.deeds, *compiled.groups)),
            key=lambda vocabulary: len(vocabulary.words) + len(vocabulary.stems),
        )
        for table, keys in ((self._by_word, first.words), (self._by_stem, first.stems)):
            for key in keys:
                table.setdefault(key, []).append(compiled)

    def ruleset(self, name: str) -> Ruleset | None:
        return next((ruleset for ruleset in self.rulesets if ruleset.ruleset == name), None)

    @property
    def consequences(self) -> frozenset[str]:
        """The ids of what the rulesets hold out."""
        return frozenset(ruleset.consequence.id for ruleset in self.rulesets)

    def candidates(self, words: frozenset[str], in_any_hands: bool = False) -> list[CompiledSignal]:
        """Signals that a text with these words (normalised) could match, in the order of the rules.

        With ``in_any_hands`` also those whose actor is not named, which can only be near misses.
        """
        vocabulary = Vocabulary(words, frozenset(map(stem, words)))
        hits = {
            id(compiled): compiled
            for table, known in ((self._by_stem, vocabulary.stems), (self._by_word, vocabulary.words))
            for key in table.keys() & known
            for compiled in table[key]
        }
        found = [compiled for compiled in hits.values() if compiled.can_stand_in(vocabulary, in_any_hands)]
        return sorted(found, key=lambda c: (c.ruleset.ruleset, c.condition, c.signal.id))


def _compile(ruleset: Ruleset, condition: str, signal: Signal, actors: ActorIndex) -> CompiledSignal:
    terms = ruleset.terms
    groups, names = [], []
    for entry in signal.what:
        listed = (entry,) if isinstance(entry, str) else entry
        groups.append(PatternSet(expand(listed, terms)))
        names.append(entry if isinstance(entry, str) else " | ".join(entry[:3]) + (" …" if len(entry) > 3 else ""))
    who = signal.who or ruleset.addressee
    return CompiledSignal(
        ruleset=ruleset,
        condition=condition,
        signal=signal,
        who=who,
        hands=None if who == ANYONE else actors.names_of(who),
        deeds=PatternSet(expand(signal.does, terms)),
        groups=tuple(groups),
        group_names=tuple(names),
    )
