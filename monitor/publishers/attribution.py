"""Who published an entry, decided by evidence and not by the spelling of one field.

The first of these that tells of a publisher decides:

1. the site that the entry's link leads to, if the monitor knows whose it is;
2. the source that the entry names (RSS ``source``, Atom ``source``): its site, then its name;
3. the publisher that the settings name for the feed, if the monitor knows it;
4. the site of the feed, if the monitor knows whose it is;
5. the site that the link leads to, whoever it belongs to: an unknown site is a publisher of its own;
6. the publisher that the settings name, or else the title of the feed;
7. the site of the feed.

Aggregators only carry what others publish: none of these steps ever ends at one, unless nothing else is told.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from monitor.entries.link import destination
from monitor.publishers.registry import Publisher, Publishers, name_key
from monitor.publishers.site import registrable_domain


@dataclass(frozen=True, slots=True)
class Clues:
    """What an entry and its feed say of the publisher; ``configured`` is the settings' name or the feed's title."""

    link: str = ""
    source_name: str = ""
    source_url: str = ""
    configured: str = ""
    feed: str = ""


@dataclass(frozen=True, slots=True)
class Attribution:
    """The organisation that published an entry, the name to show for it, and by what that was found, in words.

    ``organisation`` is a known publisher's id, an unknown one's domain, or its name in lower case.
    """

    organisation: str
    name: str
    by: str


def attribute(clues: Clues, publishers: Publishers) -> Attribution:
    """Who published the entry of which these are the ``clues``."""
    told = next(_answers(clues, publishers), None)
    if told is not None:
        return told
    # Nothing but an aggregator is named: better that than nobody.
    name = clues.configured or clues.feed or "unnamed"
    known = publishers.by_name(name)
    return Attribution(known.id if known else name_key(name), known.name if known else name, "the feed alone")


def _answers(clues: Clues, publishers: Publishers) -> Iterator[Attribution]:
    """What each step of the order finds, if anything."""
    link, source, feed = host_of(destination(clues.link)), host_of(clues.source_url), host_of(clues.feed)
    yield from _known(publishers.by_site(link), f"the site of its link, {link}")
    yield from _source(clues.source_name, source, publishers)
    yield from _known(publishers.by_name(clues.configured), "the publisher that the settings or the feed name")
    yield from _known(publishers.by_site(feed), f"the site of its feed, {feed}")
    configured = "" if publishers.by_name(clues.configured) else clues.configured
    own, domain = registrable_domain(feed), registrable_domain(link)
    if domain and not publishers.by_site(link):
        # A feed on the same site, or on one that is nobody's, may give that site its name.
        name = configured if own in ("", domain) and configured else domain
        yield Attribution(domain, name, f"the site of its link, {domain}")
    if configured:
        yield Attribution(name_key(configured), configured, "the publisher that the settings or the feed name")
    if own and not publishers.by_site(feed):
        yield Attribution(own, own, f"the site of its feed, {own}")


def _known(publisher: Publisher | None, by: str) -> Iterator[Attribution]:
    if publisher is not None and not publisher.is_aggregator:
        yield Attribution(publisher.id, publisher.name, by)


def _source(name: str, host: str, publishers: Publishers) -> Iterator[Attribution]:
    by = "the source that it names"
    yield from _known(publishers.by_site(host), f"{by}, {host}")
    known = publishers.by_name(name)
    yield from _known(known, f"{by}, {name}")
    domain = registrable_domain(host)
    if domain and not publishers.by_site(host):
        yield Attribution(domain, name or domain, f"{by}, {domain}")
    elif name and known is None:
        yield Attribution(name_key(name), name, f"{by}, {name}")


def host_of(address: str) -> str:
    """The host of an address; empty where it has none."""
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""
