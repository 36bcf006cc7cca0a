"""The tables. Every time is stored in UTC; see ``migrations`` for how a database comes to have them."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
)
from sqlalchemy.types import TypeEngine


class UtcDateTime(TypeDecorator[datetime]):
    """Aware datetimes in UTC on every engine; SQLite itself keeps no time zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a time zone cannot be stored")
        return value.astimezone(UTC).replace(tzinfo=None) if dialect.name == "sqlite" else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


# A hundred thousand feeds are polled two thousand million times within a year: that many rows need more than 32 bits.
_MANY = BigInteger().with_variant(Integer, "sqlite")


def _string(length: int) -> TypeEngine[str]:
    """A name or an identity. PostgreSQL orders it as SQLite does, by the numbers of its characters: a log that depended
    on the language of a server would not be the same from both, and an index by language breaks when a system changes
    its ways with a language."""
    return String(length, collation="C").with_variant(String(length), "sqlite")


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

feeds = Table(
    "feeds",
    metadata,
    Column("url", _string(2000), primary_key=True),
    Column("title", Text, nullable=False, default=""),
    Column("etag", Text, nullable=False, default=""),
    Column("last_modified", Text, nullable=False, default=""),
    Column("body_digest", _string(64), nullable=False, default=""),
    Column("read_at", UtcDateTime),
    Column("polled_at", UtcDateTime),
    Column("succeeded_at", UtcDateTime),
    Column("failing_since", UtcDateTime),
    Column("failures", Integer, nullable=False, default=0),
    Column("error", Text, nullable=False, default=""),
    Column("status", Integer),
    Column("warning", Text, nullable=False, default=""),
    Column("items_seen", Integer, nullable=False, default=0),
    Column("new_at", UtcDateTime),
    Column("period", Integer),
    Column("update_period", Integer),
    Column("interval", Integer),
    Column("next_at", UtcDateTime),
    Column("not_before", UtcDateTime),
    Column("moved_to", Text, nullable=False, default=""),
    Column("moved_days", Integer, nullable=False, default=0),
    Column("moved_at", UtcDateTime),
    Column("address", Text, nullable=False, default=""),
    Column("retired_at", UtcDateTime),
    Column("first_polled_at", UtcDateTime),
    Index(None, "polled_at"),
)

# The entries that each feed was last seen to carry, as the parser of feeds wrote them down, and when it was last noted
# of all of them that they are still served.
feed_entries = Table(
    "feed_entries",
    metadata,
    Column("url", _string(2000), primary_key=True),
    Column("entries", LargeBinary, nullable=False),
    Column("served_at", UtcDateTime, nullable=False),
)

# How many rows of a kind there are, so that nobody need count them: items, versions, and polls by their outcome.
counts = Table(
    "counts",
    metadata,
    Column("name", _string(20), primary_key=True),
    Column("number", _MANY, nullable=False),
)

# Hosts that asked to be left alone.
hosts = Table(
    "hosts",
    metadata,
    Column("host", _string(255), primary_key=True),
    Column("until", UtcDateTime, nullable=False),
    Column("strikes", Integer, nullable=False),
)

# Entries that look like a server's error page in a feed's clothes. Never read, never lost, released by a person.
quarantine = Table(
    "quarantine",
    metadata,
    Column("id", _string(24), primary_key=True),
    Column("feed", _string(2000), nullable=False),
    Column("why", Text, nullable=False),
    Column("seen", UtcDateTime, nullable=False),
    Column("released", UtcDateTime),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Index(None, "feed"),
)

gaps = Table(
    "gaps",
    metadata,
    Column("id", _MANY, primary_key=True),
    # Empty when no feed at all was polled: the monitor did not run.
    Column("url", _string(2000), nullable=False),
    Column("began", UtcDateTime, nullable=False),
    Column("ended", UtcDateTime, nullable=False),
    Index(None, "ended"),
)

