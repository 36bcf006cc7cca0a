"""The report as Markdown: for mail, a wiki or a note. Feed text is untrusted: nothing in it can become markup."""

from __future__ import annotations

import re
from collections.abc import Iterator

from monitor.model import Evidence, Phase
from monitor.report.by_event import by_event
from monitor.report.link import web_link
from monitor.report.overview import Overview, Row, RulesetView
from monitor.report.wording import (
    SIGNS,
    account_lines,
    capfirst,
    coverage_text,
    dated,
    dated_overview,
    day,
    deadline_text,
    event_text,
    fragile,
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

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#+!|~-])")


def markdown(overview: Overview) -> str:
    """The overview with all the evidence of each status, word for word."""
    return "\n".join(_lines(overview)) + "\n"


def _lines(overview: Overview) -> Iterator[str]:
    dated_as = dated_overview(overview)
    for view in overview.rulesets:
        yield f"# {plain(view.ruleset.title)}"
        yield ""
        yield f"{capfirst(dated_as)}. Rules {view.ruleset.digest[:12]}."
        yield ""
        for line in verdict_lines(view):
            yield f"> {plain(line)}"
        yield ""
        yield from _table(view)
        for row in (*view.rows, view.consequence):
            yield from _section(row, overview)
    yield "## Account"
    yield ""
    for line in account_lines(overview.account):
        yield f"- {plain(line)}"


def _table(view: RulesetView) -> Iterator[str]:
    yield "| Condition | Status | Since | Outlook |"
    yield "| --- | --- | --- | --- |"
    for row in (*view.rows, view.consequence):
        yield f"| {plain(row.id)} | {_status(row)} | {day(row.standing.holds_from)} | {plain(outlook_text(row))} |"
    yield ""


def _status(row: Row) -> str:
    status = row.standing.status
    return f"{SIGNS[status]} {status_name(row.part, status)} {phase_name(row)}".strip()


def _section(row: Row, overview: Overview) -> Iterator[str]:
    yield f"## {plain(row.part.title)}"
    yield ""
    yield f"**{_status(row)}** since {day(row.standing.holds_from)}: {plain(row.standing.reason)}."
    yield ""
    notes = [
        support_text(row),
        fragile(row),
        words(row),
        undated_text(row),
        coverage_text(row.coverage),
        trouble(row),
        deadline_text(row),
    ]
    if not row.support and row.standing.phase is not Phase.BY_HAND:
        notes.insert(0, silence(row, overview.account))
    for note in filter(None, notes):
        yield f"- {plain(note)}"
    yield ""
    for told in (row.support, row.against, row.undated):
        for one in by_event(told, row.event_of):
            if one.tally.reports > 1:
                yield f"**{event_text(one.tally)}**"
                yield ""
            for piece in one.reports:
                yield from _evidence(piece)


def _evidence(piece: Evidence) -> Iterator[str]:
    reviewed = f", reviewed by {plain(piece.reviewer)}" if piece.reviewer else ""
    link = f" <{piece.link}>" if web_link(piece.link) else ""
    yield f"> {plain(piece.quote)}"
    yield ">"
    yield (
        f"> — {plain(piece.publisher or 'unnamed')}, {dated(piece)} ({piece.stance.value}, grade {piece.grade}"
        f"{reviewed}){link}"
    )
    yield ""


def plain(text: str) -> str:
    """Text that Markdown shows as it is, on one line and without control characters."""
    line = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return _SPECIAL.sub(r"\\\1", line)
