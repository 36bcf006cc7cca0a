"""Evidence as it is shown: event by event, each article once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from monitor.assess.event import Event
from monitor.assess.tally import Tally, tally
from monitor.model import Evidence


@dataclass(frozen=True, slots=True)
class EventReports:
    """An event with those of its reports that are shown: one piece of each article, the newest first, and the tally of
    all pieces that were to be shown of it."""

    event: Event
    reports: tuple[Evidence, ...]
    tally: Tally

    def why(self, piece: Evidence) -> str:
        """Why a report was counted to this event."""
        return reason_of(self.event, piece)


def reason_of(event: Event, piece: Evidence) -> str:
    """Why the article of ``piece`` was counted to ``event``: its first piece was, and the others follow it."""
    first = next(one for one in event.reports if one.item == piece.item)
    return event.reasons[first.id]


def by_event(pieces: Iterable[Evidence], event_of: Mapping[str, Event]) -> list[EventReports]:
    """``pieces``, the newest first, by the event that they tell of; first the event with the newest report."""
    groups: dict[str, list[Evidence]] = {}
    for piece in pieces:
        groups.setdefault(event_of[piece.id].id, []).append(piece)
    return [
        EventReports(event_of[group[0].id], tuple(one_an_item(group)), tally(group, event_of))
        for group in groups.values()
    ]


def one_an_item(pieces: Iterable[Evidence]) -> list[Evidence]:
    """Each article once, though several signals may have found it."""
    first: dict[str, Evidence] = {}
    for piece in pieces:
        first.setdefault(piece.item, piece)
    return list(first.values())
