"""Words where they stand: a quote in its text, and what the rules matched in a sentence."""

from __future__ import annotations

from dataclasses import dataclass

from monitor.match.item_reader import Readout
from monitor.model import Evidence, Finding, Item

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


def marked(item: Item, finding: Finding) -> list[tuple[str, bool]]:
    """The sentence of a finding in pieces, each with whether it is one of the words that matched."""
    body, at = item.body, finding.span.start
    pieces: list[tuple[str, bool]] = []
    for word in finding.words:
        pieces += [(body[at : word.start], False), (word.of(body), True)]
        at = word.end
    return [piece for piece in (*pieces, (body[at : finding.span.end], False)) if piece[0]]


def near(readout: Readout) -> list[tuple[str, str, str]]:
    """Condition, signal and what was missing, of everything that nearly matched; each once."""
    return list(dict.fromkeys((near.condition, near.signal, near.missing) for near in readout.near_misses))
