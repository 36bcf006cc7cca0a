"""How many events, reports and publishers evidence amounts to: a count always says of what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from monitor.assess.event import Event
from monitor.model import Evidence


@dataclass(frozen=True, slots=True)
class Tally:
    """A report is one publisher's telling of something in one article, however many signals find it there."""

    events: int
    reports: int
    publishers: int

    def __bool__(self) -> bool:
        return bool(self.reports)


def tally(pieces: Iterable[Evidence], event_of: Mapping[str, Event]) -> Tally:
    """The tally of ``pieces``, of which ``event_of`` has the event of each by the piece's id."""
    pieces = list(pieces)
    return Tally(
        events=len({event_of[piece.id].id for piece in pieces}),
        reports=len({(piece.item, piece.stance) for piece in pieces}),
        publishers=len({piece.organisation for piece in pieces}),
    )


def event_of_each(events: Iterable[Event]) -> dict[str, Event]:
    """The event that each piece belongs to, by the piece's id."""
    return {piece.id: event for event in events for piece in event.reports}
