"""``status``: where things stand."""

from __future__ import annotations

from monitor.commands.context import Context, Exit, Format, print_json
from monitor.commands.look import looking
from monitor.pipeline.logbook import knowledge_in_brief
from monitor.problem import Problem, Unusable, did_you_mean
from monitor.report.terminal import account_text, show_condition, show_overview


def status(context: Context, condition: str | None, as_of: str | None, known_at: str | None, output: Format) -> int:
    with looking(context, as_of, known_at, knowledge_in_brief) as look:
        overview = look.overview
    if condition is None and output is Format.TEXT:
        show_overview(context.console, overview)
        return Exit.DONE
    # Slow to load, as records tell of everything.
    from monitor.report.records import account_record, overview_record, row_record

    if condition is None:
        print_json(overview_record(overview))
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
