"""The status log. Entries are only ever added."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import Connection, Row, Select, bindparam, func, insert, select

from monitor.assess.log import GENESIS
from monitor.model import Cause, Phase, Status, Transition
from monitor.store.database import StoreError
from monitor.store.tables import transitions


class AlteredEntry(StoreError):
    """An entry of the status log holds what no monitor writes."""

    def __init__(self, seq: int) -> None:
        self.seq = seq
        super().__init__(
            f"entry {seq} of the status log cannot be read: it was altered after it was written; "
            "restore the database from a backup"
        )


_HEAD = select(transitions.c.seq, transitions.c.hash).order_by(transitions.c.seq.desc()).limit(1)
_ENTRIES = (
    select(transitions)
    .where(transitions.c.ruleset == bindparam("ruleset"), transitions.c.condition == bindparam("condition"))
    .order_by(transitions.c.seq)
)


def log_head(connection: Connection) -> tuple[int, str]:
    """Sequence number and hash of the latest entry."""
    row = connection.execute(_HEAD).one_or_none()
    return (row.seq, row.hash) if row else (0, GENESIS)


def entries_of(connection: Connection, ruleset: str, condition: str) -> list[Transition]:
    """The entries of one condition, in the order of the log."""
    return read_entries(connection, _ENTRIES, {"ruleset": ruleset, "condition": condition})


def logged_conditions(connection: Connection) -> list[tuple[str, str]]:
    """Ruleset and condition of everything the log speaks of."""
    names = (transitions.c.ruleset, transitions.c.condition)
    return [(row.ruleset, row.condition) for row in connection.execute(select(*names).distinct().order_by(*names))]


def append_transitions(connection: Connection, entries: Iterable[Transition]) -> None:
    rows = [_row(entry) for entry in entries]
    if rows:
        connection.execute(insert(transitions), rows)


def _row(entry: Transition) -> dict[str, object]:
    return {
        "seq": entry.seq,
        "ruleset": entry.ruleset,
        "condition": entry.condition,
        "before": entry.before.value,
        "before_phase": entry.before_phase.value if entry.before_phase else "",
        "after": entry.after.value,
        "phase": entry.phase.value,
        "holds_from": entry.holds_from,
        "holds_until": entry.holds_until,
        "recorded": entry.recorded,
        "cause": entry.cause.value if entry.cause else "",
        "reason": entry.reason,
        "evidence": list(entry.evidence),
        "rules_digest": entry.rules_digest,
        "previous_hash": entry.previous_hash,
        "hash": entry.hash,
    }


def read_log(connection: Connection, since: datetime | None = None) -> list[Transition]:
    """The log in order; with ``since``, only what was recorded from then on. Raises :class:`AlteredEntry`."""
    query = select(transitions).order_by(transitions.c.seq)
    return read_entries(connection, query if since is None else query.where(transitions.c.recorded >= since))


def log_page(
    connection: Connection, ruleset: str, condition: str, limit: int, offset: int
) -> tuple[list[Transition], int]:
    """A page of the log, the newest entry first, and how many entries there are; an empty name stands for all."""
    query = select(transitions)
    if ruleset:
        query = query.where(transitions.c.ruleset == ruleset, transitions.c.condition == condition)
    total = connection.scalar(select(func.count()).select_from(query.subquery())) or 0
    page = query.order_by(transitions.c.seq.desc()).limit(limit).offset(offset)
    return read_entries(connection, page), total


def changes_between(
    connection: Connection, since: datetime, until: datetime, known_at: datetime | None, *, by_first_clock: bool
) -> list[Transition]:
    """The entries recorded from ``since`` to ``until``, or (by the first clock) that hold from a moment in that time;
    of these only what was recorded by ``known_at``, if given."""
    clock = transitions.c.holds_from if by_first_clock else transitions.c.recorded
    query = select(transitions).where(clock >= since, clock <= until).order_by(transitions.c.seq)
    return read_entries(connection, query if known_at is None else query.where(transitions.c.recorded <= known_at))


def latest_changes(connection: Connection, ruleset: str, condition: str, most: int) -> list[Transition]:
    """The latest entries that changed a status, in the order of the log; an empty name stands for all."""
    query = select(transitions).where(
        (transitions.c.before != transitions.c.after) | (transitions.c.before_phase != transitions.c.phase)
    )
    if ruleset:
        query = query.where(transitions.c.ruleset == ruleset)
    if condition:
        query = query.where(transitions.c.condition == condition)
    return read_entries(connection, query.order_by(transitions.c.seq.desc()).limit(most))[::-1]


def read_entries(
    connection: Connection, query: Select[tuple[object, ...]], names: Mapping[str, str] | None = None
) -> list[Transition]:
    """The entries that a query over the whole table finds, by the ``names`` it asks for.

    Raises :class:`AlteredEntry`.
    """
    try:
        return [_transition(row) for row in connection.execute(query, names or {})]
    except (ValueError, TypeError):
        for seq in connection.scalars(select(transitions.c.seq).order_by(transitions.c.seq)).all():
            try:
                _transition(connection.execute(select(transitions).where(transitions.c.seq == seq)).one())
            except (ValueError, TypeError) as error:
                raise AlteredEntry(seq) from error
        raise


def _transition(row: Row[tuple[object, ...]]) -> Transition:
    return Transition(
        seq=row.seq,
        ruleset=row.ruleset,
        condition=row.condition,
        before=Status(row.before),
        before_phase=Phase(row.before_phase) if row.before_phase else None,
        after=Status(row.after),
        phase=Phase(row.phase),
        holds_from=row.holds_from,
        holds_until=row.holds_until,
        recorded=row.recorded,
        cause=Cause(row.cause) if row.cause else None,
        reason=row.reason,
        evidence=tuple(row.evidence),
        rules_digest=row.rules_digest,
        previous_hash=row.previous_hash,
        hash=row.hash,
    )
