"""Costs that grow with news: what is kept so that it need not be read, counted or told again.

The entries that a feed is known to carry, the name of the rules in force, the figures of every report, and stories.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from monitor.store.tables import UtcDateTime

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "feed_entries",
        sa.Column("url", sa.String(2000), primary_key=True),
        sa.Column("entries", sa.LargeBinary, nullable=False),
        sa.Column("served_at", UtcDateTime, nullable=False),
    )
    op.create_table(
        "counts", sa.Column("name", sa.String(20), primary_key=True), sa.Column("number", sa.Integer, nullable=False)
    )
    op.execute("INSERT INTO counts (name, number) SELECT 'items', count(*) FROM items")
    op.execute("INSERT INTO counts (name, number) SELECT 'versions', count(*) FROM versions")
    op.execute("INSERT INTO counts (name, number) SELECT outcome, count(*) FROM polls GROUP BY outcome")
    op.add_column("evidence", sa.Column("story", sa.String(24), nullable=False, server_default=""))
    op.add_column("evidence", sa.Column("origin", sa.Text, nullable=False, server_default=""))
    op.add_column("clock", sa.Column("reading", sa.String(64), nullable=False, server_default=""))
    op.create_index("ix_feeds_polled_at", "feeds", ["polled_at"])


def downgrade() -> None:
    op.drop_index("ix_feeds_polled_at", "feeds")
    op.drop_column("clock", "reading")
    op.drop_column("evidence", "origin")
    op.drop_column("evidence", "story")
    op.drop_table("counts")
    op.drop_table("feed_entries")
