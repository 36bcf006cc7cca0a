"""Publishers as organisations, entries recognised by all they carry, events told apart by people.

Existing items get keys for their links and words, so that an entry whose guid has changed is still recognised.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from monitor.store.entry_keys import link_key, title_key
from monitor.store.tables import UtcDateTime

revision = "0007"
down_revision = "0006"

_BATCH = 5_000


def _name(length: int) -> sa.types.TypeEngine[str]:
    return sa.String(length, collation="C").with_variant(sa.String(length), "sqlite")


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False, server_default="")


_ADDED: dict[str, list[sa.Column[Any]]] = {
    "items": [
        _text("source_name"),
        _text("source_url"),
        _text("recognised_by"),
        sa.Column("guid_key", sa.BigInteger),
        sa.Column("link_key", sa.BigInteger),
        sa.Column("title_key", sa.BigInteger),
        sa.Column("unstable_since", UtcDateTime),
    ],
    "evidence": [
        _text("publisher"),
        sa.Column("organisation", _name(120), nullable=False, server_default=""),
        sa.Column("date_mark", _name(10), nullable=False, server_default=""),
    ],
    "reviews": [
        sa.Column("other", _name(24), nullable=False, server_default=""),
        sa.Column("dated", UtcDateTime),
    ],
    "clock": [sa.Column("publishers", _name(64), nullable=False, server_default="")],
    "feeds": [sa.Column("first_polled_at", UtcDateTime)],
}
_KEYS = ("guid_key", "link_key", "title_key")
# Until publishers were organisations, one was whatever name its feed had.
_EVIDENCE = (
    "UPDATE evidence SET publisher = (SELECT items.publisher FROM items WHERE items.id = evidence.item), "
    "date_mark = (SELECT items.date_mark FROM items WHERE items.id = evidence.item)",
    "UPDATE evidence SET organisation = substr(lower(publisher), 1, 120)",
    # The first release did not keep where a report comes from.
    "UPDATE evidence SET origin = organisation WHERE origin = ''",
)


def upgrade() -> None:
    for table, columns in _ADDED.items():
        for column in columns:
            op.add_column(table, column)
    for statement in _EVIDENCE:
        op.execute(statement)
    _give_keys(op.get_bind())
    for key in _KEYS:
        op.create_index(f"ix_items_{key}", "items", [key])
    op.execute(
        "UPDATE feeds SET first_polled_at = COALESCE("
        "(SELECT MIN(polls.at) FROM polls WHERE polls.url = feeds.url), feeds.polled_at)"
    )


def _give_keys(connection: sa.Connection) -> None:
    """Keys of links and titles for the items that are stored. Guids were never kept; an item's id tells of its guid."""
    items = sa.table("items", *(sa.column(name) for name in ("id", "feed", "link", "date_mark", *_KEYS)),
                     sa.column("published", UtcDateTime))  # fmt: skip
    versions = sa.table("versions", *(sa.column(name) for name in ("item", "title", "latest")))
    query = (
        sa.select(items.c.id, items.c.feed, items.c.link, items.c.published, items.c.date_mark, versions.c.title)
        .join(versions, versions.c.item == items.c.id)
        .where(versions.c.latest)
        .order_by(items.c.id)
        .limit(_BATCH)
    )
    change = (
        sa.update(items)
        .where(items.c.id == sa.bindparam("which"))
        .values(link_key=sa.bindparam("new_link"), title_key=sa.bindparam("new_title"))
    )
    last = ""
    while rows := connection.execute(query.where(items.c.id > last)).all():
        connection.execute(
            change,
            [
                {
                    "which": row.id,
                    "new_link": link_key(row.feed, row.link),
                    "new_title": title_key(row.feed, row.title, row.published if row.date_mark == "given" else None),
                }
                for row in rows
            ],
        )
        last = rows[-1].id


def downgrade() -> None:
    for key in _KEYS:
        op.drop_index(f"ix_items_{key}", "items")
    for table, columns in reversed(_ADDED.items()):
        for column in reversed(columns):
            op.drop_column(table, column.name)
