"""The report as plain text for a mail: short lines, no markup, nothing that a terminal or mail program acts upon."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from monitor.model import Evidence, Phase, Transition
from monitor.report.by_event import one_an_item
from monitor.report.dossier import Dossier
from monitor.report.link import web_link
from monitor.report.overview import Overview, Row
from monitor.report.page import changes_heading, rows
from monitor.report.wording import (
    SIGNS,
    account_lines,
    capfirst,
    dated,
    dated_overview,
    day,
    deadline_text,
    fragile,
    name_of,
    outlook_text,
    phase_name,
    silence,
    status_name,
    support_text,
    trouble,
    undated_text,
    verdict_lines,
    words,
)

_WIDTH = 76
# How much of what a status rests on is quoted.
_MOST = 3


def mail_text(dossier: Dossier) -> str:
    """The whole report in lines of at most 76 characters, but for addresses."""
    return "\n".join(_lines(dossier)) + "\n"


def _lines(dossier: Dossier) -> Iterator[str]:
    overview = dossier.overview
    for view in overview.rulesets:
        yield from _wrapped(view.ruleset.title.upper())
        yield from _wrapped(capfirst(dated_overview(overview)))
        yield ""
        for line in verdict_lines(view):
            yield from _wrapped(line)
        yield ""
        for row in rows(view):
            yield from _row(row, overview)
    yield from _heading(changes_heading(dossier))
    for entry in dossier.changes:
        yield from _change(entry, dossier)
    if not dossier.changes:
        yield "No status has changed."
    yield ""
    yield from _heading("How well we looked")
    for line in account_lines(overview.account):
        yield from _wrapped(capfirst(line), "- ")
    yield ""
    yield f"Log: entry {dossier.head[0]}, {dossier.head[1][:16]}"


def _heading(text: str) -> Iterator[str]:
    yield text
    yield "-" * len(text)


def _row(row: Row, overview: Overview) -> Iterator[str]:
    status = row.standing.status
    phase = f", {phase_name(row)}" if phase_name(row) else ""
    since = f" since {day(row.standing.holds_from)}" if row.standing.holds_from else ""
    yield from _wrapped(f"{SIGNS[status]} {row.part.title}: {status_name(row.part, status).upper()}{phase}{since}")
    notes = [
        support_text(row),
        fragile(row),
        words(row),
        undated_text(row),
        trouble(row),
        deadline_text(row),
        outlook_text(row),
    ]
    if not row.support and row.standing.phase is not Phase.BY_HAND:
        notes.insert(0, silence(row, overview.account))
    for piece in one_an_item(row.support)[:_MOST]:
        yield from _piece(piece)
    for note in filter(None, notes):
        yield from _wrapped(note, "  - ")
    yield ""


def _piece(piece: Evidence) -> Iterator[str]:
    yield from _wrapped(f"“{piece.quote}”", "  > ")
    yield from _wrapped(f"{piece.publisher or 'unnamed'}, {dated(piece)}, grade {piece.grade}", "    ")
    if web_link(piece.link):
        yield f"    {piece.link}"


def _change(entry: Transition, dossier: Dossier) -> Iterator[str]:
    own = entry.condition in dossier.consequences
    change = f"{name_of(entry.before, own)} -> {name_of(entry.after, own)} ({entry.phase.value})"
    yield from _wrapped(f"{day(entry.holds_from)}  {entry.condition}: {change}; {entry.reason}", "* ")


def _wrapped(text: str, indent: str = "") -> Iterator[str]:
    lines = textwrap.wrap(_plain(text), _WIDTH - len(indent), break_long_words=False, break_on_hyphens=False)
    for number, line in enumerate(lines):
        yield (indent if number == 0 else " " * len(indent)) + line


def _plain(text: str) -> str:
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())
