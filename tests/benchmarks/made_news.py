"""Rules and news to measure on, made up: the same every time, of any size."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice

from monitor.model import Item
from monitor.rules.ruleset import Ruleset

START = datetime(2026, 1, 5, 6, 0, tzinfo=UTC)
_SYLLABLES = ("ado", "elin", "orem", "usta", "iven", "olka", "amper", "ingo", "urth", "aben", "ilo", "endra")
_NOUNS = [
    f"{first}{a}{b}" for a in _SYLLABLES for b in _SYLLABLES for first in ("", *"bcdfghjklmnpqrstvwxyz", "st", "br")
]
# Rules speak of many things that are in the news, and the news of others as well.
_THINGS = _NOUNS[::2]
_COMMON = [
    "the",
    "of",
    "to",
    "and",
    "in",
    "a",
    "for",
    "on",
    "is",
    "that",
    "by",
    "it",
    "with",
    "as",
    "from",
    "at",
    "his",
    "an",
    "were",
    "are",
    "which",
    "this",
    "be",
    "also",
    "been",
    "one",
    "after",
    "two",
    "new",
    "first",
    "their",
    "who",
    "had",
    "into",
    "its",
    "other",
    "people",
    "more",
    "city",
    "school",
    "company",
    "army",
    "over",
    "year",
    "time",
    "years",
    "may",
    "most",
    "when",
    "some",
    "only",
    "between",
    "out",
    "up",
    "during",
    "them",
    "through",
    "state",
    "national",
    "war",
    "government",
    "however",
    "known",
    "film",
    "later",
    "used",
    "such",
    "about",
    "team",
    "season",
    "series",
    "world",
    "many",
    "area",
    "company",
    "public",
    "local",
    "member",
    "family",
    "water",
    "river",
    "building",
    "council",
    "report",
    "market",
    "price",
    "week",
    "night",
    "home",
    "head",
    "group",
    "line",
    "station",
    "house",
    "power",
    "court",
    "party",
    "plan",
    "work",
    "service",
    "road",
    "bridge",
    "office",
    "minister",
]
_VERBS = [
    "close",
    "open",
    "ban",
    "release",
    "attack",
    "block",
    "cut",
    "restore",
    "seize",
    "raid",
    "bomb",
    "shell",
    "arrest",
    "free",
    "recognise",
    "expel",
    "jail",
    "sack",
    "fund",
    "freeze",
    "shut",
    "search",
    "burn",
    "loot",
    "occupy",
    "evacuate",
    "repair",
    "visit",
    "praise",
]
_EACH = 100


@dataclass(frozen=True, slots=True)
class Wording:
    """What a made signal looks for: a verb with an object, and who does it."""

    verb: str
    thing: str
    place: str
    army: str

    @property
    def phrase(self) -> str:
        return f"{self.verb} {self.thing} {self.place}"


def wordings(count: int) -> list[Wording]:
    """``count`` different ones, each with its own words in every order of rareness, and an army for each hundred."""
    chance = random.Random(7)
    found: dict[str, Wording] = {}
    while len(found) < count:
        army = f"Army of {_NOUNS[len(found) // _EACH % len(_NOUNS)].title()}"
        wording = Wording(chance.choice(_VERBS), chance.choice(_THINGS), chance.choice(_COMMON[-40:]), army)
        found.setdefault(wording.phrase, wording)
    return list(found.values())


def rulesets(wanted: Sequence[Wording]) -> list[Ruleset]:
    """A signal for each wording, a hundred to a ruleset and ten to a condition."""
    starts = range(0, len(wanted), _EACH)
    return [_ruleset(number, wanted[start : start + _EACH]) for number, start in enumerate(starts)]


def _ruleset(number: int, wanted: Sequence[Wording]) -> Ruleset:
    conditions = {
        f"condition-{at}": {
            "title": f"Condition {at}",
            "signals": [
                {
                    "id": f"signal-{at}-{place}",
                    "stance": "breach" if place % 2 else "fulfilment",
                    "who": "anyone",
                    "does": [wording.phrase],
                }
                for place, wording in enumerate(wanted[at * 10 : at * 10 + 10])
            ],
        }
        for at in range((len(wanted) + 9) // 10)
    }
    return Ruleset.model_validate(
        {
            "ruleset": f"made-{number:04}",
            "title": f"Made rules {number}",
            "issuer": "council",
            "addressee": "army",
            "actors": {"army": {"names": [wanted[0].army]}},
            "consequence": {"id": "talks", "title": "Talks", "requires": "condition-0"},
            "conditions": conditions,
        }
    )


def sentence(chance: random.Random, words: int) -> str:
    """Words as frequent as words are: a few common ones most of the time, and a verb of the rules now and then."""
    said = []
    for _ in range(words):
        kind = chance.random()
        if kind < 0.6:
            said.append(chance.choice(_COMMON))
        elif kind < 0.97:
            said.append(_NOUNS[int(len(_NOUNS) * chance.random() ** 2)])
        else:
            said.append(chance.choice(_VERBS))
    return " ".join(said).capitalize() + "."


def news(wanted: Sequence[Wording], relevant: float, seed: int = 1) -> Iterator[Item]:
    """Items of sixty words without end; so many of them, by share and one after so many others, tell one of the
    ``wanted`` deeds."""
    chance = random.Random(seed)
    number = 0
    while True:
        number += 1
        told = ""
        if int(number * relevant) > int((number - 1) * relevant):
            wording = chance.choice(wanted)
            deed = f"{_told(wording.verb)} {wording.thing} {wording.place}"
            told = f"Officials said on Monday that the {wording.army} {deed}."
        filling = [sentence(chance, 10), sentence(chance, 18), sentence(chance, 14 if told else 24)]
        title, *body = [told, *filling] if told and chance.random() < 0.5 else filling
        text = " ".join([*body, told] if told and told != title else body)
        yield Item(
            id=f"{number:024}",
            title=title.rstrip("."),
            text=text,
            publisher=f"Paper {number % 50}",
            published=START + timedelta(seconds=number),
        )


def _told(verb: str) -> str:
    return {"ban": "banned", "cut": "cut", "shut": "shut", "jail": "jailed", "free": "freed", "seize": "seized"}.get(
        verb, verb + ("d" if verb.endswith("e") else "ed")
    )


def some_news(wanted: Sequence[Wording], relevant: float, count: int, seed: int = 1) -> list[Item]:
    return list(islice(news(wanted, relevant, seed), count))
