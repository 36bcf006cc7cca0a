"""Status changes that people are to hear of, and how far each target of notifications has been told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select

from monitor.model import Transition
from monitor.store.tables import deliveries, outbox, transitions
from monitor.store.transitions import read_entries
from monitor.store.upsert import upsert


@dataclass(frozen=True, slots=True)
class Delivery:
    """How far a target has been told. ``trying_seq`` is set while a message is on its way. Times are UTC."""

    target: str
    sent_seq: int
    trying_seq: int | None = None
    failures: int = 0
    next_at: datetime | None = None
    error: str = ""
    sent_at: datetime | None = None


def announce(connection: Connection, entries: Iterable[Transition]) -> None:
    """Put entries of the log into the outbox, in the transaction that writes them: none is lost, none told twice."""
    rows = [{"seq": entry.seq} for entry in entries]
    if rows:
        connection.execute(insert(outbox), rows)


def delivery(connection: Connection, target: str) -> Delivery | None:
    """How far ``target`` has been told; ``None`` for one that was never asked for before."""
    row = connection.execute(select(deliveries).where(deliveries.c.target == target)).one_or_none()
    return Delivery(**row._mapping) if row is not None else None


def save_delivery(connection: Connection, state: Delivery) -> None:
    upsert(connection, deliveries, [{name: getattr(state, name) for name in Delivery.__dataclass_fields__}])


def announced_after(connection: Connection, seq: int) -> list[Transition]:
    """The entries in the outbox after ``seq``, in order."""
    query = select(transitions).join(outbox, outbox.c.seq == transitions.c.seq).where(outbox.c.seq > seq)
    return read_entries(connection, query.order_by(transitions.c.seq))
