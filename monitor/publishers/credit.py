"""Where a report comes from: the wire agency that it credits, or else its publisher.

Two newspapers with one agency's report are one source, however differently they headline it.
"""

from __future__ import annotations

import re
from functools import lru_cache

from monitor.publishers.registry import Kind, Publisher, Publishers

# How much of a text's beginning a dateline may stand in: a place, a country, and the agency in brackets.
_DATELINE = 120
_ENDING = 40
_AUTHOR_PARTS = re.compile(r"\s*(?:,|;|/|\||&|\band\b|\bwith\b)\s*")


def origin(organisation: str, author: str, title: str, text: str, publishers: Publishers) -> str:
    """The organisation a report comes from: the agency credited in its byline, dateline or last words, else its
    publisher, which is the ``organisation`` given.

    An agency that is merely quoted ("told Reuters") is no credit.
    """
    own = publishers.find(organisation)
    if own is not None and own.kind is Kind.AGENCY:
        return organisation
    credited = _in_byline(author, publishers) or _in_text(text or title, publishers)
    return credited.id if credited else organisation


def _in_byline(author: str, publishers: Publishers) -> Publisher | None:
    parts = _AUTHOR_PARTS.split(author.casefold().removeprefix("by "))
    return next((publishers.credits[part] for part in parts if part in publishers.credits), None)


def _in_text(text: str, publishers: Publishers) -> Publisher | None:
    forms = tuple(publishers.credits)
    brackets, ending = _patterns(forms)
    for found in (*brackets.finditer(text[:_DATELINE]), *brackets.finditer(text[-_ENDING:]), ending.search(text)):
        if found:
            return publishers.credits[found.group(1).casefold()]
    return None


@lru_cache(maxsize=8)
def _patterns(forms: tuple[str, ...]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """``(AP)``, as datelines and credits write it; and a credit that ends a text: a dash or a bar, and the agency."""
    any_form = "|".join(re.escape(form) for form in sorted(forms, key=len, reverse=True)) or r"(?!)"
    return (
        re.compile(rf"\(({any_form})\)", re.IGNORECASE),
        re.compile(rf"(?:[—–|]|\s-)\s*({any_form})\.?\s*$", re.IGNORECASE),
    )
