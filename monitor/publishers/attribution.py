"""Who published an entry, decided by evidence and not by the spelling of one field.

The first step of :data:`ORDER` that tells of a publisher decides. An unknown site is a publisher of its own.

Aggregators only carry what others publish: none of these steps ever ends at one, unless nothing else is told.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from monitor.entries.link import destination
from monitor.publishers.registry import Publisher, Publishers, name_key
from monitor.publishers.site import registrable_domain

ORDER = (
    "the site that its link leads to, if it is known whose that is",
    "the source that the entry itself names, by its site or its name",
    "the publisher in the settings, or else the title of the feed, if that is a known publisher",
    "the site of its feed, if it is known whose that is",
    "the site that its link leads to, whoever it belongs to",
    "the publisher in the settings, or else the title of the feed, whatever it is",
    "the site of its feed, whoever it belongs to",
)


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

    ``organisation`` is a known publisher's id, an unknown one's domain, or its name in lower case. ``step`` is the
    number of the step of :data:`ORDER` that decided, counted from 1; 0 where nothing but an aggregator is told.
    """

    organisation: str
    name: str
    by: str
    step: int = 0


def attribute(clues: Clues, publishers: Publishers) -> Attribution:
    """Who published the entry of which these are the ``clues``."""
    for step, answers in enumerate(_answers(clues, publishers), start=1):
        told = next(answers, None)
        if told is not None:
            return replace(told, step=step)
    # Nothing but an aggregator is named: better that than nobody.
    name = clues.configured or clues.feed or "unnamed"
    known = publishers.by_name(name)
    return Attribution(known.id if known else name_key(name), known.name if known else name, "the feed alone")


def _answers(clues: Clues, publishers: Publishers) -> Iterator[Iterator[Attribution]]:
    """What each step of the order finds, if anything."""
    link, source, feed = host_of(destination(clues.link)), host_of(clues.source_url), host_of(clues.feed)
    yield _known(publishers.by_site(link), f"the site of its link, {link}")
    yield _source(clues.source_name, source, publishers)
    yield _known(publishers.by_name(clues.configured), "the publisher that the settings or the feed name")
    yield _known(publishers.by_site(feed), f"the site of its feed, {feed}")
    configured = "" if publishers.by_name(clues.configured) else clues.configured
    own = registrable_domain(feed)
    # A feed on the same site, or on one that is nobody's, may give that site its name.
    names_link = own in ("", registrable_domain(link))
    yield _unknown_site(link, "link", configured if names_link else "", publishers)
    yield _unknown_name(configured)
    yield _unknown_site(feed, "feed", "", publishers)


def _known(publisher: Publisher | None, by: str) -> Iterator[Attribution]:
    if publisher is not None and not publisher.is_aggregator:
        yield Attribution(publisher.id, publisher.name, by)


def _unknown_site(host: str, of: str, name: str, publishers: Publishers) -> Iterator[Attribution]:
    domain = registrable_domain(host)
    if domain and publishers.by_site(host) is None:
        yield Attribution(domain, name or domain, f"the site of its {of}, {domain}")


def _unknown_name(name: str) -> Iterator[Attribution]:
    if name:
        yield Attribution(name_key(name), name, "the publisher that the settings or the feed name")


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
