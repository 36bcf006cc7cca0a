"""The publishers that the monitor knows: those of ``publishers.toml``, and what the settings add or replace."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import cache, cached_property
from importlib.resources import files
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from monitor.model import canonical_json, digest
from monitor.publishers.site import parents, registrable_domain, suffix_list_version

_DOMAIN = re.compile(r"[a-z0-9.-]+\.[a-z0-9-]+")


def _country(text: str) -> str:
    if not re.fullmatch(r"([A-Z]{2})?", text):
        raise ValueError("expected the two capital letters of a country, such as GB")
    return text


def _site(text: str) -> str:
    if not _DOMAIN.fullmatch(text):
        raise ValueError("expected a domain in small letters, such as “daily.example”")
    return text


Names = tuple[Annotated[str, Field(min_length=1, max_length=120)], ...]


class Kind(StrEnum):
    """What sort of organisation a publisher is. An aggregator only carries what others publish."""

    AGENCY = "agency"
    BROADCASTER = "broadcaster"
    PAPER = "paper"
    GOVERNMENT = "government"
    INTERNATIONAL = "international"
    NGO = "ngo"
    AGGREGATOR = "aggregator"


class PublisherEntry(BaseModel):
    """A publisher as a file tells of it. Of one that is known already, what is given replaces what is known.

    ``sites`` are domains, ``credits`` the forms in which bylines and datelines name an agency, ``voice`` the names of
    the party for which it speaks.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, Field(max_length=120)] = ""
    names: Names = ()
    credits: Names = ()
    sites: tuple[Annotated[str, AfterValidator(_site)], ...] = ()
    kind: Kind = Kind.PAPER
    country: Annotated[str, AfterValidator(_country)] = ""
    voice: Names = ()


class Publisher(PublisherEntry):
    """A publisher with its id, which names the organisation everywhere."""

    id: str

    @property
    def is_aggregator(self) -> bool:
        return self.kind is Kind.AGGREGATOR

    def speaks_for(self, names: Iterator[str] | tuple[str, ...]) -> bool:
        """Whether it is the voice of a party with one of these names."""
        own = {name.casefold() for name in self.voice}
        return any(name.casefold() in own for name in names)


class WrongPublisher(ValueError):
    """Publishers that contradict; the message says what is wrong, ``place`` is the id and the field of the entry that
    says so."""

    def __init__(self, message: str, *place: str) -> None:
        super().__init__(message)
        self.place = place


class Publishers:
    """All known publishers, found by id, by name and by site. Immutable."""

    def __init__(self, entries: Mapping[str, Publisher]) -> None:
        self.entries = dict(sorted(entries.items()))
        self._names = {name_key(name): one for one in self.entries.values() for name in (one.name, *one.names)}
        self._sites = {site: one for one in self.entries.values() for site in one.sites}

    @cached_property
    def digest(self) -> str:
        """What attributions by these publishers rest on: the publishers and the list of public suffixes."""
        told = {key: one.model_dump(mode="json") for key, one in self.entries.items()}
        return digest(canonical_json(told), suffix_list_version())

    @cached_property
    def credits(self) -> dict[str, Publisher]:
        """The agencies by the forms, in lower case, in which reports credit them."""
        return {form.casefold(): one for one in self.entries.values() for form in one.credits}

    @cached_property
    def names(self) -> dict[str, str]:
        """The name of each publisher, by its id."""
        return {key: one.name for key, one in self.entries.items()}

    def find(self, organisation: str) -> Publisher | None:
        """The publisher with this id."""
        return self.entries.get(organisation)

    def is_aggregator(self, organisation: str) -> bool:
        """Whether this is known to carry only what others publish."""
        known = self.find(organisation)
        return known is not None and known.is_aggregator

    def by_site(self, host: str) -> Publisher | None:
        """The publisher to which a host belongs, itself or by the longest of its parents that is listed."""
        return next((self._sites[name] for name in parents(host) if name in self._sites), None)

    def by_name(self, name: str) -> Publisher | None:
        """The publisher of this name; a domain is a name as well, and so is a credit of an agency."""
        key = name_key(name)
        known = self._names.get(key) or self.credits.get(key)
        return known or (self.by_site(key) if registrable_domain(key) else None)

    def with_own(self, own: Mapping[str, PublisherEntry]) -> Publishers:
        """These publishers with those of the settings: a known id is renewed in the fields that are given.

        Raises :class:`WrongPublisher`.
        """
        entries = dict(self.entries)
        for key, entry in own.items():
            given = {name: getattr(entry, name) for name in entry.model_fields_set}
            known = entries.get(key)
            if not given.get("name", known.name if known else ""):
                raise WrongPublisher(f"publisher `{key}` needs a `name`", key, "name")
            entries[key] = known.model_copy(update=given) if known else Publisher(id=key, **given)
            for site in entry.sites:
                if not registrable_domain(site):
                    raise WrongPublisher(f"the site “{site}” belongs to nobody: many register below it", key, "sites")
        for field in ("names", "sites", "credits"):
            _refuse_shared(entries, own, field)
        return Publishers(entries)


def _refuse_shared(entries: Mapping[str, Publisher], own: Mapping[str, PublisherEntry], field: str) -> None:
    """Refuse what stands at two publishers, one of which is of the ``own`` ones."""
    holders: dict[str, list[str]] = {}
    for key, one in entries.items():
        values = (one.name, *one.names) if field == "names" else getattr(one, field)
        for value in {name_key(value) for value in values}:
            holders.setdefault(value, []).append(key)
    for value, keys in holders.items():
        guilty = [key for key in keys if key in own]
        if len(keys) > 1 and guilty:
            both = " and ".join(f"`{key}`" for key in keys)
            raise WrongPublisher(f"“{value}” stands among the {field} of two publishers, {both}", guilty[-1], field)


def name_key(name: str) -> str:
    """What spellings of one name have in common: no capitals, no leading "The", single spaces."""
    return " ".join(name.casefold().split()).removeprefix("the ")


@cache
def shipped_publishers() -> Publishers:
    """The publishers of the file that comes with the monitor."""
    data = tomllib.loads((files("monitor.publishers") / "publishers.toml").read_text("utf-8"))
    return Publishers({key: Publisher(id=key, **told) for key, told in data["publishers"].items()})
