"""``rules history``: which version of which rules was in force when, word for word."""

from __future__ import annotations

from typing import Any

from rich.text import Text

from monitor.assess.replay import RuleVersion
from monitor.commands.context import Context, Exit, Format, print_json
from monitor.problem import Problem, Unusable
from monitor.report.terminal import simple_table
from monitor.report.wording import minute
from monitor.store.rule_versions import all_versions


def rule_history(context: Context, show: str | None, output: Format) -> int:
    """List every version that was ever in force, or print the one whose digest begins with ``show`` as JSON."""
    with context.reading(context.config()) as connection:
        versions = all_versions(connection)
    if show is not None:
        found = {v.rules.digest: v.rules for v in versions if v.rules and v.rules.digest.startswith(show)}
        if len(found) != 1:
            what = "no version's digest begins" if not found else "several versions' digests begin"
            raise Unusable([Problem(show, 0, 0, f"{what} with this; `monitor rules history` lists them")])
        (rules,) = found.values()
        print_json(rules.model_dump(mode="json", by_alias=True, exclude={"include"}))
    elif output is Format.JSON:
        print_json([_record(version) for version in versions])
    elif not versions:
        context.console.print(Text("No rules have been in force yet.", style="bright_black"))
    else:
        rows = [
            (minute(v.recorded), v.ruleset, v.rules.digest[:12] if v.rules else "taken away", v.monitor)
            for v in versions
        ]
        context.console.print(simple_table(("In force from", "Ruleset", "Digest", "Read by monitor"), rows))
    return Exit.DONE


def _record(version: RuleVersion) -> dict[str, Any]:
    return {
        "ruleset": version.ruleset,
        "digest": version.rules.digest if version.rules else None,
        "monitor": version.monitor,
        "recorded": version.recorded.isoformat(),
    }
