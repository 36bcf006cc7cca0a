"""Who is named in a sentence: the parties of a ruleset, and everybody else who acts in the news."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from monitor.match.patterns import PatternSet
from monitor.rules.ruleset import Ruleset
from monitor.text.lexicon import needs_capital, places
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


class ActorIndex:
    """The names of a ruleset's actors together with the states and bodies of the world. Immutable once made.

    A state whose name an actor uses becomes wholly that actor's: an actor called "UK" is also meant by "London".
    """

    def __init__(self, ruleset: Ruleset) -> None:
        owners: dict[str, tuple[str, Naming]] = {}
        for actor_id, actor in ruleset.actors.items():
            for naming, texts in ((Naming.CONTEXT, actor.context), (Naming.NAME, actor.names)):
                owners |= dict.fromkeys(texts, (actor_id, naming))
        for actor in ruleset.actors.values():
            owners = dict.fromkeys(actor.unlike, (ELSEWHERE, Naming.NAME)) | owners
        plain = {normalise(name.strip('"')): owner for name, owner in owners.items()}
        for group in places():
            owner = next((plain[normalise(n)] for n in group if normalise(n) in plain), (ELSEWHERE, Naming.NAME))
            for name in group:
                if normalise(name) not in plain:
                    owners[f'"{name}"'] = owners[f'"{name}s"'] = owner
        self._by_owner = [
            (owner, PatternSet(name for name, its in owners.items() if its == owner)) for owner in set(owners.values())
        ]
        self._by_owner.sort(key=lambda pair: (pair[0][0], pair[0][1]))

        self._owners = owners

    def names_of(self, actor: str) -> PatternSet:
        """Everything that puts a report into an actor's hands: its names and its places."""
        return PatternSet(name for name, (owner, _) in self._owners.items() if owner == actor)

    def mentions(self, tokens: tuple[Token, ...]) -> tuple[Mention, ...]:
        """Every mention in order; where two overlap, the longer one ("Southland army" is not the army)."""
        found = [
            Mention(place.start, place.end, actor, naming)
            for (actor, naming), patterns in self._by_owner
            for place in patterns.find(tokens)
            if _is_meant(tokens, place.start)
        ]
        found.sort(key=lambda m: (m.start - m.end, m.start, m.naming is Naming.CONTEXT))
        taken: set[int] = set()
        kept = []
        for mention in found:
            if taken.isdisjoint(range(mention.start, mention.end)):
                taken.update(range(mention.start, mention.end))
                kept.append(mention)
        return tuple(sorted(kept, key=lambda m: m.start))


def _is_meant(tokens: tuple[Token, ...], place: int) -> bool:
    """Whether a word that is also an ordinary one ("us", "polish") is meant as a name: by its capital or its place."""
    first = place == 0 or not tokens[place - 1].is_word
    return tokens[place].capital or first or tokens[place].norm not in needs_capital()
