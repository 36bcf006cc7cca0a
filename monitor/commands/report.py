"""``status`` and ``report``: where things stand."""

from __future__ import annotations

import sys
from datetime import time
from typing import Literal

from monitor.clock import utc_now
from monitor.commands.context import Context, Exit, Format, print_json
from monitor.commands.moment import parse_option
from monitor.problem import Problem, Unusable, did_you_mean
from monitor.report.markdown import markdown
from monitor.report.overview import Overview, read_overview
from monitor.report.records import account_record, overview_record, row_record
from monitor.report.terminal import account_text, show_condition, show_overview
from monitor.rules.ruleset import Ruleset
from monitor.store.rule_versions import rules_in_force

_END_OF_DAY = time(23, 59, 59)


def report(context: Context, as_of: str | None, known_at: str | None, output: Literal["md", "json"]) -> int:
    """The whole report, with the evidence word for word, for a reader who has no terminal."""
    overview = _overview(context, as_of, known_at)
    if output == "json":
        print_json(overview_record(overview))
    else:
        sys.stdout.write(markdown(overview))
    return Exit.DONE


def _overview(context: Context, as_of: str | None, known_at: str | None) -> Overview:
    moment = parse_option(as_of, "--as-of", _END_OF_DAY)
    known = parse_option(known_at, "--known-at", _END_OF_DAY)
    config = context.config()
    rulesets, broken = _in_folder(context)
    with context.reading(config) as connection:
        if broken is not None and not rules_in_force(connection):
            raise broken
        return read_overview(connection, rulesets, config, utc_now(), moment, known)


def _in_folder(context: Context) -> tuple[tuple[Ruleset, ...] | None, Unusable | None]:
    """The rules in the folder, or why they cannot be used: those in force can be reported on all the same."""
    try:
        return context.usable_rule_book().rulesets, None
    except Unusable as error:
        return None, error


def status(context: Context, condition: str | None, as_of: str | None, known_at: str | None, output: Format) -> int:
    overview = _overview(context, as_of, known_at)
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
