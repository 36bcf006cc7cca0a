"""``rules check`` and ``rules schema``: what rules must look like, and whether they do."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from pydantic import BaseModel
from rich.text import Text

from monitor.commands.context import Context, Exit, print_json, print_problems
from monitor.problem import Problem
from monitor.proof.examples import check_examples
from monitor.proof.format import TestFile
from monitor.report.wording import count
from monitor.rules.check import check_rule_book, check_source_text
from monitor.rules.read import RuleBook
from monitor.rules.ruleset import Ruleset, Source
from monitor.rules.schema import json_schema
from monitor.store.evidence import signals_found
from monitor.store.items import count_items


def check(
    context: Context,
    paths: list[Path],
    source_text: Path | None,
    strict: bool,
    archive: bool,
    output: Literal["text", "json", "github"],
) -> int:
    """Every problem in one run; exit code 2 for errors, 1 for warnings if ``strict``."""
    book = context.rule_book(paths)
    problems = check_rule_book(book)
    broken = {problem.file for problem in problems if problem.level == "error"}
    for file in book.rules:
        # Examples can only be read by rules that hold together.
        if file.document.file not in broken:
            problems.extend(check_examples(file))
    if source_text is not None:
        problems.extend(check_source_text(book, source_text))
    if archive:
        problems.extend(_never_found(context, book))
    problems.sort()
    errors = [problem for problem in problems if problem.level == "error"]
    if output == "json":
        print_json([_record(problem) for problem in problems])
    elif output == "github":
        for problem in problems:
            sys.stdout.write(f"{_annotation(problem)}\n")
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


def _never_found(context: Context, book: RuleBook) -> Iterator[Problem]:
    """Signals in force that have found nothing in all that is stored."""
    with context.reading(context.config()) as connection:
        found = signals_found(connection)
        items = count_items(connection, "").items
    for file in book.rules if items else ():
        for place, condition, signal in file.signals():
            if (file.ruleset.ruleset, condition, signal.id) not in found:
                message = f"signal `{signal.id}` has found nothing in {count(items, 'stored item')}"
                yield file.document.problem((*place, "id"), message, "warning")


def _annotation(problem: Problem) -> str:
    """A workflow command that GitHub shows as an annotation of the line."""
    message = problem.message.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    place = f"file={problem.file}" + (f",line={problem.line},col={problem.column}" if problem.line else "")
    return f"::{problem.level} {place}::{message}"


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
