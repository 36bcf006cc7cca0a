"""Evidence can be found by its words: a full-text index, each database's own."""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"

_TEXTS = (
    "SELECT evidence.id, {body} FROM evidence "
    "JOIN versions ON versions.item = evidence.item AND versions.version = evidence.version"
)


def upgrade() -> None:
    op.create_index("ix_evidence_at", "evidence", ["at"])
    if op.get_bind().dialect.name == "postgresql":
        op.execute("CREATE TABLE evidence_words (id VARCHAR(24) PRIMARY KEY, body TSVECTOR NOT NULL)")
        op.execute("CREATE INDEX ix_evidence_words_body ON evidence_words USING gin (body)")
        body = "to_tsvector('english', versions.title || ' ' || versions.text)"
    else:
        op.execute("CREATE VIRTUAL TABLE evidence_words USING fts5(id UNINDEXED, body, tokenize = 'porter unicode61')")
        body = "versions.title || ' ' || versions.text"
    op.execute(f"INSERT INTO evidence_words (id, body) {_TEXTS.format(body=body)}")


def downgrade() -> None:
    op.execute("DROP TABLE evidence_words")
    op.drop_index("ix_evidence_at", "evidence")
