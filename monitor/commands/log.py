"""``log``: how the statuses came to be what they are, and the proof that nobody altered it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from rich.text import Text

from monitor.assess.log import first_break
from monitor.commands.context import Context, Exit, Format, print_json, print_json_line, progress_bar
from monitor.commands.moment import parse_option
from monitor.pipeline.rebuild import rebuilt_log, what_does_not_follow
from monitor.problem import Problem, Unusable
from monitor.report.terminal import show_log
from monitor.report.wording import count
from monitor.store.rule_versions import rules_in_force
from monitor.store.transitions import AlteredEntry, read_log


def log(context: Context, since: str | None, output: Format) -> int:
    """The log as a table, newest last."""
    moment = parse_option(since, "--since")
    with context.reading(context.config()) as connection:
        entries = read_log(connection, moment)
        consequences = {ruleset.consequence.id for ruleset in rules_in_force(connection)}
    if output is Format.JSON:
        print_json([entry.record() for entry in entries])
    elif not show_log(context.console, entries, consequences):
        context.console.print(Text("No status has changed yet.", style="bright_black"))
    return Exit.DONE


def export(context: Context, rebuilt: bool) -> int:
    """The log as JSON Lines, which can be verified without the database: as stored, or as its inputs entail."""
    with context.reading(context.config()) as connection:
        for entry in rebuilt_log(connection) if rebuilt else read_log(connection):
            print_json_line(entry.record())
    return Exit.DONE


def verify(context: Context, file: Path | None, head: str | None, rebuild: bool, output: Format) -> int:
    """Prove the chain of the stored log, or of an exported one; with ``rebuild``, also what it rests on."""
    records, problem = _exported(file) if file is not None else _stored(context)
    broken = problem or first_break(records)
    if broken is None and head and not any(str(record["hash"]).startswith(head) for record in records):
        broken = (len(records) + 1, f"the entry whose hash begins with {head} is not in the log: entries are missing")
    unfounded = _rebuild(context, output) if rebuild and broken is None else []
    last = str(records[-1].get("hash", "")) if records else ""
    whole = broken is None and not unfounded
    if output is Format.JSON:
        seq, what = broken or (None, "")
        print_json(
            {
                "entries": len(records),
                "whole": whole,
                "broken_at": seq,
                "problem": what or (unfounded[0] if unfounded else ""),
                "unfounded": unfounded,
                "head": last,
            }
        )
    elif whole:
        proved = ", and all of it follows from the stored texts, rules and reviews" if rebuild else ""
        said = (
            f"{count(len(records), 'entry', 'entries')}, the chain is whole{proved}; its head is {last[:16] or 'empty'}"
        )
        context.console.print(Text.assemble(("✔ ", "green"), said))
    else:
        for what in [broken[1]] if broken else unfounded:
            context.console.print(Text.assemble(("✘ ", "red"), what))
    return Exit.DONE if whole else Exit.FOUND


def _stored(context: Context) -> tuple[list[Mapping[str, Any]], tuple[int, str] | None]:
    with context.reading(context.config()) as connection:
        try:
            return [entry.record() for entry in read_log(connection)], None
        except AlteredEntry as error:
            return [], (error.seq, str(error))


def _exported(file: Path) -> tuple[list[Mapping[str, Any]], tuple[int, str] | None]:
    """The entries of an exported log, up to the first line that is none."""
    try:
        text = file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Unusable([Problem(str(file), 0, 0, f"cannot be read as UTF-8 text: {error}")]) from error
    records: list[Mapping[str, Any]] = []
    for number, line in _lines(text):
        try:
            record = json.loads(line)
        except json.JSONDecodeError as error:
            return records, (len(records) + 1, f"{file}:{number}: is not JSON: {error.msg}")
        if not isinstance(record, dict):
            return records, (len(records) + 1, f"{file}:{number}: is no entry of a log")
        records.append(record)
    return records, None


def _lines(text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield number, line


def _rebuild(context: Context, output: Format) -> list[str]:
    progress = progress_bar(context.console, quiet=output is Format.JSON)
    with progress, context.reading(context.config()) as connection:
        task = progress.add_task("reading", total=None, last="")

        def show(what: str, done: int, total: int) -> None:
            progress.update(task, description=what, completed=done, total=total)

        return list(what_does_not_follow(connection, show))
