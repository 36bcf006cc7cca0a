"""``log``: how the statuses came to be what they are, and the proof that nobody altered it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.text import Text

from monitor.assess.log import first_break
from monitor.commands.context import Context, Exit, Format, print_json, print_json_line, progress_bar
from monitor.commands.moment import parse_option
from monitor.pipeline.rebuild import other_readers, rebuilt_log, what_does_not_follow
from monitor.problem import Problem, Unusable
from monitor.report.terminal import show_log
from monitor.report.wording import count
from monitor.rules.reading import reading_version
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


@dataclass(frozen=True, slots=True)
class _Rebuilt:
    """What the texts, rules and reviews say of the log: what does not follow from them, in words, and the versions
    other than this one that read the texts. Where there are any, what they read was not compared with the texts."""

    unfounded: tuple[str, ...] = ()
    read_by: tuple[str, ...] = ()


def verify(context: Context, file: Path | None, head: str | None, rebuild: bool, output: Format) -> int:
    """Prove the chain of the stored log, or of an exported one; with ``rebuild``, also what it rests on.

    That the texts were read by another version than this one is said, but it is no finding.
    """
    records, problem = _exported(file) if file is not None else _stored(context)
    broken = problem or first_break(records)
    if broken is None and head and not any(str(record["hash"]).startswith(head) for record in records):
        broken = (len(records) + 1, f"the entry whose hash begins with {head} is not in the log: entries are missing")
    rebuilt = _rebuild(context, output) if rebuild and broken is None else None
    unfounded = rebuilt.unfounded if rebuilt else ()
    whole = broken is None and not unfounded
    if output is Format.JSON:
        seq, what = broken or (None, "")
        print_json(
            {
                "entries": len(records),
                "whole": whole,
                "broken_at": seq,
                "problem": what or (unfounded[0] if unfounded else ""),
                "unfounded": list(unfounded),
                "readings_compared": rebuilt is not None and not rebuilt.read_by,
                "read_by": list(rebuilt.read_by) if rebuilt else [],
                "this_version": reading_version(),
                "head": _head(records),
            }
        )
    else:
        found = [broken[1]] if broken else unfounded
        for sign, style, line in _lines_on(records, found, rebuilt):
            context.console.print(Text.assemble((f"{sign} ", style), line))
    return Exit.DONE if whole else Exit.FOUND


def _head(records: Sequence[Mapping[str, Any]]) -> str:
    return str(records[-1].get("hash", "")) if records else ""


def _lines_on(
    records: Sequence[Mapping[str, Any]], found: Sequence[str], rebuilt: _Rebuilt | None
) -> Iterator[tuple[str, str, str]]:
    """Sign, style and text of each line on what was verified; ``found`` is what is wrong."""
    if not found:
        said = f"{count(len(records), 'entry', 'entries')}, the chain is whole{_proved(rebuilt)}"
        yield "✔", "green", f"{said}; its head is {_head(records)[:16] or 'empty'}"
    for what in found:
        yield "✘", "red", what
    if rebuilt and rebuilt.read_by:
        yield "◌", "yellow", _not_compared(rebuilt.read_by)


def _proved(rebuilt: _Rebuilt | None) -> str:
    """What was proved beside the chain, in words."""
    if rebuilt is None:
        return ""
    if rebuilt.read_by:
        return ", it follows from the stored evidence, rules and reviews, and no stored text was altered"
    return ", and all of it follows from the stored texts, rules and reviews"


def _not_compared(read_by: Sequence[str]) -> str:
    versions = f"version{'s' if len(read_by) > 1 else ''} {' and '.join(read_by)}"
    return (
        f"Whether the evidence is what the rules read in the texts was not checked: they were read by {versions}, and "
        f"this is {reading_version()}, which may read otherwise. `monitor run` reads them again."
    )


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


def _rebuild(context: Context, output: Format) -> _Rebuilt:
    progress = progress_bar(context.console, quiet=output is Format.JSON)
    with progress, context.reading(context.config()) as connection:
        task = progress.add_task("reading", total=None, last="")

        def show(what: str, done: int, total: int) -> None:
            progress.update(task, description=what, completed=done, total=total)

        return _Rebuilt(tuple(what_does_not_follow(connection, show)), tuple(other_readers(connection)))
