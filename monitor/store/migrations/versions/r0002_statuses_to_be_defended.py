"""Reviews, versions of rules, gaps in coverage, and a log that can speak of the past again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from monitor.store.tables import UtcDateTime

revision = "0002"
down_revision = "0001"

_CAUSES = {"the publisher edited the item": "edit", "the rules no longer find it": "rules"}


def upgrade() -> None:
    op.add_column("feeds", sa.Column("new_at", UtcDateTime))
    op.create_table(
        "gaps",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("url", sa.String(2000), nullable=False),
        sa.Column("began", UtcDateTime, nullable=False),
        sa.Column("ended", UtcDateTime, nullable=False),
    )
    op.create_index("ix_gaps_ended", "gaps", ["ended"])
    # Which reports tell one story is now worked out from their texts.
    op.drop_column("evidence", "story")
    evidence = sa.table("evidence", sa.column("withdrawn_why", sa.Text))
    for sentence, cause in _CAUSES.items():
        op.execute(evidence.update().where(evidence.c.withdrawn_why == sentence).values(withdrawn_why=cause))
    op.add_column("transitions", sa.Column("before_phase", sa.String(10), nullable=False, server_default=""))
    op.add_column("transitions", sa.Column("holds_until", UtcDateTime))
    op.add_column("transitions", sa.Column("cause", sa.String(20), nullable=False, server_default=""))
    op.create_table(
        "due",
        sa.Column("ruleset", sa.String(80), primary_key=True),
        sa.Column("condition", sa.String(80), primary_key=True),
        sa.Column("at", UtcDateTime),
    )
    op.create_table(
        "reviews",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("verdict", sa.String(12), nullable=False),
        sa.Column("reviewer", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("recorded", UtcDateTime, nullable=False),
        sa.Column("ruleset", sa.String(80), nullable=False),
        sa.Column("condition", sa.String(80), nullable=False),
        sa.Column("evidence", sa.String(24), nullable=False),
        sa.Column("stance", sa.String(10), nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("expires", UtcDateTime),
        sa.Column("undoes", sa.Integer),
    )
    op.create_index("ix_reviews_ruleset_condition", "reviews", ["ruleset", "condition"])
    op.create_table(
        "rule_versions",
        sa.Column("recorded", UtcDateTime, primary_key=True),
        sa.Column("ruleset", sa.String(80), primary_key=True),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("monitor", sa.String(40), nullable=False),
        sa.Column("content", sa.JSON),
    )
    op.create_table(
        "clock",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("last", UtcDateTime, nullable=False),
    )


def downgrade() -> None:
    for table in ("clock", "rule_versions", "reviews", "due", "gaps"):
        op.drop_table(table)
    for column in ("cause", "holds_until", "before_phase"):
        op.drop_column("transitions", column)
    op.add_column("evidence", sa.Column("story", sa.String(24), nullable=False, server_default=""))
    op.drop_column("feeds", "new_at")
