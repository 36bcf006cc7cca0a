"""Whose turn it is, where several take in news at once. PostgreSQL keeps the locks; SQLite has one writer anyway.

A feed is taken in by one at a time. Rules are put in force while nobody takes in anything.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, select, text

from monitor.store.database import StoreUnavailable
from monitor.store.tables import clock

# Any numbers that all monitors share.
_FEEDS, _RULES, _STANDSTILL = 0x66656564, 0x72756C65, 0x7374696C
_LOCK_FEEDS = text(
    "SELECT pg_advisory_xact_lock(CAST(:kind AS integer), key) FROM "
    "(SELECT DISTINCT hashtext(url) AS key FROM unnest(CAST(:urls AS text[])) AS url ORDER BY key) AS keys"
)
_SHARE_RULES = text(f"SELECT pg_advisory_xact_lock_shared({_RULES})")
_HOLD_RULES = text(f"SELECT pg_advisory_xact_lock({_RULES})")
_ALONE = text(f"SELECT pg_advisory_xact_lock({_STANDSTILL})")
_READING = select(clock.c.reading)


def lock_feeds(connection: Connection, urls: Collection[str]) -> None:
    """Be the only one who takes in these feeds, until the transaction ends."""
    if _is_server(connection):
        connection.execute(_LOCK_FEEDS, {"kind": _FEEDS, "urls": list(urls)})


def rules_held_still(connection: Connection) -> str:
    """The digest of the rules in force, which stay so until the transaction ends.

    Raises :class:`~monitor.store.database.StoreUnavailable` if no rules were ever put in force.
    """
    if _is_server(connection):
        connection.execute(_SHARE_RULES)
    reading: str | None = connection.scalar(_READING)
    if not reading:
        raise StoreUnavailable("no rules are in force yet: the worker that leads has still to read them")
    return reading


def wait_for_all(connection: Connection) -> None:
    """Wait until nobody takes in anything, and keep it so until the transaction ends."""
    if _is_server(connection):
        connection.execute(_HOLD_RULES)


def look_alone(connection: Connection) -> None:
    """Be the only one who looks whether nobody was watching, until the transaction ends."""
    if _is_server(connection):
        connection.execute(_ALONE)


def _is_server(connection: Connection) -> bool:
    return connection.dialect.name == "postgresql"
