"""``rules backtest``: what other rules would have made of the items already stored, before they go live."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.text import Text

from monitor.assess.compare import Difference
from monitor.assess.timeline import Standing
from monitor.clock import utc_now
from monitor.commands.context import Context, Exit, Format, print_json, progress_bar
from monitor.commands.git_rules import rules_at
from monitor.commands.moment import parse_option
from monitor.model import Evidence, Phase
from monitor.pipeline.backtest import Backtest, backtest
from monitor.problem import Problem, Unusable
from monitor.report.records import evidence_record
from monitor.report.terminal import simple_table
from monitor.report.wording import COLOURS, SIGNS, count, dated, day
from monitor.store.items import count_items
from monitor.store.rule_versions import rules_in_force

_SHOWN = 8


def run_backtest(context: Context, paths: list[Path], against: str | None, revision: str | None, output: Format) -> int:
    """Compare the rules in ``paths`` (or the folder) with those in force, now or on a day, or with those of a commit.

    Exit code 1 if they differ.
    """
    day_of = parse_option(against, "--against")
    config, rules = context.config(), context.rules(paths)
    progress = progress_bar(context.console, quiet=output is Format.JSON)
    with context.reading(config) as connection:
        before = list(rules_at(config, revision)) if revision else rules_in_force(connection, day_of)
        if not before:
            when = f" on {against}" if against else ""
            message = f"no rules were in force{when}: `monitor run` applies rules for the first time"
            raise Unusable([Problem(str(config.file), 0, 0, message)])
        with progress:
            task = progress.add_task("reading stored items", last="", total=count_items(connection, rules.digest).items)
            found = backtest(
                connection,
                before,
                rules.rulesets,
                utc_now(),
                lambda done: progress.update(task, completed=done),
                rules.publishers,
            )
    if output is Format.JSON:
        print_json(_record(found))
    else:
        _show(context, found)
    return Exit.FOUND if found.comparisons else Exit.DONE


def _record(found: Backtest) -> dict[str, Any]:
    return {
        "items": found.items,
        "conditions": [
            {
                "ruleset": comparison.ruleset,
                "condition": comparison.condition,
                "days": [_difference_record(difference) for difference in comparison.days],
                "gained": [evidence_record(piece) for piece in comparison.gained],
                "lost": [evidence_record(piece) for piece in comparison.lost],
            }
            for comparison in found.comparisons
        ],
    }


def _difference_record(difference: Difference) -> dict[str, Any]:
    return {
        "from": difference.start.isoformat(),
        "until": difference.end.isoformat() if difference.end else None,
        "before": {"status": difference.before.status.value, "phase": difference.before.phase.value},
        "after": {"status": difference.after.status.value, "phase": difference.after.phase.value},
    }


def _show(context: Context, found: Backtest) -> None:
    console = context.console
    for comparison in found.comparisons:
        console.print(Text.assemble("\n", (comparison.condition, "bold"), (f"  {comparison.ruleset}", "bright_black")))
        if comparison.days:
            rows = [
                (f"{day(d.start)} – {day(d.end) if d.end else 'now'}", _status(d.before), _status(d.after))
                for d in comparison.days[:_SHOWN]
            ]
            console.print(simple_table(("Days", "Before", "With these rules"), rows))
            _say_more(context, len(comparison.days), "stretch of days", "stretches of days")
        else:
            console.print(Text("  every status stays as it is", style="bright_black"))
        _show_evidence(context, "+", "green", comparison.gained)
        _show_evidence(context, "-", "red", comparison.lost)
    changed = [comparison for comparison in found.comparisons if comparison.days]
    gained, lost = (sum(len(getattr(c, side)) for c in found.comparisons) for side in ("gained", "lost"))
    console.print(
        Text(
            f"\n{count(found.items, 'item')} read under both: {count(len(changed), 'condition')} with other statuses, "
            f"{count(gained, 'piece')} of evidence gained, {lost:,} lost. Nothing was stored.",
            style="bold",
        )
    )


def _status(standing: Standing) -> Text:
    text = Text(f"{SIGNS[standing.status]} {standing.status.value}", style=COLOURS[standing.status])
    return text if standing.phase is Phase.CONFIRMED else text.append(f" ({standing.phase.value})")


def _show_evidence(context: Context, sign: str, colour: str, pieces: Sequence[Evidence]) -> None:
    for piece in pieces[:_SHOWN]:
        context.console.print(
            Text.assemble(
                (f"  {sign} ", colour),
                (f"{dated(piece)}  ", "bright_black"),
                (f"{piece.stance.value}", "bold"),
                f" by {piece.signal}: {piece.publisher}: {piece.title}",
            )
        )
    _say_more(context, len(pieces), "piece of evidence", "pieces of evidence")


def _say_more(context: Context, total: int, noun: str, plural: str) -> None:
    if total > _SHOWN:
        context.console.print(Text(f"  and {count(total - _SHOWN, f'more {noun}', f'more {plural}')}",
                                   style="bright_black"))  # fmt: skip
