"""Everything that a report is made of: the overview, what changed, and the marks by which it can be checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from monitor.model import Transition
from monitor.report.overview import Overview
from monitor.rules.ruleset import Condition, Consequence, Ruleset, Source, Statement
from monitor.store.transitions import changes_between, log_head

# What a reader is taken to have missed who does not say since when.
_A_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Dossier:
    """``changes`` are the log's entries since ``since`` that changed a status: those recorded since then or, in a look
    back, those that hold from then on. ``upheld`` counts the others. ``head`` is the log's last number and hash."""

    overview: Overview
    since: datetime
    changes: tuple[Transition, ...]
    upheld: int
    head: tuple[int, str]
    sources: Mapping[str, Source]

    def statement(self, ruleset: Ruleset, part: Condition | Consequence) -> tuple[Source, Statement] | None:
        """The passage that a condition rests on, if its source is at hand."""
        source = self.sources.get(ruleset.source or "")
        statement = source.statements.get(part.statement or "") if source else None
        return (source, statement) if source and statement else None

    @property
    def consequences(self) -> frozenset[str]:
        return frozenset(view.ruleset.consequence.id for view in self.overview.rulesets)


def read_dossier(
    connection: Connection, overview: Overview, sources: Mapping[str, Source], since: datetime | None = None
) -> Dossier:
    """The dossier of an overview; changes are told ``since`` then, or of the last week."""
    looks_back = overview.as_of < overview.now
    begins = since or overview.as_of - _A_WEEK
    entries = changes_between(connection, begins, overview.as_of, overview.known_at, by_first_clock=looks_back)
    changes = tuple(entry for entry in entries if entry.changes_status)
    return Dossier(overview, begins, changes, len(entries) - len(changes), log_head(connection), sources)
