"""Which rules were in force when: every version that was ever applied is kept, word for word."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import Connection, func, insert, select

from monitor.assess.replay import RuleVersion
from monitor.rules.reading import reading_version
from monitor.rules.ruleset import Ruleset
from monitor.store.tables import rule_versions


def marks_in_force(connection: Connection) -> dict[str, tuple[str, str]]:
    """Digest of each ruleset in force now, and the version that read with it (see :func:`reading_version`).

    Enough to see whether what is stored has to be read again.
    """
    columns = (rule_versions.c.ruleset, rule_versions.c.digest, rule_versions.c.monitor)
    latest = {row.ruleset: row for row in connection.execute(select(*columns).order_by(rule_versions.c.recorded))}
    return {name: (row.digest, row.monitor) for name, row in latest.items() if row.digest}


def are_in_force(connection: Connection, rulesets: Iterable[Ruleset]) -> bool:
    """Whether exactly these rulesets, as this version of the monitor reads them, are in force."""
    reader = reading_version()
    return marks_in_force(connection) == {r.ruleset: (r.digest, reader) for r in rulesets}


def first_in_force(connection: Connection) -> datetime | None:
    """When the monitor first had rules."""
    first: datetime | None = connection.scalar(select(func.min(rule_versions.c.recorded)))
    return first


def rules_in_force(
    connection: Connection, known_at: datetime | None = None, only: Collection[str] | None = None
) -> list[Ruleset]:
    """The rulesets in force at ``known_at`` (now, if not given), by name; ``only`` those of these names, if given."""
    query = select(rule_versions.c.ruleset, func.max(rule_versions.c.recorded).label("recorded"))
    if only is not None:
        query = query.where(rule_versions.c.ruleset.in_(only))
    if known_at is not None:
        query = query.where(rule_versions.c.recorded <= known_at)
    latest = query.group_by(rule_versions.c.ruleset).subquery()
    rows = connection.execute(
        select(rule_versions.c.content)
        .join(
            latest,
            (rule_versions.c.ruleset == latest.c.ruleset) & (rule_versions.c.recorded == latest.c.recorded),
        )
        .order_by(rule_versions.c.ruleset)
    )
    return [Ruleset.model_validate(row.content) for row in rows if row.content is not None]


def all_versions(connection: Connection) -> list[RuleVersion]:
    """Every version that was ever applied, in the order of time."""
    query = select(rule_versions).order_by(rule_versions.c.recorded, rule_versions.c.ruleset)
    return [
        RuleVersion(
            row.ruleset,
            row.monitor,
            row.recorded,
            Ruleset.model_validate(row.content) if row.content is not None else None,
        )
        for row in connection.execute(query)
    ]


def put_in_force(
    connection: Connection, rulesets: Iterable[Ruleset], removed: Iterable[str], monitor: str, moment: datetime
) -> None:
    """Note that these rulesets are in force from ``moment`` on, and that the ``removed`` ones are not."""
    rows: list[dict[str, object]] = [
        {
            "recorded": moment,
            "ruleset": ruleset.ruleset,
            "digest": ruleset.digest,
            "monitor": monitor,
            "content": ruleset.model_dump(mode="json", by_alias=True),
        }
        for ruleset in rulesets
    ]
    rows += [
        {"recorded": moment, "ruleset": name, "digest": "", "monitor": monitor, "content": None} for name in removed
    ]
    if rows:
        connection.execute(insert(rule_versions), rows)
