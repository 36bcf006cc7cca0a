"""A quote where it stands in its text."""

from __future__ import annotations

from dataclasses import dataclass

from monitor.model import Evidence

_CONTEXT = 240


@dataclass(frozen=True, slots=True)
class Passage:
    """A quote with some of what stands before and after it; where more does, an ellipsis says so."""

    before: str
    quote: str
    after: str


def in_context(piece: Evidence, context: int = _CONTEXT) -> Passage:
    """The quote of a piece of evidence with at most ``context`` characters on either side."""
    start = max(0, piece.body.find(piece.quote))
    end = start + len(piece.quote)
    before, after = piece.body[max(0, start - context) : start], piece.body[end : end + context]
    return Passage(
        ("… " if start > context else "") + before,
        piece.quote,
        after + (" …" if end + context < len(piece.body) else ""),
    )
