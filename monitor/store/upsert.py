"""One statement that adds rows, or renews those that are there already: both engines know it, each in its own words."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def upsert(connection: Connection, table: Table, rows: Sequence[dict[str, object]]) -> None:
    """Add ``rows``, each with all columns; a row of the same primary key is renewed."""
    if rows:
        connection.execute(_statement(connection.dialect.name, table), rows)


@cache
def _statement(dialect: str, table: Table) -> sqlite.Insert | postgresql.Insert:
    statement = (postgresql.insert if dialect == "postgresql" else sqlite.insert)(table)
    renewed = {column.name: statement.excluded[column.name] for column in table.c if not column.primary_key}
    return statement.on_conflict_do_update(index_elements=list(table.primary_key), set_=renewed)
