"""The status log. Entries are only ever added."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from sqlalchemy import Connection, Row, func, insert, select

from monitor.assess.log import GENESIS
from monitor.model import Phase, Status, Transition
from monitor.store.tables import transitions


def log_head(connection: Connection) -> tuple[int, str]:
    """Sequence number and hash of the latest entry."""
    row = connection.execute(
        select(transitions.c.seq, transitions.c.hash).order_by(transitions.c.seq.desc()).limit(1)
    ).one_or_none()
    return (row.seq, row.hash) if row else (0, GENESIS)


def last_transitions(connection: Connection) -> dict[tuple[str, str], Transition]:
    """The latest entry of every condition, by ruleset and condition."""
    latest = select(func.max(transitions.c.seq)).group_by(transitions.c.ruleset, transitions.c.condition)
    rows = connection.execute(select(transitions).where(transitions.c.seq.in_(latest)))
    return {(row.ruleset, row.condition): _transition(row) for row in rows}


def append_transitions(connection: Connection, entries: Iterable[Transition]) -> None:
    rows = [
        {**entry.content(), "holds_from": entry.holds_from, "recorded": entry.recorded, "hash": entry.hash}
        for entry in entries
    ]
    if rows:
        connection.execute(insert(transitions), rows)


def read_log(connection: Connection, since: datetime | None = None) -> Iterator[Transition]:
    """The log in order; with ``since``, only what was recorded from then on."""
    query = select(transitions).order_by(transitions.c.seq)
    if since is not None:
        query = query.where(transitions.c.recorded >= since)
    for row in connection.execute(query):
        yield _transition(row)


def _transition(row: Row[tuple[object, ...]]) -> Transition:
    return Transition(
        seq=row.seq,
        ruleset=row.ruleset,
        condition=row.condition,
        before=Status(row.before),
        after=Status(row.after),
        phase=Phase(row.phase),
        holds_from=row.holds_from,
        recorded=row.recorded,
        reason=row.reason,
        evidence=tuple(row.evidence),
        rules_digest=row.rules_digest,
        previous_hash=row.previous_hash,
        hash=row.hash,
    )
