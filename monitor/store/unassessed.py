"""What was taken in and read, and has yet to be assessed: written by many workers, taken by the one that leads."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, Row, bindparam, delete, func, insert, select

from monitor.model import Finding
from monitor.store.tables import items, unassessed

_ADD = insert(unassessed)
# Of what is news, and of no archive.
_NEWS = unassessed.c.archive == ""
# What one poll brought is never parted, and polls that came at the same time are numbered in between each other.
_FIRST_POLLS = select(unassessed.c.poll).where(_NEWS).order_by(unassessed.c.number).limit(bindparam("limit"))
_FIRST = select(unassessed).where(_NEWS, unassessed.c.poll.in_(_FIRST_POLLS)).order_by(unassessed.c.number)
_OLDEST = (
    select(unassessed)
    .join(items, items.c.id == unassessed.c.item)
    .where(unassessed.c.archive == bindparam("archive"))
    .order_by(items.c.published, items.c.id, unassessed.c.number)
    .limit(bindparam("limit"))
)
_DONE = delete(unassessed).where(unassessed.c.number.in_(bindparam("numbers", expanding=True)))
_ANY = select(unassessed.c.number).where(_NEWS).limit(1)


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


def add_unassessed(connection: Connection, waiting: Sequence[Unassessed], archive: str = "") -> None:
    """Put items in line, in this order: in that of an ``archive``, or of the news."""
    rows = [
        {
            "item": one.item,
            "version": one.version,
            "poll": one.poll,
            "announced": one.announced,
            "read_with": one.read_with,
            "findings": _findings().dump_json(one.findings).decode(),
            "archive": archive,
        }
        for one in waiting
    ]
    if rows:
        connection.execute(_ADD, rows)


def first_unassessed(connection: Connection, limit: int) -> list[Unassessed]:
    """The news that has waited longest, in order: some ``limit`` items, and all else that came with them."""
    return [_unassessed(row) for row in connection.execute(_FIRST, {"limit": limit})]


def oldest_unassessed(connection: Connection, archive: str, limit: int) -> list[Unassessed]:
    """What was published first, of what waits of an archive."""
    return [_unassessed(row) for row in connection.execute(_OLDEST, {"archive": archive, "limit": limit})]


def _unassessed(row: Row[Any]) -> Unassessed:
    findings = _findings().validate_json(row.findings)
    return Unassessed(row.item, row.version, row.poll, row.announced, row.read_with, findings, row.number)


def strike_out(connection: Connection, numbers: Collection[int]) -> None:
    """Take out of the line what has been assessed."""
    connection.execute(_DONE, {"numbers": list(numbers)})


def is_any_unassessed(connection: Connection) -> bool:
    """Whether any news waits."""
    return connection.scalar(_ANY) is not None


def items_unassessed(connection: Connection) -> set[str]:
    """The items that wait."""
    return set(connection.scalars(select(unassessed.c.item).distinct()))


def count_unassessed(connection: Connection, archive: str = "") -> int:
    """How many items of an archive, or of the news, wait."""
    return connection.scalar(select(func.count()).where(unassessed.c.archive == archive)) or 0


def lines_of_unassessed(connection: Connection) -> dict[str, int]:
    """How many items wait of each archive, and under an empty name of the news."""
    lines = select(unassessed.c.archive, func.count().label("items")).group_by(unassessed.c.archive)
    return {row.archive: row.items for row in connection.execute(lines.order_by(unassessed.c.archive))}
