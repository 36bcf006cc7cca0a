"""A poll costs what is new: the entries that a feed is known to carry, and the name of the rules in force."""

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
    op.add_column("clock", sa.Column("reading", sa.String(64), nullable=False, server_default=""))
    op.create_index("ix_feeds_polled_at", "feeds", ["polled_at"])


def downgrade() -> None:
    op.drop_index("ix_feeds_polled_at", "feeds")
    op.drop_column("clock", "reading")
    op.drop_table("feed_entries")
