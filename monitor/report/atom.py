"""The status log as an Atom feed (RFC 4287): what a feed monitor has to say, in the form in which it listens."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import escape
from uuid import UUID, uuid5
from xml.etree import ElementTree

from sqlalchemy import Connection

from monitor import __version__
from monitor.model import Evidence, Transition
from monitor.problem import did_you_mean
from monitor.report.change import Change, change_from
from monitor.report.wording import capfirst
from monitor.rules.ruleset import Ruleset
from monitor.store.evidence import evidence_named
from monitor.store.rule_versions import first_in_force, rules_in_force
from monitor.store.transitions import latest_changes

_MOST_ENTRIES = 100
_MOST_QUOTES = 3
_ATOM = "http://www.w3.org/2005/Atom"
_NAMESPACE = UUID("5b1f5a0e-9d0c-5f43-8a5e-3f6d0a1c7e42")
# Characters that XML 1.0 does not allow at all.
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class NoSuchSubject(ValueError):
    """Neither a ruleset nor a condition of the rules in force; the message says what is near."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a feed is about: everything, a ruleset, or one condition of it. ``began`` is when the monitor first had
    rules; with it the feed has a name that no other installation's has."""

    ruleset: str
    condition: str
    title: str
    began: datetime
    entries: tuple[Transition, ...]
    evidence: Mapping[str, Evidence]
    rulesets: Mapping[str, Ruleset]

    @property
    def path(self) -> str:
        """Where the dashboard serves it."""
        return "/" + "/".join(part for part in ("feeds", self.ruleset, self.condition) if part) + ".atom"


def read_subject(connection: Connection, wanted: str | None = None) -> Subject:
    """What is to be told of ``wanted``: a ruleset, a condition, ``ruleset/condition`` or everything.

    Raises :class:`NoSuchSubject`.
    """
    rulesets = {ruleset.ruleset: ruleset for ruleset in rules_in_force(connection)}
    ruleset, condition = _found(rulesets, wanted) if wanted else ("", "")
    entries = latest_changes(connection, ruleset, condition, _MOST_ENTRIES)
    named = [key for entry in entries for key in entry.evidence[-_MOST_QUOTES:]]
    if condition:
        title = f"{rulesets[ruleset].standing()[condition].title}: status changes"
    else:
        title = f"{rulesets[ruleset].title}: status changes" if ruleset else "Status changes of all conditions"
    began = first_in_force(connection) or datetime.fromtimestamp(0, UTC)
    return Subject(ruleset, condition, title, began, tuple(entries), evidence_named(connection, named), rulesets)


def _found(rulesets: Mapping[str, Ruleset], wanted: str) -> tuple[str, str]:
    if wanted in rulesets:
        return wanted, ""
    parts = [(name, condition) for name, ruleset in rulesets.items() for condition in ruleset.standing()]
    found = [part for part in parts if wanted in (part[1], "/".join(part))]
    if len(found) == 1:
        return found[0]
    if found:
        raise NoSuchSubject(f"stands in several rulesets; say {' or '.join('/'.join(part) for part in found)}")
    near = did_you_mean(wanted, [*rulesets, *(condition for _, condition in parts)])
    raise NoSuchSubject(f"is neither a ruleset nor a condition of the rules in force{near}")


def atom_feed(subject: Subject, address: str = "") -> str:
    """The feed as a document; ``address`` is where the dashboard is reached, without which it cannot name itself."""
    feed = ElementTree.Element("feed", {"xmlns": _ATOM, "xml:lang": "en"})
    _text(feed, "title", subject.title)
    _text(feed, "id", _urn("feed", subject.began.isoformat(), subject.ruleset, subject.condition))
    _text(feed, "updated", _stamp(max(map(_moment_of_its_own, subject.entries), default=subject.began)))
    _text(ElementTree.SubElement(feed, "author"), "name", "Condition monitor")
    ElementTree.SubElement(feed, "generator", {"version": __version__}).text = "condition monitor"
    if address:
        own = {"rel": "self", "type": "application/atom+xml", "href": f"{address}{subject.path}"}
        ElementTree.SubElement(feed, "link", own)
        ElementTree.SubElement(feed, "link", {"rel": "alternate", "type": "text/html", "href": f"{address}/log"})
    for entry in reversed(subject.entries):
        _entry(feed, entry, subject, address)
    ElementTree.indent(feed)
    return ElementTree.tostring(feed, encoding="unicode", xml_declaration=False).join(
        ('<?xml version="1.0" encoding="utf-8"?>\n', "\n")
    )


def _entry(feed: ElementTree.Element, entry: Transition, subject: Subject, address: str) -> None:
    pieces = [subject.evidence[key] for key in entry.evidence[-_MOST_QUOTES:] if key in subject.evidence]
    change = change_from(entry, subject.rulesets.get(entry.ruleset), reversed(pieces))
    element = ElementTree.SubElement(feed, "entry")
    _text(element, "title", f"{change.sign} {change.title}: {change.headline}")
    _text(element, "id", _urn("entry", entry.hash))
    _text(element, "updated", _stamp(_moment_of_its_own(entry)))
    if address:
        link = {"rel": "alternate", "type": "text/html", "href": f"{address}/log#entry-{entry.seq}"}
        ElementTree.SubElement(element, "link", link)
    for term in (entry.ruleset, entry.condition, entry.after.value):
        ElementTree.SubElement(element, "category", {"term": term})
    _text(element, "content", _content(change), type="html")


def _moment_of_its_own(entry: Transition) -> datetime:
    """When an entry was recorded, to the microsecond that is its own: entries of one moment would have readers guess
    their order, and validators complain."""
    return entry.recorded + timedelta(microseconds=entry.seq)


def _content(change: Change) -> str:
    """Markup of our own around text that is escaped: readers unescape it once and find text."""
    until = f" until {change.until}" if change.until else ""
    said = [f"<p>{escape(capfirst(change.headline))}. Holds from {change.since}{until}; {escape(change.reason)}.</p>"]
    said += [
        f"<blockquote>{escape(quote.text)}</blockquote><p>{_credit(quote.publisher, quote.date, quote.link)}</p>"
        for quote in change.quotes
    ]
    return "".join(said)


def _credit(publisher: str, date: str, link: str) -> str:
    credit = f"{escape(publisher or 'unnamed')}, {date}"
    return f'<a href="{escape(link)}">{credit}</a>' if link else credit


def _urn(*parts: str) -> str:
    return uuid5(_NAMESPACE, "\x1f".join(parts)).urn


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _text(parent: ElementTree.Element, tag: str, text: str, **attributes: str) -> None:
    ElementTree.SubElement(parent, tag, attributes).text = _NO_XML.sub("", text)
