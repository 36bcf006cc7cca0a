"""Many workers, archives, large servers.

What was read waits for the one that assesses it, portions of archives are read once, numbers outgrow 32 bits, and names
are put in one order whatever the server's language.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from monitor.store.tables import UtcDateTime

revision = "0006"
down_revision = "0005"


def _name(length: int) -> sa.types.TypeEngine[str]:
    return sa.String(length, collation="C").with_variant(sa.String(length), "sqlite")


_MANY = sa.BigInteger().with_variant(sa.Integer, "sqlite")

# Names and identities, and how long they may be.
_NAMES = {
    "clock": {"reading": 64},
    "counts": {"name": 20},
    "deliveries": {"target": 80},
    "due": {"ruleset": 80, "condition": 80},
    "feed_entries": {"url": 2000},
    "feeds": {"url": 2000, "body_digest": 64},
    "gaps": {"url": 2000},
    "hosts": {"host": 255},
    "items": {"id": 24, "feed": 2000, "grade": 1, "date_mark": 10},
    "polls": {"url": 2000, "outcome": 20},
    "quarantine": {"id": 24, "feed": 2000},
    "reviews": {"verdict": 12, "ruleset": 80, "condition": 80, "evidence": 24, "stance": 10, "status": 10},
    "rule_versions": {"ruleset": 80, "digest": 64, "monitor": 40},
    "transitions": {
        "ruleset": 80,
        "condition": 80,
        "before": 10,
        "after": 10,
        "phase": 10,
        "rules_digest": 64,
        "previous_hash": 64,
        "hash": 64,
        "before_phase": 10,
        "cause": 20,
    },
    "evidence": {
        "id": 24,
        "item": 24,
        "version": 16,
        "ruleset": 80,
        "condition": 80,
        "signal": 80,
        "stance": 10,
        "asserted_by": 10,
        "rules_digest": 64,
        "story": 24,
    },
    "versions": {"item": 24, "version": 16, "read_with": 64},
}

# As PostgreSQL's own for English, but that it drops no word: "some to return" is not "return", nor is it in SQLite.
_SEARCH = (
    "CREATE TEXT SEARCH DICTIONARY condition_monitor_stem (TEMPLATE = snowball, Language = english)",
    "CREATE TEXT SEARCH CONFIGURATION condition_monitor (COPY = english)",
    "ALTER TEXT SEARCH CONFIGURATION condition_monitor ALTER MAPPING FOR asciiword, asciihword, hword_asciipart, word, "
    "hword, hword_part WITH condition_monitor_stem",
    "UPDATE evidence_words SET body = to_tsvector('condition_monitor', versions.title || ' ' || versions.text) "
    "FROM evidence JOIN versions ON versions.item = evidence.item AND versions.version = evidence.version "
    "WHERE evidence.id = evidence_words.id",
)


def upgrade() -> None:
    op.create_table(
        "unassessed",
        sa.Column("number", _MANY, primary_key=True),
        sa.Column("item", _name(24), sa.ForeignKey("items.id"), nullable=False),
        sa.Column("version", _name(16), nullable=False),
        sa.Column("poll", _name(24), nullable=False),
        sa.Column("announced", sa.Boolean, nullable=False),
        sa.Column("read_with", _name(64), nullable=False),
        sa.Column("findings", sa.Text, nullable=False),
        sa.Column("archive", _name(80), nullable=False),
    )
    op.create_index("ix_unassessed_item", "unassessed", ["item"])
    op.create_index("ix_unassessed_archive_number", "unassessed", ["archive", "number"])
    op.create_table(
        "backfilled",
        sa.Column("portion", _name(64), primary_key=True),
        sa.Column("archive", _name(80), nullable=False),
        sa.Column("records", _MANY, nullable=False),
        sa.Column("done", UtcDateTime, nullable=False),
    )
    # SQLite's integers have 64 bits as they are.
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("counts", "number", type_=sa.BigInteger)
        for table in ("gaps", "polls"):
            op.alter_column(table, "id", type_=sa.BigInteger)
            op.execute(f"ALTER SEQUENCE {table}_id_seq AS bigint")
        # In one order on every server, whatever its language.
        for table, columns in _NAMES.items():
            changes = (f'ALTER "{name}" TYPE varchar({length}) COLLATE "C"' for name, length in columns.items())
            op.execute(f"ALTER TABLE {table} {', '.join(changes)}")
        for statement in _SEARCH:
            op.execute(statement)
        op.execute('ALTER TABLE evidence_words ALTER id TYPE varchar(24) COLLATE "C"')


def downgrade() -> None:
    op.drop_table("backfilled")
    op.drop_table("unassessed")
