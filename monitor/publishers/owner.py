"""Whose a feed is, before any of its entries is looked at, and which feeds count as one publisher."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from monitor.publishers.attribution import Attribution, Clues, attribute, host_of
from monitor.publishers.registry import Publishers
from monitor.publishers.site import registrable_domain


def owner_of(feed: str, name: str, publishers: Publishers) -> Attribution:
    """Whose a configured feed is; ``name`` is the publisher in the settings, or else the feed's title."""
    carrier = publishers.by_site(host_of(feed))
    if carrier is not None and carrier.is_aggregator and publishers.by_name(name) is None:
        return Attribution(carrier.id, carrier.name, f"the site of its feed, {host_of(feed)}")
    # Entries of a feed mostly lead to its own site, and a site decides before a name that nobody knows. The import
    # writes a domain where the site is another one.
    is_known = publishers.by_name(name) is not None or registrable_domain(name) == name
    return attribute(Clues(link="" if is_known else feed, configured=name, feed=feed), publishers)


def owner_of_listed(feed: str, site: str, title: str, publishers: Publishers) -> Attribution:
    """Whose a feed is that stands in somebody's list, which may give the ``site`` that it belongs to, and its
    ``title``.

    A title that is no known publisher's name may be that of a section: it counts only where nothing else tells.
    """
    nowhere = not (registrable_domain(host_of(site)) or registrable_domain(host_of(feed)))
    if nowhere or publishers.by_name(title) is not None:
        return attribute(Clues(link=site, configured=title, feed=feed), publishers)
    told = attribute(Clues(link=site, feed=feed), publishers)
    return owner_of(feed, "", publishers) if told.name == feed else told


@dataclass(frozen=True, slots=True)
class OnePublisher:
    """Feeds that count as one publisher, since it is one organisation that publishes them."""

    organisation: str
    name: str
    feeds: tuple[str, ...]


def owners(feeds: Iterable[tuple[str, Attribution]], publishers: Publishers) -> list[OnePublisher]:
    """The organisations behind feeds, given by address and owner, in the order of their first feeds.

    Feeds of aggregators are left out: they carry what many publish.
    """
    found: dict[str, list[tuple[str, Attribution]]] = {}
    for address, owner in feeds:
        if not publishers.is_aggregator(owner.organisation):
            found.setdefault(owner.organisation, []).append((address, owner))
    return [
        OnePublisher(key, listed[0][1].name, tuple(address for address, _ in listed)) for key, listed in found.items()
    ]
