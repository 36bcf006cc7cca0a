"""What was taken in and read, and has yet to be assessed: written by many workers, taken by the one that leads."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache

from pydantic import TypeAdapter
from sqlalchemy import Connection, bindparam, delete, func, insert, select

from monitor.model import Finding
from monitor.store.tables import unassessed

_ADD = insert(unassessed)
_FIRST = select(unassessed).order_by(unassessed.c.number).limit(bindparam("limit"))
_DONE = delete(unassessed).where(unassessed.c.number.in_(bindparam("numbers", expanding=True)))
_ANY = select(unassessed.c.number).limit(1)


@dataclass(frozen=True, slots=True)
class Unassessed:
    """A version of an item, what rules of the digest ``read_with`` found in it (nothing was read yet where that is
    empty), in which poll it came, and whether people are to hear of what it changes."""

    item: str
    version: str
    poll: str
    announced: bool
    read_with: str = ""
    findings: tuple[Finding, ...] = ()
    number: int = 0


@cache
def _findings() -> TypeAdapter[tuple[Finding, ...]]:
    return TypeAdapter(tuple[Finding, ...])


def add_unassessed(connection: Connection, waiting: Sequence[Unassessed]) -> None:
    """Put items in line, in this order."""
    rows = [
        {
            "item": one.item,
            "version": one.version,
            "poll": one.poll,
            "announced": one.announced,
            "read_with": one.read_with,
            "findings": _findings().dump_json(one.findings).decode(),
        }
        for one in waiting
    ]
    if rows:
        connection.execute(_ADD, rows)


def first_unassessed(connection: Connection, limit: int) -> list[Unassessed]:
    """Those that have waited longest, in order."""
    return [
        Unassessed(
            row.item,
            row.version,
            row.poll,
            row.announced,
            row.read_with,
            _findings().validate_json(row.findings),
            row.number,
        )
        for row in connection.execute(_FIRST, {"limit": limit})
    ]


def strike_out(connection: Connection, numbers: Collection[int]) -> None:
    """Take out of the line what has been assessed."""
    connection.execute(_DONE, {"numbers": list(numbers)})


def is_any_unassessed(connection: Connection) -> bool:
    return connection.scalar(_ANY) is not None


def items_unassessed(connection: Connection) -> set[str]:
    """The items that wait."""
    return set(connection.scalars(select(unassessed.c.item).distinct()))


def count_unassessed(connection: Connection) -> int:
    return connection.scalar(select(func.count()).select_from(unassessed)) or 0
