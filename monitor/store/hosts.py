"""Hosts that asked to be left alone for a while."""

from __future__ import annotations

from sqlalchemy import Connection, insert, select, update

from monitor.manners.host import HostState
from monitor.store.tables import hosts


def host_state(connection: Connection, host: str) -> HostState | None:
    row = connection.execute(select(hosts).where(hosts.c.host == host)).one_or_none()
    return HostState(**row._mapping) if row else None


def save_host(connection: Connection, state: HostState) -> None:
    values = {"host": state.host, "until": state.until, "strikes": state.strikes}
    if connection.execute(update(hosts).where(hosts.c.host == state.host).values(values)).rowcount == 0:
        connection.execute(insert(hosts).values(values))
