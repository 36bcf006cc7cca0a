"""``status`` and ``log``: where things stand, and how they came to."""

from __future__ import annotations

from datetime import time

from rich.text import Text

from monitor.assess.log import first_break
from monitor.clock import utc_now
from monitor.commands.context import Context, Exit, Format, print_json
from monitor.commands.moment import parse_option
from monitor.problem import Problem, Unusable, did_you_mean
from monitor.report.overview import read_overview
from monitor.report.records import account_record, overview_record, row_record, transition_record
from monitor.report.terminal import account_text, show_condition, show_log, show_overview
from monitor.report.wording import count
from monitor.store.transitions import read_log

_END_OF_DAY = time(23, 59, 59)


def status(context: Context, condition: str | None, as_of: str | None, known_at: str | None, output: Format) -> int:
    moment = parse_option(as_of, "--as-of", _END_OF_DAY)
    known = parse_option(known_at, "--known-at", _END_OF_DAY)
    config, rules = context.config(), context.rules()
    with context.reading(config) as connection:
        overview = read_overview(connection, rules, config, utc_now(), moment, known)
    if condition is None:
        print_json(overview_record(overview)) if output is Format.JSON else show_overview(context.console, overview)
        return Exit.DONE
    rows = [row for view in overview.rulesets for row in (*view.rows, view.consequence)]
    chosen = [row for row in rows if row.id == condition]
    if not chosen:
        hint = did_you_mean(condition, [row.id for row in rows])
        raise Unusable([Problem(condition, 0, 0, f"is not a condition of these rules{hint}")])
    if output is Format.JSON:
        print_json({"conditions": [row_record(row) for row in chosen], "account": account_record(overview.account)})
        return Exit.DONE
    for row in chosen:
        show_condition(context.console, row, overview.account)
    context.console.print(account_text(overview.account))
    return Exit.DONE


def log(context: Context, since: str | None, output: Format) -> int:
    moment = parse_option(since, "--since")
    with context.reading(context.config()) as connection:
        entries = read_log(connection, moment)
    if output is Format.JSON:
        print_json([transition_record(entry) for entry in entries])
    elif not show_log(context.console, entries):
        context.console.print(Text("No status has changed yet.", style="bright_black"))
    return Exit.DONE


def verify_log(context: Context, output: Format) -> int:
    with context.reading(context.config()) as connection:
        entries = read_log(connection)
    broken = first_break(entries)
    head = entries[-1].hash if entries else ""
    if output is Format.JSON:
        seq, what = broken or (None, "")
        print_json({"entries": len(entries), "whole": broken is None, "broken_at": seq, "problem": what, "head": head})
    elif broken is None:
        context.console.print(
            Text.assemble(
                ("✔ ", "green"),
                f"{count(len(entries), 'entry', 'entries')}, the chain is whole; its head is {head[:16] or 'empty'}",
            )
        )
    else:
        context.console.print(Text.assemble(("✘ ", "red"), broken[1]))
    return Exit.DONE if broken is None else Exit.FOUND
