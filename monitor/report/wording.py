"""How statuses, dates and counts are put into words: one place, so that every report says it alike."""

from __future__ import annotations

from datetime import datetime

from monitor.model import DateMark, Evidence, Stance, Status
from monitor.report.overview import Account, Row
from monitor.rules.ruleset import Condition, Consequence

# A sign for each status, so that colour is never the only one.
SIGNS = {Status.MET: "✔", Status.BREACHED: "✘", Status.CONTESTED: "◆", Status.UNKNOWN: "?"}
COLOURS = {Status.MET: "green", Status.BREACHED: "red", Status.CONTESTED: "yellow", Status.UNKNOWN: "bright_black"}
STANCE_COLOURS = {
    Stance.FULFILMENT: "green",
    Stance.BREACH: "red",
    Stance.PLEDGE: "cyan",
    Stance.THREAT: "magenta",
    Stance.DENIAL: "yellow",
    Stance.DEMAND: "blue",
    Stance.MENTION: "bright_black",
}
_GRANTED = {
    Status.MET: "granted",
    Status.BREACHED: "withheld",
    Status.CONTESTED: "contested",
    Status.UNKNOWN: "unknown",
}
_PLURALS = {
    Stance.PLEDGE: ("pledge", "pledges"),
    Stance.THREAT: ("threat", "threats"),
    Stance.DENIAL: ("denial", "denials"),
    Stance.DEMAND: ("demand", "demands"),
}


def status_name(part: Condition | Consequence, status: Status) -> str:
    """A consequence is granted or withheld where a condition is met or breached."""
    return _GRANTED[status] if isinstance(part, Consequence) else status.value


def phase_name(row: Row) -> str:
    """Pending or confirmed; an unknown status says whether there was one before."""
    if row.standing.status is not Status.UNKNOWN:
        return row.standing.phase.value
    return "" if row.standing.holds_from is None else "has lapsed"


def silence(row: Row, account: Account) -> str:
    """What it means that nothing is known: not looking and seeing nothing are different answers."""
    if account.polled == 0:
        return "nobody has looked yet: no feed was polled"
    since = f" since {day(row.standing.holds_from)}" if row.standing.holds_from else ""
    if isinstance(row.part, Condition) and row.part.form == "prohibits":
        return f"no breach observed{since}"
    return f"no evidence{since}"


def day(moment: datetime | None) -> str:
    """A date as a person reads it, in UTC."""
    return f"{moment.day} {moment:%b %Y}" if moment else "—"


def dated(piece: Evidence) -> str:
    """The day of a report; one that the feed did not give is marked."""
    return day(piece.at) if piece.date_mark is DateMark.GIVEN else f"{day(piece.at)} (date {piece.date_mark.value})"


def minute(moment: datetime | None) -> str:
    return f"{day(moment)} {moment:%H:%M} UTC" if moment else "—"


def words(counts: dict[Stance, int]) -> str:
    """ "3 pledges, 1 denial" """
    parts = [f"{n} {_PLURALS[stance][n != 1]}" for stance, n in counts.items() if n]
    return ", ".join(parts)


def count(number: int, noun: str, plural: str = "") -> str:
    """ "1 item", "2 items", "3 entries" """
    return f"{number:,} {noun if number == 1 else plural or f'{noun}s'}"


def fragile(row: Row) -> str:
    """Whether a status rests on too little, in words."""
    if row.standing.status is Status.UNKNOWN or row.stories != 1:
        return ""
    return "rests on one story"
