"""When time alone will next change each status, so that nobody need look before."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select

from monitor.store.tables import due
from monitor.store.upsert import upsert


def due_by(connection: Connection, moment: datetime) -> list[tuple[str, str]]:
    """Ruleset and condition of what changes by ``moment`` if no news comes."""
    query = select(due.c.ruleset, due.c.condition).where(due.c.at <= moment)
    return [(row.ruleset, row.condition) for row in connection.execute(query)]


def save_due(connection: Connection, ruleset: str, condition: str, at: datetime | None) -> None:
    upsert(connection, due, [{"ruleset": ruleset, "condition": condition, "at": at}])
