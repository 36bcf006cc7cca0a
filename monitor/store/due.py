"""When time alone will next change each status, so that nobody need look before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, bindparam, select

from monitor.store.tables import due
from monitor.store.upsert import upsert

_DUE_AT = select(due.c.at).where(due.c.ruleset == bindparam("ruleset"), due.c.condition == bindparam("condition"))
_DUE = select(due.c.ruleset, due.c.condition).where(due.c.at <= bindparam("moment"))


def due_by(connection: Connection, moment: datetime) -> list[tuple[str, str]]:
    """Ruleset and condition of what changes by ``moment`` if no news comes."""
    return [(row.ruleset, row.condition) for row in connection.execute(_DUE, {"moment": moment})]


def due_at(connection: Connection, ruleset: str, condition: str) -> datetime | None:
    """When the status of a condition changes if no news comes; ``None`` if it does not."""
    at: datetime | None = connection.scalar(_DUE_AT, {"ruleset": ruleset, "condition": condition})
    return at


def save_dues(connection: Connection, dues: Mapping[tuple[str, str], datetime | None]) -> None:
    """Note, by ruleset and condition, when time alone will change them."""
    rows: list[dict[str, object]] = [
        {"ruleset": ruleset, "condition": condition, "at": at} for (ruleset, condition), at in dues.items()
    ]
    upsert(connection, due, rows)
