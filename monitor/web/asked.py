"""What the address of a page asks for: a day, a filter, a page of a list. A mistake in it is said, not ignored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from urllib.parse import urlencode

from monitor.model import Stance
from monitor.moment import END_OF_DAY, parse_moment
from monitor.store.search import EvidenceFilter


class BadQuestion(ValueError):
    """The address asks for what cannot be; the message says what to write instead."""


@dataclass(frozen=True, slots=True)
class Look:
    """A look at the monitor: as of a day, and by what was known then (``then``) or on ``known_at``."""

    as_of: datetime | None = None
    known_at: datetime | None = None
    since: datetime | None = None

    @property
    def then(self) -> bool:
        return self.as_of is not None and self.known_at == self.as_of

    @property
    def query(self) -> str:
        """The same look for another page's address, with its question mark."""
        if self.as_of is None:
            return ""
        parts = {"as_of": f"{self.as_of:%Y-%m-%d}"} | ({"known": "then"} if self.then else {})
        return "?" + urlencode(parts)


def look_asked(query: Mapping[str, str]) -> Look:
    """The look that a query asks for. Raises :class:`BadQuestion`."""
    as_of = moment_asked(query, "as_of", END_OF_DAY)
    known_at = moment_asked(query, "known_at", END_OF_DAY)
    if known_at is None and query.get("known") == "then":
        known_at = as_of
    return Look(as_of, known_at, moment_asked(query, "since"))


def moment_asked(query: Mapping[str, str], name: str, of_a_day: time = time()) -> datetime | None:
    """A moment that a query names, if it does. Raises :class:`BadQuestion`."""
    text = query.get(name, "").strip()
    if not text:
        return None
    try:
        return parse_moment(text, of_a_day)
    except ValueError as error:
        raise BadQuestion(f"{name}: `{text}` is not a date; write 2021-09-09") from error


def filter_asked(query: Mapping[str, str]) -> EvidenceFilter:
    """The evidence that a query asks for. Raises :class:`BadQuestion`."""
    ruleset, _, condition = query.get("condition", "").partition("/")
    try:
        stance = Stance(query["stance"]) if query.get("stance") else None
    except ValueError as error:
        kinds = ", ".join(stance.value for stance in Stance)
        raise BadQuestion(f"stance: `{query['stance']}` is none; choose one of {kinds}") from error
    return EvidenceFilter(
        ruleset=ruleset,
        condition=condition,
        stance=stance,
        publisher=query.get("publisher", "").strip(),
        grade=query.get("grade", ""),
        words=query.get("q", "").strip(),
        since=moment_asked(query, "from"),
        until=moment_asked(query, "to", END_OF_DAY),
        withdrawn=query.get("withdrawn") == "yes",
    )


def page_asked(query: Mapping[str, str]) -> int:
    """The number of the page, from 1. Raises :class:`BadQuestion`."""
    text = query.get("page", "1")
    if not text.isdecimal() or not 1 <= int(text) <= 1_000_000:
        raise BadQuestion(f"page: `{text}` is no number of a page")
    return int(text)
