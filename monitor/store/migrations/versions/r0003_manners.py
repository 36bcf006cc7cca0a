"""Manners towards servers, a quarantine, news of status changes to be sent, and room to forget what is not needed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from monitor.store.tables import UtcDateTime

revision = "0003"
down_revision = "0002"


def _feed_columns() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("body_digest", sa.String(64), nullable=False, server_default=""),
        sa.Column("read_at", UtcDateTime),
        sa.Column("status", sa.Integer),
        sa.Column("period", sa.Integer),
        sa.Column("update_period", sa.Integer),
        sa.Column("interval", sa.Integer),
        sa.Column("next_at", UtcDateTime),
        sa.Column("not_before", UtcDateTime),
        sa.Column("moved_to", sa.Text, nullable=False, server_default=""),
        sa.Column("moved_days", sa.Integer, nullable=False, server_default="0"),
        sa.Column("moved_at", UtcDateTime),
        sa.Column("address", sa.Text, nullable=False, server_default=""),
        sa.Column("retired_at", UtcDateTime),
    )


def upgrade() -> None:
    for column in _feed_columns():
        op.add_column("feeds", column)
    op.add_column("items", sa.Column("served_at", UtcDateTime))
    op.create_table(
        "hosts",
        sa.Column("host", sa.String(255), primary_key=True),
        sa.Column("until", UtcDateTime, nullable=False),
        sa.Column("strikes", sa.Integer, nullable=False),
    )
    op.create_table(
        "quarantine",
        sa.Column("id", sa.String(24), primary_key=True),
        sa.Column("feed", sa.String(2000), nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("seen", UtcDateTime, nullable=False),
        sa.Column("released", UtcDateTime),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
    )
    op.create_index("ix_quarantine_feed", "quarantine", ["feed"])
    op.create_table("outbox", sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False))
    op.create_table(
        "deliveries",
        sa.Column("target", sa.String(80), primary_key=True),
        sa.Column("sent_seq", sa.Integer, nullable=False),
        sa.Column("trying_seq", sa.Integer),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("next_at", UtcDateTime),
        sa.Column("error", sa.Text, nullable=False),
        sa.Column("sent_at", UtcDateTime),
    )


def downgrade() -> None:
    for table in ("deliveries", "outbox", "quarantine", "hosts"):
        op.drop_table(table)
    op.drop_column("items", "served_at")
    for column in _feed_columns():
        op.drop_column("feeds", column.name)
