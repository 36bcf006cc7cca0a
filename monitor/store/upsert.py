"""One statement that adds rows, or renews those that are there already: both engines know it, each in its own words."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Insert, Table
from sqlalchemy.dialects import sqlite

if TYPE_CHECKING:
    from sqlalchemy.dialects.postgresql import Insert as PostgresqlInsert


def upsert(connection: Connection, table: Table, rows: Sequence[dict[str, object]]) -> None:
    """Add ``rows``, each with all columns; a row of the same primary key is renewed."""
    if rows:
        connection.execute(_statement(connection.dialect.name, table), rows)


def add_up(connection: Connection, table: Table, rows: Sequence[dict[str, object]]) -> None:
    """Add ``rows``, or their figures to those of the rows that are there already."""
    if rows:
        connection.execute(_statement(connection.dialect.name, table, adds_up=True), rows)


@cache
def _statement(dialect: str, table: Table, adds_up: bool = False) -> Insert:
    statement: sqlite.Insert | PostgresqlInsert = sqlite.insert(table)
    if dialect == "postgresql":
        # Slow to load, and SQLite is what most have.
        from sqlalchemy.dialects import postgresql

        statement = postgresql.insert(table)
    columns = [column for column in table.c if not column.primary_key]
    renewed = {c.name: c + statement.excluded[c.name] if adds_up else statement.excluded[c.name] for c in columns}
    return statement.on_conflict_do_update(index_elements=list(table.primary_key), set_=renewed)
