"""A database copied into another, of either kind, and compared with it row by row."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Table, delete, func, insert, select

from monitor.store.database import Store, StoreError
from monitor.store.evidence_words import index_words
from monitor.store.tables import counts as number_of
from monitor.store.tables import evidence, gaps, metadata, polls, unassessed, versions
from monitor.store.transitions import log_head

_BATCH = 1000
_BODIES = select(evidence.c.id, versions.c.title, versions.c.text).join(
    versions, (versions.c.item == evidence.c.item) & (versions.c.version == evidence.c.version)
)


@dataclass(frozen=True, slots=True)
class Copied:
    """How many rows there are of each table, and the number and hash of the log's last entry."""

    rows: dict[str, int]
    entries: int
    head: str


def copy_database(source: Store, target: Store, progress: Callable[[int, int], None] = lambda *_: None) -> Copied:
    """Copy all of ``source`` into ``target``, which must be empty; whole and the same, or not at all.

    ``progress`` is told how many rows are done, of how many: each is written, and read again from the copy to compare.
    Raises :class:`~monitor.store.database.StoreError`.
    """
    with source.read() as old, target.write() as new:
        # A new database has counted that it is empty.
        tables = [table for table in metadata.sorted_tables if table is not number_of]
        held = [table.name for table in tables if new.scalar(select(func.count()).select_from(table))]
        if held:
            raise StoreError(f"{target.shown_url} holds something already ({', '.join(held)}); copy into an empty one")
        new.execute(delete(number_of))
        counts = {t.name: old.scalar(select(func.count()).select_from(t)) or 0 for t in metadata.sorted_tables}
        done, total = 0, 2 * sum(counts.values())
        sums = Counter[str]()
        for table in metadata.sorted_tables:
            for rows in _portions(old, table):
                new.execute(insert(table), [dict(row._mapping) for row in rows])
                sums[table.name] += _sum(rows)
                done += len(rows)
                progress(done, total)
        _index(old, new)
        _go_on_numbering(new)
        for table in metadata.sorted_tables:
            found, number = 0, 0
            for rows in _portions(new, table):
                found += _sum(rows)
                number += len(rows)
                done += len(rows)
                progress(done, total)
            if (found, number) != (sums[table.name], counts[table.name]):
                raise StoreError(f"the copy of {table.name} differs from the original; nothing was kept of it")
        return Copied(counts, *log_head(new))


def _portions(connection: Connection, table: Table) -> Iterator[Sequence[Row[Any]]]:
    # As they come: a copy needs no order, and no memory for a whole table.
    result = connection.execution_options(stream_results=True, max_row_buffer=_BATCH).execute(select(table))
    yield from result.partitions(_BATCH)


def _sum(rows: Sequence[Row[Any]]) -> int:
    """A digest of rows that does not depend on their order."""
    return sum(int.from_bytes(hashlib.sha256(repr(tuple(row)).encode()).digest(), "big") for row in rows)


def _index(old: Connection, new: Connection) -> None:
    for rows in old.execution_options(stream_results=True).execute(_BODIES).partitions(_BATCH):
        index_words(new, [(row.id, f"{row.title}\n{row.text}") for row in rows])


def _go_on_numbering(connection: Connection) -> None:
    """The numbers that were copied are taken: what comes next begins behind them. SQLite sees to it itself."""
    if connection.dialect.name == "postgresql":
        for table in (gaps, polls, unassessed):
            (key,) = table.primary_key.columns
            last = connection.scalar(select(func.max(key)))
            if last is not None:
                connection.execute(select(func.setval(func.pg_get_serial_sequence(table.name, key.name), last)))
