"""Reports for a terminal. Feed text is untrusted: it is shown as text, never as markup or escape sequences."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Sequence

from rich import box
from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from monitor.model import Cause, Evidence, Phase, Status, Transition
from monitor.report.by_event import EventReports, by_event, one_an_item
from monitor.report.overview import Account, Overview, Row, RulesetView
from monitor.report.wording import (
    COLOURS,
    SIGNS,
    STANCE_COLOURS,
    account_lines,
    against_text,
    capfirst,
    coverage_note,
    coverage_text,
    dated,
    dated_overview,
    day,
    deadline_text,
    event_text,
    fragile,
    minute,
    name_of,
    outlook_text,
    phase_name,
    silence,
    status_name,
    tally_text,
    trouble,
    undated_text,
    verdict_lines,
    words,
)
from monitor.rules.ruleset import Condition, Consequence

_FIGURE = re.compile(r"[\d,.]+|·|")


def show_overview(console: Console, overview: Overview) -> None:
    """The status report: a table for each ruleset, the verdict, and the account of how well we looked."""
    for view in overview.rulesets:
        console.print()
        console.print(Text(view.ruleset.title, style="bold"))
        console.print(Text(dated_overview(overview), style="bright_black"))
        console.print(_table(view, overview.account))
        console.print(_verdict(view))
    console.print(account_text(overview.account))


def _table(view: RulesetView, account: Account) -> Table:
    table = Table(box=box.SIMPLE_HEAD, expand=True, pad_edge=False, show_edge=False, leading=1)
    table.add_column("Condition", ratio=5)
    table.add_column("Status", no_wrap=True)
    table.add_column("Since", no_wrap=True)
    table.add_column("On what evidence", ratio=7)
    required_first = sorted(view.rows, key=lambda row: row.id not in view.rollup.required)
    for row in (*required_first, view.consequence):
        _add_row(table, row, account)
    return table


def _add_row(table: Table, row: Row, account: Account) -> None:
    name = Text(row.id, style="bold")
    kind = "the consequence" if isinstance(row.part, Consequence) else row.part.kind
    name.append(f"\n{row.part.title}", style="not bold")
    if kind != "requirement":
        name.append(f" ({kind})", style="not bold bright_black")
    table.add_row(name, status_text(row), day(row.standing.holds_from), _basis(row, account))


def status_text(row: Row) -> Text:
    status = row.standing.status
    text = Text(f"{SIGNS[status]} {status_name(row.part, status)}", style=f"bold {COLOURS[status]}")
    style = "not bold italic" if row.standing.phase is Phase.PENDING else "not bold"
    text.append(f"\n{phase_name(row)}".rstrip(), style=style)
    return text


def _basis(row: Row, account: Account) -> Text:
    text = Text()
    if not row.support:
        text.append(f"{row.standing.reason if row.standing.phase is Phase.BY_HAND else silence(row, account)}\n",
                    style="bright_black")  # fmt: skip
    # An item that several signals find is shown once.
    shown = one_an_item(row.support)
    for piece in shown[:2]:
        text.append(f"{dated(piece)} ", style="bright_black")
        text.append(f"{piece.publisher or 'unnamed'}: ", style="bold")
        text.append(f"{piece.title}\n")
    if row.standing.status is Status.CONTESTED and row.support:
        text.append(f"{row.standing.reason}\n")
    notes = _notes(row, len(shown))
    if notes:
        text.append(f"{notes}\n", style="bright_black")
    for warning in (undated_text(row), trouble(row), deadline_text(row)):
        if warning:
            text.append(f"{warning}\n", style="yellow")
    text.append(f"→ {outlook_text(row)}", style="italic bright_black")
    return text


def _notes(row: Row, shown: int) -> str:
    notes = []
    if shown > 1:
        notes.append(tally_text(row.tally))
    notes += [note for note in (fragile(row), words(row)) if note]
    if row.against:
        notes.append(against_text(row))
    if row.support:
        notes.append(coverage_note(row.coverage))
    return " · ".join(notes)


def _verdict(view: RulesetView) -> Panel:
    colour = {True: "green", False: "red", None: "yellow"}[view.rollup.due]
    first, *others = verdict_lines(view)
    line = Text(first, style=f"bold {colour}")
    for other in others:
        line.append(f"\n{other}", style="not bold default")
    return Panel(
        line, box=box.ROUNDED, border_style="bright_black", title=view.ruleset.consequence.title, title_align="left"
    )


def account_text(account: Account) -> Text:
    """The account: nothing unread, nothing failing unseen."""
    first, *troubles = account_lines(account)
    line = Text("Account  ", style="bold")
    line.append(first, style="not bold bright_black")
    for said in troubles:
        line.append(f"\n  {said}", style=f"not bold {'red' if said.startswith('failing') else 'yellow'}")
    return line


def _show_events(console: Console, shown: Iterable[EventReports]) -> None:
    for one in shown:
        if one.tally.reports > 1:
            console.print(Text(event_text(one.tally), style="bold"))
        for piece in one.reports:
            console.print(evidence_panel(piece))
            if one.tally.reports > 1:
                console.print(Text(f"  in this event: {one.why(piece)}", style="bright_black"))


def show_condition(console: Console, row: Row, account: Account) -> None:
    """One condition with all the evidence of its status, word for word."""
    console.print(Text.assemble((row.id, "bold"), f"  {row.part.title}"))
    status = Text(" ").join(status_text(row).split("\n"))
    console.print(
        status.append(f" since {day(row.standing.holds_from)}; {row.standing.reason}", style="not bold default")
    )
    if not row.support and row.standing.phase is not Phase.BY_HAND:
        console.print(Text(silence(row, account), style="bright_black"))
    for told in (row.support, row.against, row.undated):
        _show_events(console, by_event(told, row.event_of))
    counted = words(row)
    if counted:
        console.print(Text(f"Words: {counted}. Words move nothing.", style="bright_black"))
    for note in (fragile(row), coverage_text(row.coverage)):
        if note:
            console.print(Text(f"{capfirst(note)}.", style="bright_black"))
    for warning in (undated_text(row), trouble(row), deadline_text(row)):
        if warning:
            console.print(Text(f"{capfirst(warning)}.", style="yellow"))
    console.print(Text(f"→ {outlook_text(row)}", style="italic"))
    if isinstance(row.part, Condition) and row.part.statement:
        console.print(Text(f"Rests on the statement {row.part.statement}.", style="bright_black"))
    if isinstance(row.part, Consequence) and row.part.granted_by:
        console.print(Text(f"Granted by: {row.part.granted_by}.", style="bright_black"))


def evidence_panel(piece: Evidence) -> Panel:
    title = Text.assemble(
        (piece.stance.value, STANCE_COLOURS[piece.stance]), f" · {piece.publisher or 'unnamed'} · {dated(piece)}"
    )
    note = (
        f"signal {piece.signal} · asserted by {piece.asserted_by.value} · source grade {piece.grade} · "
        f"version {piece.version} · evidence {piece.id}"
    )
    if piece.reviewer:
        note += f" · reviewed by {piece.reviewer}"
    lines: list[RenderableType] = [Text(f"“{piece.quote}”"), Text(note, style="bright_black")]
    if piece.link:
        lines.append(Text(piece.link, style="bright_black underline"))
    return Panel(Group(*lines), title=title, title_align="left", box=box.ROUNDED, border_style="bright_black")


def show_log(console: Console, entries: Iterable[Transition], consequences: Container[str]) -> int:
    """The status log as a table, ``consequences`` in their own words; returns how many entries it has."""
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, show_edge=False)
    table.add_column("#", style="bright_black", no_wrap=True, justify="right")
    table.add_column("Holds from, recorded", no_wrap=True)
    table.add_column("Condition", style="bold", no_wrap=True)
    table.add_column("Change, and why", ratio=1)
    shown = 0
    for entry in entries:
        shown += 1
        when = Text.assemble(day(entry.holds_from), (f"\n{minute(entry.recorded)}", "bright_black"))
        change = transition_text(entry, consequences)
        if entry.holds_until is not None:
            change.append(f" until {day(entry.holds_until)}", style="not bold bright_black")
        cause = f"{entry.cause.value}: " if entry.cause not in (None, Cause.NEWS) else ""
        change.append(f"\n{cause}{entry.reason}", style="not bold bright_black")
        table.add_row(str(entry.seq), when, Text(entry.condition), change)
    if shown:
        console.print(table)
    return shown


def transition_text(entry: Transition, consequences: Container[str]) -> Text:
    """ "breached → ✔ met (pending)"; a status that only its phase changes is named once."""
    of_a_consequence = entry.condition in consequences
    before, after = (name_of(status, of_a_consequence) for status in (entry.before, entry.after))
    shown = (f"{SIGNS[entry.after]} {after}", f"bold {COLOURS[entry.after]}")
    if entry.before is entry.after:
        same = entry.before_phase is entry.phase
        return Text.assemble(shown, f", {'still' if same else 'now'} {entry.phase.value}")
    phase = "" if entry.phase is Phase.CONFIRMED else f" ({entry.phase.value})"
    return Text.assemble((before, COLOURS[entry.before]), " → ", shown, phase)


def simple_table(columns: Sequence[str], rows: Iterable[Sequence[str | Text]]) -> Table:
    """A plain table of text, figures to the right; nothing in it is read as markup."""
    rows = list(rows)
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, show_edge=False)
    for place, column in enumerate(columns):
        figures = all(_FIGURE.fullmatch(str(row[place])) for row in rows)
        table.add_column(
            column,
            overflow="fold",
            justify="right" if figures else "left",
            no_wrap=figures or column in ("", "Grade", "Every", "Items", "Newest"),
        )
    for row in rows:
        table.add_row(*(cell if isinstance(cell, Text) else Text(cell) for cell in row))
    return table
