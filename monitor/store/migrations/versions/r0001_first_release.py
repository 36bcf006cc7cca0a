"""The tables of the first release."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from monitor.store.tables import UtcDateTime

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "feeds",
        sa.Column("url", sa.String(2000), primary_key=True),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("etag", sa.Text, nullable=False),
        sa.Column("last_modified", sa.Text, nullable=False),
        sa.Column("polled_at", UtcDateTime),
        sa.Column("succeeded_at", UtcDateTime),
        sa.Column("failing_since", UtcDateTime),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("error", sa.Text, nullable=False),
        sa.Column("warning", sa.Text, nullable=False),
        sa.Column("items_seen", sa.Integer, nullable=False),
    )
    op.create_table(
        "polls",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("url", sa.String(2000), nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.Column("received", sa.Integer, nullable=False),
        sa.Column("new", sa.Integer, nullable=False),
        sa.Column("edited", sa.Integer, nullable=False),
    )
    op.create_index("ix_polls_url_at", "polls", ["url", "at"])
    op.create_table(
        "items",
        sa.Column("id", sa.String(24), primary_key=True),
        sa.Column("feed", sa.String(2000), nullable=False),
        sa.Column("publisher", sa.Text, nullable=False),
        sa.Column("grade", sa.String(1), nullable=False),
        sa.Column("link", sa.Text, nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("published", UtcDateTime, nullable=False),
        sa.Column("date_mark", sa.String(10), nullable=False),
        sa.Column("first_seen", UtcDateTime, nullable=False),
    )
    op.create_index("ix_items_feed", "items", ["feed"])
    op.create_index("ix_items_published", "items", ["published"])
    op.create_table(
        "versions",
        sa.Column("item", sa.String(24), sa.ForeignKey("items.id"), primary_key=True),
        sa.Column("version", sa.String(16), primary_key=True),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("seen", UtcDateTime, nullable=False),
        sa.Column("latest", sa.Boolean, nullable=False),
        sa.Column("read_with", sa.String(64), nullable=False),
    )
    op.create_index("ix_versions_read_with", "versions", ["read_with"])
    op.create_table(
        "evidence",
        sa.Column("id", sa.String(24), primary_key=True),
        sa.Column("item", sa.String(24), sa.ForeignKey("items.id"), nullable=False),
        sa.Column("version", sa.String(16), nullable=False),
        sa.Column("ruleset", sa.String(80), nullable=False),
        sa.Column("condition", sa.String(80), nullable=False),
        sa.Column("signal", sa.String(80), nullable=False),
        sa.Column("stance", sa.String(10), nullable=False),
        sa.Column("asserted_by", sa.String(10), nullable=False),
        sa.Column("speaker", sa.Text, nullable=False),
        sa.Column("story", sa.String(24), nullable=False),
        sa.Column("quote", sa.Text, nullable=False),
        sa.Column("span_start", sa.Integer, nullable=False),
        sa.Column("span_end", sa.Integer, nullable=False),
        sa.Column("reasons", sa.JSON, nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("recorded", UtcDateTime, nullable=False),
        sa.Column("withdrawn", UtcDateTime),
        sa.Column("withdrawn_why", sa.Text, nullable=False),
        sa.Column("rules_digest", sa.String(64), nullable=False),
    )
    op.create_index("ix_evidence_ruleset_condition_at", "evidence", ["ruleset", "condition", "at"])
    op.create_index("ix_evidence_item", "evidence", ["item"])
    op.create_table(
        "transitions",
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("ruleset", sa.String(80), nullable=False),
        sa.Column("condition", sa.String(80), nullable=False),
        sa.Column("before", sa.String(10), nullable=False),
        sa.Column("after", sa.String(10), nullable=False),
        sa.Column("phase", sa.String(10), nullable=False),
        sa.Column("holds_from", UtcDateTime, nullable=False),
        sa.Column("recorded", UtcDateTime, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("evidence", sa.JSON, nullable=False),
        sa.Column("rules_digest", sa.String(64), nullable=False),
        sa.Column("previous_hash", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )
    op.create_index("ix_transitions_ruleset_condition_seq", "transitions", ["ruleset", "condition", "seq"])


def downgrade() -> None:
    for table in ("transitions", "evidence", "versions", "items", "polls", "feeds"):
        op.drop_table(table)
