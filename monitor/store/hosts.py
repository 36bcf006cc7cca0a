"""Hosts that asked to be left alone for a while."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, bindparam, select

from monitor.manners.host import HostState
from monitor.store.tables import hosts
from monitor.store.upsert import upsert

_HOSTS = select(hosts).where(hosts.c.host.in_(bindparam("names", expanding=True)))


def host_state(connection: Connection, host: str) -> HostState | None:
    return host_states(connection, [host])[host]


def host_states(connection: Connection, names: Collection[str]) -> dict[str, HostState | None]:
    """What is remembered of these hosts."""
    rows = connection.execute(_HOSTS, {"names": list(names)})
    known = {row.host: HostState(**row._mapping) for row in rows}
    return {name: known.get(name) for name in names}


def save_host(connection: Connection, state: HostState) -> None:
    upsert(connection, hosts, [{"host": state.host, "until": state.until, "strikes": state.strikes}])
