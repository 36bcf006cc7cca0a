"""Where a report comes from: the wire agency that it credits, or else its publisher.

Two newspapers with one agency's report are one source, however differently they headline it.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

from monitor.model import Evidence

# How much of a text's beginning a dateline may stand in: a place, a country, and the agency in brackets.
_DATELINE = 120
_AUTHOR_PARTS = re.compile(r"\s*(?:,|;|/|\||&|\band\b|\bwith\b)\s*")


def origin(piece: Evidence) -> str:
    """The agency a report credits in its byline, dateline or last words; else its publisher, in lower case.

    An agency that is merely quoted ("told Reuters") is no credit.
    """
    publisher = piece.publisher.casefold().strip()
    return (_agencies().get(publisher) or _credited(piece) or piece.publisher).casefold().strip()


def agency_named(told: str) -> str:
    """The agency of which an :func:`origin` tells; empty if it is a publisher's."""
    return _by_origin().get(told, "")


@cache
def _by_origin() -> dict[str, str]:
    return {name.casefold(): name for name in _agencies().values()}


def _credited(piece: Evidence) -> str:
    for author in _AUTHOR_PARTS.split(piece.author.casefold().removeprefix("by ")):
        if author in _agencies():
            return _agencies()[author]
    text = piece.text or piece.title
    for found in (*_brackets().finditer(text[:_DATELINE]), *_brackets().finditer(text[-40:]), _ending().search(text)):
        if found:
            return _agencies()[found.group(1).casefold()]
    return ""


@cache
def _agencies() -> dict[str, str]:
    listed = tomllib.loads((files("monitor.assess") / "agencies.toml").read_text("utf-8"))["agencies"]
    return {form.casefold(): name for name, forms in listed.items() for form in forms}


def _any_form() -> str:
    return "|".join(re.escape(form) for form in sorted(_agencies(), key=len, reverse=True))


@cache
def _brackets() -> re.Pattern[str]:
    """``(AP)``, as datelines and credits write it."""
    return re.compile(rf"\(({_any_form()})\)", re.IGNORECASE)


@cache
def _ending() -> re.Pattern[str]:
    """A credit that ends a text: a dash or a bar, and the agency."""
    return re.compile(rf"(?:[—–|]|\s-)\s*({_any_form()})\.?\s*$", re.IGNORECASE)
