"""``explain`` and ``match``: what the rules read in a text."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

from monitor.clock import utc_now
from monitor.commands.context import Context, Exit, Format, print_json, print_json_line, print_problems
from monitor.commands.parse import show_parse
from monitor.feeds.document import NotAFeed
from monitor.feeds.parse import parse_feed
from monitor.feeds.plain_text import one_line, plain_text
from monitor.match.item_reader import Readout, read_item
from monitor.match.lookup.compiled import CompiledRules
from monitor.model import Finding, Item, digest
from monitor.moment import parse_moment
from monitor.problem import Problem, Unusable
from monitor.report.about_item import about_item, about_item_record
from monitor.report.passage import marked, near
from monitor.report.records import finding_record, readout_record
from monitor.report.wording import STANCE_COLOURS
from monitor.store.items import StoredItem, find_item


def explain(context: Context, wanted: str, rules_paths: list[Path], output: Format, grammar: bool = False) -> int:
    book = context.usable_rule_book(rules_paths)
    rules = CompiledRules(book.rulesets)
    stored = _stored_item(context, wanted)
    item = stored.item if stored is not None else _text_to_explain(wanted)
    if grammar:
        return show_parse(context, item, rules, output)
    readout = read_item(rules, item, closely=True)
    places = {key: place for file in book.rules for key, place in file.signal_places()}
    if output is Format.JSON:
        record = {"id": item.id, "title": item.title, **readout_record(readout, places)}
        if stored is not None:
            record["about"] = about_item_record(stored, context.config().known_publishers())
        print_json(record)
        return Exit.DONE
    console = context.console
    if stored is not None:
        _show_about(context, stored)
    if not readout.findings and not readout.near_misses:
        console.print(
            Text("No word of any signal's deed stands in this text: it bears on nothing.", style="bright_black")
        )
    for finding in readout.findings:
        place = places.get((finding.ruleset, finding.condition, finding.signal), finding.ruleset)
        _show_finding(context, item, finding, place)
    if readout.near_misses:
        console.print(Text("\nNearly, and why not:", style="bold"))
        _show_near_misses(context, readout)
    return Exit.DONE


def _stored_item(context: Context, wanted: str) -> StoredItem | None:
    """The latest wording of the stored item with this id or address."""
    config = context.config_or_default()
    if config is None or wanted == "-" or any(char.isspace() for char in wanted):
        return None
    with context.reading(config) as connection:
        versions = find_item(connection, wanted)
    return next((one for one in versions if one.latest), versions[-1]) if versions else None


def _text_to_explain(wanted: str) -> Item:
    """Text from standard input (``-``), or the text itself."""
    if wanted == "-":
        title, _, text = sys.stdin.read().strip().partition("\n")
        return Item(id="text", title=one_line(title), text=one_line(text))
    if any(char.isspace() for char in wanted):
        return Item(id="text", title=one_line(wanted))
    message = "is no stored item; give an item's id or address, a text in quotes, or - to read one"
    raise Unusable([Problem(wanted, 0, 0, message)])


def _show_about(context: Context, stored: StoredItem) -> None:
    context.console.print(Text(stored.item.title, style="bold"), soft_wrap=True)
    for name, said in about_item(stored, context.config().known_publishers()):
        context.console.print(Text.assemble((f"  {name:<11}", "bright_black"), said), soft_wrap=True)


def _show_finding(context: Context, item: Item, finding: Finding, place: str) -> None:
    console = context.console
    line = Text()
    line.append(f"{finding.condition}: ", style="bold")
    line.append(finding.stance.value, style=f"bold {STANCE_COLOURS[finding.stance]}")
    line.append(f"  (signal {finding.signal}, {place})", style="bright_black")
    console.print(line)
    quote = Text("  “")
    for said, matched in marked(item, finding):
        quote.append(said, style="bold underline" if matched else "")
    quote.append("”")
    console.print(quote, soft_wrap=True)
    for step in finding.steps:
        line = Text(f"    {step.role:<8}", style="bright_black")
        line.append(f"“{step.text}”  " if step.text else "", style="not dim default")
        console.print(line.append(step.note), soft_wrap=True)


def _show_near_misses(context: Context, readout: Readout) -> None:
    for condition, signal, missing in near(readout):
        line = Text.assemble((f"  {condition}", "bold"), (f" ({signal}): ", "bright_black"), missing)
        context.console.print(line, soft_wrap=True)


def match(context: Context, files: list[Path], rules_paths: list[Path]) -> int:
    """Print one JSON object an item. What cannot be read is named on standard error and makes the exit code 2."""
    rules = context.rules(rules_paths)
    problems: list[Problem] = []
    for file in files or [Path("-")]:
        for key, item in _items(file, problems):
            _print_match(rules, key, item)
    print_problems(Console(stderr=True), problems)
    return Exit.WRONG if problems else Exit.DONE


def _print_match(rules: CompiledRules, key: Any, item: Item) -> None:
    evidence = read_item(rules, item).evidence
    print_json_line({"id": key, "title": item.title, "evidence": [finding_record(finding) for finding in evidence]})


def _items(file: Path, problems: list[Problem]) -> Iterator[tuple[Any, Item]]:
    try:
        raw = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except OSError as error:
        problems.append(Problem(str(file), 0, 0, f"cannot be read: {error.strerror or error}"))
        return
    name = "standard input" if str(file) == "-" else str(file)
    start = raw.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if start in (b"{", b""):
        yield from _json_lines(raw, name, problems)
        return
    try:
        parsed = parse_feed(raw, name, utc_now())
    except NotAFeed as error:
        problems.append(Problem(name, 0, 0, f"is neither JSON Lines nor a feed: {error}"))
        return
    for item in parsed.items:
        yield item.id, item


def _json_lines(raw: bytes, name: str, problems: list[Problem]) -> Iterator[tuple[Any, Item]]:
    for number, line in enumerate(raw.decode("utf-8-sig", "replace").split("\n"), start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except json.JSONDecodeError as error:
            problems.append(Problem(name, number, error.colno, f"is not JSON: {error.msg}"))
            continue
        if not isinstance(record, dict) or not isinstance(record.get("title", ""), str):
            problems.append(Problem(name, number, 1, "expected an object with a `title` and perhaps a `summary`"))
            continue
        title = plain_text(record.get("title", ""))
        text = plain_text(str(record.get("summary") or record.get("text") or ""))
        if not title and not text:
            problems.append(Problem(name, number, 1, "has neither a `title` nor a `summary`"))
            continue
        published = _published(record.get("published"))
        key = record.get("id", digest(title, text)[:12])
        yield (
            key,
            Item(
                id=str(key),
                title=title,
                text=text,
                publisher=str(record.get("publisher") or ""),
                link=str(record.get("link") or ""),
                published=published,
            ),
        )


def _published(value: object) -> datetime | None:
    try:
        return parse_moment(str(value))
    except ValueError:
        return None
