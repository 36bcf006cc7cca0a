"""Figures that every report shows, kept as they change: counting a million rows takes longer than all the rest."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, select

from monitor.store.tables import counts
from monitor.store.upsert import add_up

ITEMS, VERSIONS = "items", "versions"


def count_more(connection: Connection, more: Mapping[str, int]) -> None:
    """Note that there are so many more of each kind, or fewer."""
    # In one order for all: of two who count at the same time, neither waits for what the other holds.
    rows: list[dict[str, object]] = [{"name": name, "number": more[name]} for name in sorted(more) if more[name]]
    add_up(connection, counts, rows)


def counted(connection: Connection) -> dict[str, int]:
    """How many there are of each kind."""
    return {row.name: row.number for row in connection.execute(select(counts))}
