"""Evidence and transitions as CSV (RFC 4180), which a spreadsheet opens and no feed can put a formula into."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum

from monitor.model import Transition
from monitor.report.overview import Overview

# What a spreadsheet takes for a formula, or for what comes before one.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Table(StrEnum):
    """What a CSV file lists."""

    EVIDENCE = "evidence"
    TRANSITIONS = "transitions"


def evidence_table(overview: Overview) -> str:
    """All evidence up to the overview's day, in the order of time."""
    rows = [
        (
            piece.id,
            piece.at,
            piece.date_mark.value,
            piece.ruleset,
            piece.condition,
            piece.stance.value,
            "yes" if piece.id in row.standing.evidence else "no",
            piece.publisher,
            piece.grade,
            piece.asserted_by.value,
            piece.title,
            piece.quote,
            piece.link,
            piece.signal,
            piece.story,
            row.event_of[piece.id].id,
            piece.reviewer,
            piece.recorded,
        )
        for view in overview.rulesets
        for row in (*view.rows, view.consequence)
        for piece in row.told
    ]
    columns = (
        "evidence", "at", "date_mark", "ruleset", "condition", "stance", "status_rests_on_it", "publisher", "grade",
        "asserted_by", "title", "quote", "link", "signal", "story", "event", "reviewer", "recorded",
    )  # fmt: skip
    return _written(columns, rows)


def transition_table(entries: Iterable[Transition]) -> str:
    """Entries of the log, in its order."""
    columns = (
        "seq", "ruleset", "condition", "before", "before_phase", "after", "phase", "holds_from", "holds_until",
        "recorded", "cause", "reason", "evidence", "rules_digest", "hash",
    )  # fmt: skip
    rows = [
        (
            entry.seq,
            entry.ruleset,
            entry.condition,
            entry.before.value,
            entry.before_phase.value if entry.before_phase else "",
            entry.after.value,
            entry.phase.value,
            entry.holds_from,
            entry.holds_until,
            entry.recorded,
            entry.cause.value if entry.cause else "",
            entry.reason,
            " ".join(entry.evidence),
            entry.rules_digest,
            entry.hash,
        )
        for entry in entries
    ]
    return _written(columns, rows)


def _written(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return out.getvalue()


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat()
    text = "".join(char if char.isprintable() else " " for char in str(value))
    # A leading apostrophe is what spreadsheets themselves take for "this is text".
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text
