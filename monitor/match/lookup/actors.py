"""Who is named in a sentence: the parties of a ruleset, and everybody else who acts in the news."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from monitor.match.lookup.patterns import EXACT, Pattern, compile_pattern, stands_at, to_the_letter
from monitor.rules.ruleset import Ruleset
from monitor.text.lexicon import needs_capital, places, words
from monitor.text.tokens import Token, normalise

ELSEWHERE = "*"


class Naming(StrEnum):
    """How a mention points at an actor: by name, or by words that only place the report in its hands."""

    NAME = "name"
    CONTEXT = "context"


@dataclass(frozen=True, slots=True)
class Mention:
    """An actor at tokens ``[start, end)``. Actors the ruleset does not know are :data:`ELSEWHERE`."""

    start: int
    end: int
    actor: str
    naming: Naming


_ELSEWHERE = (ELSEWHERE, Naming.NAME)


@cache
def _gazetteer() -> dict[str, tuple[tuple[Pattern, int, str], ...]]:
    """Every name of the world's states and bodies, and its plural, by its first word."""
    table: dict[str, list[tuple[Pattern, int, str]]] = {}
    for group, names in enumerate(places()):
        for name in names:
            for text in (f'"{name}"', f'"{name}s"'):
                pattern = compile_pattern(text)
                if pattern is not None:
                    table.setdefault(pattern.words[0], []).append((pattern, group, normalise(name)))
    return {first: tuple(found) for first, found in table.items()}


class ActorIndex:
    """The names of a ruleset's actors, laid over those of the states and bodies of the world. Immutable once made.

    A state whose name an actor uses becomes wholly that actor's: an actor called "UK" is also meant by "London".
    """

    def __init__(self, ruleset: Ruleset) -> None:
        owners: dict[str, tuple[str, Naming]] = {}
        for actor_id, actor in ruleset.actors.items():
            for naming, texts in ((Naming.CONTEXT, actor.context), (Naming.NAME, actor.names)):
                owners |= dict.fromkeys(texts, (actor_id, naming))
        for actor in ruleset.actors.values():
            owners = dict.fromkeys(actor.unlike, (ELSEWHERE, Naming.NAME)) | owners
        self._owners = owners
        self._own = {normalise(name.strip('"')): owner for name, owner in owners.items()}
        self._claimed = {
            group: next(self._own[name] for name in names if name in self._own)
            for group, names in enumerate(_plain_places())
            if not self._own.keys().isdisjoint(names)
        }
        self._by_first: dict[str, list[tuple[Pattern, str, Naming]]] = {}
        for name, (actor_id, naming) in owners.items():
            pattern = compile_pattern(name)
            if pattern is not None:
                self._by_first.setdefault(pattern.keys[0], []).append((pattern, actor_id, naming))
        self._exact = any(key.startswith(EXACT) for key in self._by_first)

    @property
    def first_words(self) -> frozenset[str]:
        """The keys of the words that any mention must begin with."""
        return frozenset(self._by_first) | {to_the_letter(word) for word in _gazetteer()}

    def names_of(self, actor: str) -> list[str]:
        """Everything that puts a report into an actor's hands: its names and its places."""
        own = [name for name, (owner, _) in self._owners.items() if owner == actor]
        claimed = [name for group, (owner, _) in self._claimed.items() if owner == actor for name in places()[group]]
        others = [name for name in claimed if normalise(name) not in self._own]
        return [*own, *(text for name in others for text in (f'"{name}"', f'"{name}s"'))]

    def mentions(self, tokens: tuple[Token, ...]) -> tuple[Mention, ...]:
        """Every mention in order; where two overlap, the longer one ("Southland army" is not the army)."""
        found = [
            Mention(start, inner[-1] + 1, actor, naming)
            for start, token in enumerate(tokens)
            for key in ((token.stem, to_the_letter(token.norm)) if self._exact else (token.stem,))
            for pattern, actor, naming in self._by_first.get(key, ())
            if (inner := stands_at(tokens, start, pattern)) is not None and _is_meant(tokens, start)
        ]
        table = _gazetteer()
        found += [
            Mention(start, inner[-1] + 1, *self._claimed.get(group, _ELSEWHERE))
            for start, token in enumerate(tokens)
            for pattern, group, name in table.get(token.norm, ())
            if name not in self._own
            and (inner := stands_at(tokens, start, pattern)) is not None
            and _is_meant(tokens, start)
        ]
        found.sort(key=lambda m: (m.start - m.end, m.start, m.naming is Naming.CONTEXT, m.actor))
        taken: set[int] = set()
        kept = []
        for mention in found:
            if taken.isdisjoint(range(mention.start, mention.end)):
                taken.update(range(mention.start, mention.end))
                kept.append(mention)
        kept.sort(key=lambda m: m.start)
        named = {m.end for m in kept if m.naming is Naming.NAME}
        return tuple(m for m in kept if not (m.start in named and is_what_it_is(tokens[m.start : m.end])))


@cache
def _plain_places() -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(map(normalise, names)) for names in places())


def is_what_it_is(tokens: tuple[Token, ...]) -> bool:
    """ "the Red Guard armed group": right behind a name such words say what it is, and name nobody else."""
    return all(token.stem in words("armed") for token in tokens)


def _is_meant(tokens: tuple[Token, ...], place: int) -> bool:
    """Whether a word that is also an ordinary one ("us", "polish") is meant as a name: by its capital or its place.

    Who is "anti-Northland" or "pro-Northland" is not of Northland.
    """
    if place and tokens[place - 1].norm in ("anti", "pro"):
        return False
    first = place == 0 or not tokens[place - 1].is_word
    return tokens[place].capital or first or tokens[place].norm not in needs_capital()