polls = Table(
    "polls",
    metadata,
    Column("id", _MANY, primary_key=True),
    Column("url", _string(2000), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("outcome", _string(20), nullable=False),
    Column("received", Integer, nullable=False, default=0),
    Column("new", Integer, nullable=False, default=0),
    Column("edited", Integer, nullable=False, default=0),
    Index(None, "url", "at"),
)

items = Table(
    "items",
    metadata,
    Column("id", _string(24), primary_key=True),
    Column("feed", _string(2000), nullable=False),
    Column("publisher", Text, nullable=False),
    Column("grade", _string(1), nullable=False),
    Column("link", Text, nullable=False),
    Column("author", Text, nullable=False),
    # Locked at first sight: a date that a feed keeps changing moves nothing.
    Column("published", UtcDateTime, nullable=False),
    Column("date_mark", _string(10), nullable=False),
    Column("first_seen", UtcDateTime, nullable=False),
    # When its feed last carried it, to within a day: what is still served must not be forgotten and come back as new.
    Column("served_at", UtcDateTime),
    # What the entry says of where it comes from; `publisher` is what the settings or the feed's title say.
    Column("source_name", Text, nullable=False, default="", server_default=""),
    Column("source_url", Text, nullable=False, default="", server_default=""),
    # By what the entry was last recognised; short digests of what it is recognised by.
    Column("recognised_by", Text, nullable=False, default="", server_default=""),
    Column("guid_key", BigInteger),
    Column("link_key", BigInteger),
    Column("title_key", BigInteger),
    # Since when its publisher changes its words to and fro.
    Column("unstable_since", UtcDateTime),
    Index(None, "feed"),
    Index(None, "published"),
    Index(None, "guid_key"),
    Index(None, "link_key"),
    Index(None, "title_key"),
)

versions = Table(
    "versions",
    metadata,
    Column("item", _string(24), ForeignKey(items.c.id), primary_key=True),
    Column("version", _string(16), primary_key=True),
    Column("number", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("seen", UtcDateTime, nullable=False),
    Column("latest", Boolean, nullable=False),
    # The digest of the rules that last read this version; empty while it waits to be read.
    Column("read_with", _string(64), nullable=False, default=""),
    Index(None, "read_with"),
)

evidence = Table(
    "evidence",
    metadata,
    Column("id", _string(24), primary_key=True),
    Column("item", _string(24), ForeignKey(items.c.id), nullable=False),
    Column("version", _string(16), nullable=False),
    Column("ruleset", _string(80), nullable=False),
    Column("condition", _string(80), nullable=False),
    Column("signal", _string(80), nullable=False),
    Column("stance", _string(10), nullable=False),
    Column("asserted_by", _string(10), nullable=False),
    Column("speaker", Text, nullable=False),
    Column("quote", Text, nullable=False),
    Column("span_start", Integer, nullable=False),
    Column("span_end", Integer, nullable=False),
    Column("reasons", JSON, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("recorded", UtcDateTime, nullable=False),
    Column("withdrawn", UtcDateTime),
    Column("withdrawn_why", Text, nullable=False, default=""),
    Column("rules_digest", _string(64), nullable=False),
    # As they were told last; empty until then.
    Column("story", _string(24), nullable=False, default="", server_default=""),
    Column("origin", Text, nullable=False, default="", server_default=""),
    # Who published it and how it was dated, as that was known when this piece was recorded.
    Column("publisher", Text, nullable=False, default="", server_default=""),
    Column("organisation", _string(120), nullable=False, default="", server_default=""),
    Column("date_mark", _string(10), nullable=False, default="", server_default=""),
    Index(None, "ruleset", "condition", "at"),
    Index(None, "at"),
    Index(None, "item"),
)

# What workers have taken in and read, and what the one that leads has yet to bring to the log, in this order. All that
# one poll brought is assessed at one moment; without a digest of rules, an item has yet to be read. What belongs to an
# archive waits until all of that is in.
unassessed = Table(
    "unassessed",
    metadata,
    Column("number", _MANY, primary_key=True),
    Column("item", _string(24), ForeignKey(items.c.id), nullable=False),
    Column("version", _string(16), nullable=False),
    Column("poll", _string(24), nullable=False),
    Column("announced", Boolean, nullable=False),
    Column("read_with", _string(64), nullable=False),
    Column("findings", Text, nullable=False),
    Column("archive", _string(80), nullable=False),
    Index(None, "item"),
    Index(None, "archive", "number"),
)

# The portions of archives that were read and stored, named by what they are and by which rules they were read with.
backfilled = Table(
    "backfilled",
    metadata,
    Column("portion", _string(64), primary_key=True),
    Column("archive", _string(80), nullable=False),
    Column("records", _MANY, nullable=False),
    Column("done", UtcDateTime, nullable=False),
)

transitions = Table(
    "transitions",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("ruleset", _string(80), nullable=False),
    Column("condition", _string(80), nullable=False),
    Column("before", _string(10), nullable=False),
    Column("after", _string(10), nullable=False),
    Column("phase", _string(10), nullable=False),
    Column("holds_from", UtcDateTime, nullable=False),
    Column("recorded", UtcDateTime, nullable=False),
    Column("reason", Text, nullable=False),
    Column("evidence", JSON, nullable=False),
    Column("rules_digest", _string(64), nullable=False),
    Column("previous_hash", _string(64), nullable=False),
    Column("hash", _string(64), nullable=False),
    # Empty in entries of the first release.
    Column("before_phase", _string(10), nullable=False, default=""),
    Column("holds_until", UtcDateTime),
    Column("cause", _string(20), nullable=False, default=""),
    Index(None, "ruleset", "condition", "seq"),
)

# The entries of the log that people are to hear of, written with the entries themselves.
outbox = Table("outbox", metadata, Column("seq", Integer, primary_key=True, autoincrement=False))

# How far each target of notifications has been told.
deliveries = Table(
    "deliveries",
    metadata,
    Column("target", _string(80), primary_key=True),
    Column("sent_seq", Integer, nullable=False),
    # Set while a message is on its way: after a crash nobody can know whether it arrived.
    Column("trying_seq", Integer),
    Column("failures", Integer, nullable=False),
    Column("next_at", UtcDateTime),
    Column("error", Text, nullable=False),
    Column("sent_at", UtcDateTime),
)

# When time alone will next change a status: until then nobody need look.
due = Table(
    "due",
    metadata,
    Column("ruleset", _string(80), primary_key=True),
    Column("condition", _string(80), primary_key=True),
    Column("at", UtcDateTime),
)

reviews = Table(
    "reviews",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("verdict", _string(12), nullable=False),
    Column("reviewer", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("recorded", UtcDateTime, nullable=False),
    Column("ruleset", _string(80), nullable=False),
    Column("condition", _string(80), nullable=False),
    Column("evidence", _string(24), nullable=False),
    Column("stance", _string(10), nullable=False),
    Column("status", _string(10), nullable=False),
    Column("expires", UtcDateTime),
    Column("undoes", Integer),
    # The report that this one is one event with, or is told apart from; the date that a person gave an undated report.
    Column("other", _string(24), nullable=False, default="", server_default=""),
    Column("dated", UtcDateTime),
    Index(None, "ruleset", "condition"),
)

# Every version of every ruleset that was ever applied, from when on. Without content: the ruleset was taken away.
rule_versions = Table(
    "rule_versions",
    metadata,
    Column("recorded", UtcDateTime, primary_key=True),
    Column("ruleset", _string(80), primary_key=True),
    Column("digest", _string(64), nullable=False),
    Column("monitor", _string(40), nullable=False),
    Column("content", JSON(none_as_null=True)),
)

# One row: the latest moment at which anything was recorded, and the digest of all rules in force then. Moments only
# ever increase, whatever the clock does.
clock = Table(
    "clock",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("last", UtcDateTime, nullable=False),
    Column("reading", _string(64), nullable=False, default="", server_default=""),
    # The digest of the publishers by which items were last attributed.
    Column("publishers", _string(64), nullable=False, default="", server_default=""),
)
