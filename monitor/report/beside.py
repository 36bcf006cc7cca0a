"""What stands beside a piece of evidence on the review desk: its article, its event, and the events near it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from monitor.assess.event import Event
from monitor.assess.standing import Knowledge
from monitor.model import Evidence
from monitor.report.by_event import reason_of

# Events that are further away in time than this are not offered for joining, and no more than so many.
_NEAR = timedelta(days=45)
_MOST = 20


@dataclass(frozen=True, slots=True)
class Beside:
    """``passages`` are the other pieces of the same article, condition and stance, which one verdict covers; ``event``
    is the event that the piece is counted to, and ``near`` are others of its stance, the nearest in time first."""

    passages: tuple[Evidence, ...]
    event: Event
    near: tuple[Event, ...]

    def why(self, piece: Evidence) -> str:
        """Why the article of a piece was counted to the event."""
        return reason_of(self.event, piece)

    def reports(self, piece: Evidence) -> list[Evidence]:
        """The other articles that tell of the event, each once."""
        return list({one.item: one for one in self.event.reports if one.item != piece.item}.values())


def beside(known: Knowledge, piece: Evidence) -> Beside | None:
    """What stands beside ``piece``; ``None`` if it does not count among what is ``known``, because it was rejected."""
    event = known.event_of.get(piece.id)
    if event is None:
        return None
    others = {one.id: one for one in known.event_of.values() if one.stance is event.stance and one.id != event.id}
    near = sorted(others.values(), key=lambda one: abs(one.first - piece.at))
    return Beside(
        tuple(one for one in known.evidence if same_article(one, piece) and one.id != piece.id),
        event,
        tuple(one for one in near if abs(one.first - piece.at) <= _NEAR)[:_MOST],
    )


def same_article(one: Evidence, other: Evidence) -> bool:
    """Whether two pieces of one condition are of one article and stance, which count once."""
    return (one.item, one.version, one.stance) == (other.item, other.version, other.stance)
