"""Many workers: what they have read waits for the one that assesses it; and numbers that outgrow 32 bits."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_MANY = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.create_table(
        "unassessed",
        sa.Column("number", _MANY, primary_key=True),
        sa.Column("item", sa.String(24), sa.ForeignKey("items.id"), nullable=False),
        sa.Column("version", sa.String(16), nullable=False),
        sa.Column("poll", sa.String(24), nullable=False),
        sa.Column("announced", sa.Boolean, nullable=False),
        sa.Column("read_with", sa.String(64), nullable=False),
        sa.Column("findings", sa.Text, nullable=False),
    )
    op.create_index("ix_unassessed_item", "unassessed", ["item"])
    # SQLite's integers have 64 bits as they are.
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("counts", "number", type_=sa.BigInteger)
        for table in ("gaps", "polls"):
            op.alter_column(table, "id", type_=sa.BigInteger)
            op.execute(f"ALTER SEQUENCE {table}_id_seq AS bigint")


def downgrade() -> None:
    op.drop_table("unassessed")
