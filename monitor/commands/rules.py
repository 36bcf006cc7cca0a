"""``rules check`` and ``rules schema``: what rules must look like, and whether they do."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import BaseModel
from rich.text import Text

from monitor.commands.context import Context, Exit, Format, print_json, print_problems
from monitor.match.examples import check_examples
from monitor.problem import Problem
from monitor.proof.format import TestFile
from monitor.report.wording import count
from monitor.rules.check import check_rule_book, check_source_text
from monitor.rules.ruleset import Ruleset, Source
from monitor.rules.schema import json_schema


def check(context: Context, paths: list[Path], source_text: Path | None, strict: bool, output: Format) -> int:
    book = context.rule_book(paths)
    problems = check_rule_book(book)
    broken = {problem.file for problem in problems if problem.level == "error"}
    for file in book.rules:
        # Examples can only be read by rules that hold together.
        if file.document.file not in broken:
            problems.extend(check_examples(file))
    if source_text is not None:
        problems.extend(check_source_text(book, source_text))
    problems.sort()
    errors = [problem for problem in problems if problem.level == "error"]
    if output is Format.JSON:
        print_json([_record(problem) for problem in problems])
    else:
        print_problems(context.console, problems)
        signals = [signal for ruleset in book.rulesets for _, signal in ruleset.signals()]
        examples = sum(len(signal.examples) for signal in signals)
        sign, colour = ("✘", "red") if errors else ("✔", "green")
        summary = (
            f"{count(len(book.rules), 'ruleset')}, {count(len(signals), 'signal')}, {count(examples, 'example')}, "
            f"{count(len(book.sources), 'source')}: "
            f"{count(len(errors), 'error')}, {count(len(problems) - len(errors), 'warning')}"
        )
        context.console.print(Text.assemble((f"{sign} ", colour), summary))
    if errors:
        return Exit.WRONG
    return Exit.FOUND if problems and strict else Exit.DONE


def schema(of: Literal["ruleset", "source", "tests"]) -> int:
    """Print the JSON Schema of a format."""
    models: dict[str, tuple[type[BaseModel], str]] = {
        "ruleset": (Ruleset, "A ruleset of the condition monitor"),
        "source": (Source, "A source of the condition monitor"),
        "tests": (TestFile, "Tests of a ruleset of the condition monitor"),
    }
    print_json(json_schema(*models[of]))
    return Exit.DONE


def _record(problem: Problem) -> dict[str, object]:
    return {name: getattr(problem, name) for name in ("file", "line", "column", "level", "message")}
