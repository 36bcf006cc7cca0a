"""``rules draft``: from a document to a source and a ruleset, for a person to finish."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from rich.text import Text

from monitor.clock import utc_now
from monitor.commands.context import Context, Exit, Format, print_json
from monitor.draft.demand import Demand, find_demands
from monitor.draft.files import main_party, ruleset_yaml, slug, source_yaml
from monitor.feeds.plain_text import plain_text
from monitor.problem import Problem, Unusable
from monitor.report.wording import count


def draft(
    context: Context,
    document: Path,
    name: str | None,
    title: str | None,
    publisher: str,
    published: str | None,
    dry_run: bool,
    output: Format,
) -> int:
    """Show the demands of a document, and write them down unless it is a ``dry_run``; exit code 1 if there are none."""
    text, beside = _text_of(document)
    demands = find_demands(text)
    if output is Format.JSON:
        print_json([_record(demand) for demand in demands])
    else:
        _show(context, demands)
    if not demands or dry_run:
        return Exit.DONE if demands else Exit.FOUND
    key = slug(name or document.stem) or "draft"
    day = _day(published)
    heading = title or text.strip().split("\n")[0][:120]
    folders = _folders(context)
    files = {
        folders[1] / f"{key}.yaml": source_yaml(key, heading, publisher, day, text, demands),
        folders[0] / f"{key}.yaml": ruleset_yaml(key, heading, demands),
    }
    if beside is not None:
        files[beside] = text
    _write(files)
    if output is not Format.JSON:
        for path in files:
            context.console.print(Text.assemble((f"  {path}", "bold"), "  written"))
        following = f"finish what is marked DRAFT, then: monitor rules check --source-text {beside or document}"
        context.console.print(Text(f"\nNext: {following}", style="bold"))
    return Exit.DONE


def _text_of(document: Path) -> tuple[str, Path | None]:
    """The document's text; of a web page also where its bare text belongs, since spans count characters of that."""
    try:
        raw = document.read_bytes()
        text = raw.decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Unusable([Problem(str(document), 0, 0, f"cannot be read as UTF-8 text: {error}")]) from error
    if not any(mark in text[:2000].casefold() for mark in ("<html", "<!doctype", "<body", "<p>")):
        return text, None
    paragraphs = (plain_text(part) for part in text.replace("</p>", "</p>\x00").replace("<br", "\x00<br").split("\x00"))
    return "\n\n".join(part for part in paragraphs if part) + "\n", document.with_suffix(".txt")


def _day(published: str | None) -> date:
    if published is None:
        return utc_now().date()
    try:
        return date.fromisoformat(published)
    except ValueError as error:
        message = f"`{published}` is not a date; write 2021-08-30"
        raise Unusable([Problem("--published", 0, 0, message)]) from error


def _folders(context: Context) -> tuple[Path, Path]:
    config = context.config_or_default()
    return (config.rules_path, config.sources_path) if config else (Path("rules"), Path("seeds"))


def _write(files: dict[Path, str]) -> None:
    """Write all of them, and nothing over what is there."""
    there = [path for path in files if path.exists()]
    if there:
        raise Unusable([Problem(str(path), 0, 0, "is there already; give another --name") for path in there])
    for path, text in files.items():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        except OSError as error:
            raise Unusable([Problem(str(path), 0, 0, f"cannot be written: {error.strerror or error}")]) from error


def _record(demand: Demand) -> dict[str, object]:
    return {
        "quote": demand.quote,
        "span": [demand.span.start, demand.span.end],
        "party": demand.party,
        "speaker": demand.speaker,
        "role": demand.role,
        "reported": "direct" if demand.direct else "indirect",
        "prize": demand.prize,
    }


def _show(context: Context, demands: list[Demand]) -> None:
    console = context.console
    for demand in demands:
        who = " ".join(filter(None, (demand.role, demand.speaker))) or "somebody"
        line = Text.assemble((who, "bold"), " to ", (demand.party or "somebody", "bold"), f": “{demand.quote}”")
        if demand.prize:
            line.append(f"  (for {demand.prize})", style="bright_black")
        console.print(line, soft_wrap=True)
    if demands:
        said = f"{count(len(demands), 'demand')}, most of them of: {main_party(demands) or 'nobody named'}"
        console.print(Text(said, style="bright_black"))
    else:
        console.print(Text("No demand and no condition was found in this document.", style="yellow"))
