"""``rules test``: the examples in the rules and the tests beside them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich.text import Text

from monitor.commands.context import Context, Exit, Format, print_json, print_problems
from monitor.problem import Problem, Unusable
from monitor.proof.format import SUFFIX, read_tests
from monitor.proof.junit import junit_xml
from monitor.proof.run import Case, Difference, run_examples, run_tests, unreached
from monitor.report.wording import count
from monitor.rules.ruleset import Ruleset


def test_rules(context: Context, paths: list[Path], coverage: bool, junit: Path | None, output: Format) -> int:
    """Run everything; exit code 1 if a test does not hold, 2 if a test file is wrong."""
    rule_paths = [path for path in paths if not path.name.endswith(SUFFIX)]
    book = context.usable_rule_book(rule_paths)
    where = paths or sorted({Path(file.document.file).parent for file in book.rules})
    files, problems = read_tests(where, book.rulesets)
    cases = [case for file in book.rules for case in run_examples(file)] if rule_paths or not paths else []
    cases += [case for file in files for case in run_tests(file)]
    missed = {r.ruleset: unreached(r, cases) for r in book.rulesets} if coverage else {}
    if junit is not None:
        _write(junit, junit_xml(cases, problems))
    if output is Format.JSON:
        print_json(_record(cases, problems, missed))
    else:
        _show(context, cases, problems, missed, book.rulesets)
    if problems or not cases:
        return Exit.WRONG
    return Exit.DONE if all(case.holds for case in cases) else Exit.FOUND


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text, "utf-8")
    except OSError as error:
        raise Unusable([Problem(str(file), 0, 0, f"cannot be written: {error.strerror or error}")]) from error


def _record(
    cases: Sequence[Case], problems: Sequence[Problem], missed: dict[str, list[tuple[str, str]]]
) -> dict[str, object]:
    return {
        "tests": len(cases),
        "failed": [
            {
                "file": case.file,
                "line": case.line,
                "name": case.name,
                "differences": [
                    {"what": d.what, "expected": d.expected, "found": d.found, "why": list(d.why)}
                    for d in case.differences
                ],
            }
            for case in cases
            if not case.holds
        ],
        "problems": [
            {"file": p.file, "line": p.line, "column": p.column, "level": p.level, "message": p.message}
            for p in problems
        ],
        "unreached": {name: [f"{part}/{signal}" for part, signal in pairs] for name, pairs in missed.items()},
    }


def _show(
    context: Context,
    cases: Sequence[Case],
    problems: Sequence[Problem],
    missed: dict[str, list[tuple[str, str]]],
    rulesets: Sequence[Ruleset],
) -> None:
    console = context.console
    print_problems(console, problems)
    failed = [case for case in cases if not case.holds]
    for case in failed:
        place = Text.assemble(("✘ ", "red"), (f"{case.file}:{case.line}", "bold"), f"  {case.name}")
        console.print(place, soft_wrap=True)
        for difference in case.differences:
            _show_difference(context, difference)
    if not cases:
        console.print(Text("There is nothing to test: no example and no test file.", style="yellow"))
    for ruleset in rulesets:
        if ruleset.ruleset in missed:
            _show_coverage(context, ruleset, missed[ruleset.ruleset])
    sign, colour = ("✘", "red") if failed or problems or not cases else ("✔", "green")
    console.print(
        Text.assemble((f"{sign} ", colour), f"{count(len(cases), 'test')}: {len(cases) - len(failed):,} hold, "
                                            f"{len(failed):,} do not")
    )  # fmt: skip


def _show_difference(context: Context, difference: Difference) -> None:
    """Like a diff: what was expected, what was found, and the words that led there."""
    context.console.print(Text(f"    {difference.what}", style="bold"))
    context.console.print(Text(f"  - {difference.expected}", style="green"))
    context.console.print(Text(f"  + {difference.found}", style="red"))
    for step in difference.why:
        context.console.print(Text(f"      {step}", style="bright_black"), soft_wrap=True)


def _show_coverage(context: Context, ruleset: Ruleset, missed: Sequence[tuple[str, str]]) -> None:
    total = len(ruleset.signals())
    said = f"{ruleset.ruleset}: {total - len(missed):,} of {count(total, 'signal')} reached by a test or example"
    context.console.print(Text(said, style="yellow" if missed else "bright_black"))
    for condition, signal in missed:
        context.console.print(Text(f"    {condition}/{signal}", style="yellow"))
