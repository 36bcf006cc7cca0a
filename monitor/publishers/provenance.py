"""Where a report comes from, all in one: its publisher, the agency it credits, and whose voice it is."""

from __future__ import annotations

from dataclasses import dataclass

from monitor.model import Asserter, Item
from monitor.publishers.attribution import Attribution, Clues, attribute
from monitor.publishers.credit import origin
from monitor.publishers.registry import Publishers
from monitor.rules.ruleset import Ruleset


@dataclass(frozen=True, slots=True)
class Provenance:
    """``organisation`` and ``publisher`` are the id and the name of who published it, ``origin`` the id of the
    organisation it comes from, which is the agency that it credits, or else its publisher."""

    organisation: str
    publisher: str
    origin: str


def attribution_of(item: Item, feed: str, publishers: Publishers) -> Attribution:
    """Who published an item of the feed at an address, and by what that is known."""
    return attribute(Clues(item.link, item.source_name, item.source_url, item.publisher, feed), publishers)


def provenance_of(item: Item, feed: str, publishers: Publishers) -> Provenance:
    """Where an item of the feed at an address comes from."""
    told = attribution_of(item, feed, publishers)
    comes_from = origin(told.organisation, item.author, item.title, item.text, publishers)
    return Provenance(told.organisation, told.name, comes_from)


def asserted_by(told: Asserter, organisation: str, ruleset: Ruleset, publishers: Publishers) -> Asserter:
    """Who asserts it, given what the text says: the narrator of the addressee's own agency is the addressee."""
    publisher = publishers.find(organisation)
    if told is not Asserter.NARRATOR or publisher is None or not publisher.voice:
        return told
    party = ruleset.actors.get(ruleset.addressee)
    names = (ruleset.addressee, *(name.strip('"') for name in (party.names if party else ())))
    return Asserter.ADDRESSEE if publisher.speaks_for(names) else told
