"""The words of evidence, in the full-text index that each database has of its own: FTS5, or word vectors with GIN."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sqlalchemy import Connection, Select, String, column, func, select, table, text

# A virtual table of SQLite, an ordinary one of PostgreSQL; both with these columns.
_WORDS = table("evidence_words", column("id", String), column("body"))
_ADD = {
    "sqlite": text("INSERT INTO evidence_words (id, body) VALUES (:id, :body)"),
    "postgresql": text("INSERT INTO evidence_words (id, body) VALUES (:id, to_tsvector('condition_monitor', :body))"),
}
_TERM = re.compile(r'"([^"]+)"|(\S+)')


def index_words(connection: Connection, texts: Sequence[tuple[str, str]]) -> None:
    """Make texts findable: each the id of a piece of evidence, and what stands in its item."""
    if texts:
        connection.execute(_ADD[connection.dialect.name], [{"id": key, "body": said} for key, said in texts])


def ids_with(connection: Connection, words: str) -> Select[tuple[str]]:
    """The ids of evidence in whose text these words stand, as a query: all of them, in any inflection; words in double
    quotes next to each other."""
    if connection.dialect.name == "postgresql":
        return select(_WORDS.c.id).where(_WORDS.c.body.op("@@")(func.websearch_to_tsquery("condition_monitor", words)))
    # Every term is quoted, so that nothing that a person writes is taken for the syntax of FTS5.
    terms = [(phrase or word).replace('"', " ").strip() for phrase, word in _TERM.findall(words)]
    asked = " ".join(f'"{term}"' for term in terms if term) or '""'
    return select(_WORDS.c.id).where(text("evidence_words MATCH :asked").bindparams(asked=asked))
