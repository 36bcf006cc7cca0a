"""The command line: parse arguments, call, print. Exit codes: 0 done, 1 the check found something, 2 wrong use.

Each command imports what it needs when it is called: ``monitor status`` need not wait for an HTTP client.
"""

from __future__ import annotations

import os
import sys
import traceback
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console

from monitor import __version__
from monitor.cli_db import db_app
from monitor.cli_feeds import feeds_app
from monitor.cli_notify import notify_app
from monitor.cli_options import AsOfOption, FormatOption, KnownAtOption, RulesOption
from monitor.cli_review import review_app
from monitor.cli_rules import rules_app
from monitor.commands.context import Context, Exit, Format, print_problems
from monitor.config import DEFAULT_NAME
from monitor.problem import Unusable
from monitor.store.database import StoreError

app = typer.Typer(
    name="monitor",
    help="Watch whether stated political conditions are met: deeds, not words.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
log_app = typer.Typer(help="The status log: every change, in order, never altered.", invoke_without_command=True)
app.add_typer(rules_app, name="rules")
app.add_typer(db_app, name="db")
app.add_typer(feeds_app, name="feeds")
app.add_typer(log_app, name="log")
app.add_typer(review_app, name="review")
app.add_typer(notify_app, name="notify")


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"monitor {__version__}")
        raise typer.Exit


@app.callback()
def _main(
    ctx: typer.Context,
    config: Annotated[
        Path | None,
        typer.Option("--config", "-c", envvar="MONITOR_CONFIG", help="The configuration file. [default: config.toml]"),
    ] = None,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    ctx.obj = Context(config or Path(DEFAULT_NAME), config is not None, Console())


@app.command()
def demo(
    ctx: typer.Context,
    folder: Annotated[Path | None, typer.Argument(metavar="[DIR]", help="Keep what it was replayed into.")] = None,
    output: FormatOption = Format.TEXT,
) -> None:
    """Replay a bundled timeline through the real pipeline and show the report: the tour."""
    from monitor.commands.tour import demo as call

    raise typer.Exit(call(ctx.obj, folder, output))


@app.command()
def init(
    ctx: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="[DIR]")] = Path(),
    systemd: Annotated[bool, typer.Option("--systemd", help="Also write a hardened systemd unit.")] = False,
    output: FormatOption = Format.TEXT,
) -> None:
    """Write a starter configuration, rules and sources."""
    from monitor.commands.watch import init as call

    raise typer.Exit(call(ctx.obj, folder, systemd, output))


@app.command()
def run(
    ctx: typer.Context,
    once: Annotated[bool, typer.Option("--once", help="Do one round and stop.")] = False,
    serve: Annotated[bool, typer.Option("--serve", help="Serve the dashboard as well.")] = False,
    output: FormatOption = Format.TEXT,
) -> None:
    """Watch the feeds: the daemon, or one round."""
    from monitor.commands.watch import run as call

    raise typer.Exit(call(ctx.obj, once, serve, output))


@app.command()
def worker(ctx: typer.Context) -> None:
    """Watch the feeds together with others: as many workers as you like share a PostgreSQL database."""
    from monitor.commands.watch import work as call

    raise typer.Exit(call(ctx.obj))


@app.command()
def serve(
    ctx: typer.Context,
    listen: Annotated[
        str | None, typer.Option("--listen", metavar="ADDRESS:PORT", help="Where, instead of what the settings say.")
    ] = None,
) -> None:
    """The dashboard and the review desk, in a browser."""
    from monitor.commands.serve import serve as call

    raise typer.Exit(call(ctx.obj, listen))


@app.command()
def status(
    ctx: typer.Context,
    condition: Annotated[str | None, typer.Argument(help="One condition, with all its evidence.")] = None,
    as_of: AsOfOption = None,
    known_at: KnownAtOption = None,
    output: FormatOption = Format.TEXT,
) -> None:
    """Where each condition stands, since when, on what evidence."""
    from monitor.commands.status import status as call

    raise typer.Exit(call(ctx.obj, condition, as_of, known_at, output))


@app.command()
def report(
    ctx: typer.Context,
    condition: Annotated[
        str | None, typer.Argument(help="A ruleset or condition that an Atom feed is narrowed to.")
    ] = None,
    as_of: AsOfOption = None,
    known_at: KnownAtOption = None,
    since: Annotated[
        str | None, typer.Option("--since", metavar="DATE", help="Tell the changes since then. [default: a week]")
    ] = None,
    table: Annotated[
        Literal["evidence", "transitions"], typer.Option("--table", help="What a CSV file lists.")
    ] = "evidence",
    file: Annotated[Path | None, typer.Option("--output", "-o", help="Write to this file.")] = None,
    output: Annotated[
        Literal["md", "html", "text", "json", "csv", "atom", "claimreview", "ics"],
        typer.Option("--format", help="A page, Markdown, text for mail, tables, feeds, or records for machines."),
    ] = "md",
) -> None:
    """The whole report, with all the evidence word for word."""
    from monitor.commands.report import ReportFormat, Wanted
    from monitor.commands.report import report as call
    from monitor.report.spreadsheet import Table

    wanted = Wanted(as_of, known_at, since, condition, Table(table))
    raise typer.Exit(call(ctx.obj, wanted, ReportFormat(output), file))


@log_app.callback()
def log(
    ctx: typer.Context,
    since: Annotated[
        str | None, typer.Option("--since", metavar="DATE", help="Only what was recorded from then on.")
    ] = None,
    output: FormatOption = Format.TEXT,
) -> None:
    """The status log: every change, in order, never altered."""
    if ctx.invoked_subcommand is None:
        from monitor.commands.log import log as call

        raise typer.Exit(call(ctx.obj, since, output))


@log_app.command("verify")
def log_verify(
    ctx: typer.Context,
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="An exported log, instead of the stored one.")
    ] = None,
    head: Annotated[
        str | None, typer.Option("--head", metavar="HASH", help="A head noted down before, which must be in the log.")
    ] = None,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Also read the stored items again and rebuild the log from them.")
    ] = False,
    output: FormatOption = Format.TEXT,
) -> None:
    """Prove that no entry of the log was altered, dropped or moved."""
    from monitor.commands.log import verify as call

    raise typer.Exit(call(ctx.obj, file, head, rebuild and file is None, output))


@log_app.command("export")
def log_export(
    ctx: typer.Context,
    rebuilt: Annotated[
        bool, typer.Option("--rebuilt", help="As it follows from evidence, rules and reviews, instead of as stored.")
    ] = False,
    output: Annotated[Format, typer.Option("--format", help="Always JSON Lines.", hidden=True)] = Format.JSON,
) -> None:
    """The log as JSON Lines, which anyone can verify without the database."""
    from monitor.commands.log import export as call

    raise typer.Exit(call(ctx.obj, rebuilt))


@app.command()
def explain(
    ctx: typer.Context,
    wanted: Annotated[
        str, typer.Argument(metavar="ITEM|URL|TEXT|-", help="A stored item, a text in quotes, or - for standard input.")
    ],
    rules: RulesOption = None,
    parse: Annotated[bool, typer.Option("--parse", help="Show the grammar instead: who does what to whom.")] = False,
    output: FormatOption = Format.TEXT,
) -> None:
    """Why a text is evidence, or why not, down to the words."""
    from monitor.commands.texts import explain as call

    raise typer.Exit(call(ctx.obj, wanted, rules or [], output, parse))


@app.command()
def match(
    ctx: typer.Context,
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="FILE...", help="JSON Lines or feed files; - or none: standard input."),
    ] = None,
    rules: RulesOption = None,
    output: Annotated[Format, typer.Option("--format", help="Always JSON Lines.", hidden=True)] = Format.JSON,
) -> None:
    """Rules over JSON Lines or feed files: evidence as JSON Lines. No database."""
    from monitor.commands.texts import match as call

    raise typer.Exit(call(ctx.obj, files or [], rules or []))


@app.command()
def evaluate(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="LABELLED.jsonl", help="Labelled items, one a line.")],
    rules: RulesOption = None,
    baseline: Annotated[bool, typer.Option("--baseline", help="Measure a keyword alert beside it.")] = False,
    output: FormatOption = Format.TEXT,
) -> None:
    """Precision and recall of the rules on labelled items, with every mistake explained."""
    from monitor.commands.evaluate import evaluate as call

    raise typer.Exit(call(ctx.obj, file, rules or [], baseline, output))


@app.command()
def doctor(ctx: typer.Context, output: FormatOption = Format.TEXT) -> None:
    """What is wrong with this installation, and how to mend it."""
    from monitor.commands.doctor import doctor as call

    raise typer.Exit(call(ctx.obj, output))


@app.command()
def backup(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(help="The new file to write.")],
    output: FormatOption = Format.TEXT,
) -> None:
    """A consistent copy of the database, also while the daemon runs."""
    from monitor.commands.backup import backup as call

    raise typer.Exit(call(ctx.obj, file, output))


@app.command()
def backfill(
    ctx: typer.Context,
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE...",
            help="JSON Lines, CSV, Parquet, WARC or GDELT's GKG, perhaps packed; * stands for many. Whatever fsspec "
            "opens will do, such as s3://bucket/*.parquet.",
        ),
    ],
    name: Annotated[str, typer.Option("--name", help="The archive's name: the same when it is gone on with.")],
    grade: Annotated[
        Literal["A", "B", "C", "D", "E", "F"], typer.Option("--grade", help="Its grade on the Admiralty scale.")
    ] = "C",
    field: Annotated[
        list[str] | None,
        typer.Option("--field", metavar="FIELD=NAME", help="What a field is called, such as title=headline."),
    ] = None,
    workers: Annotated[int, typer.Option("--workers", min=0, help="Processes that read. [default: one a core]")] = 0,
    scheduler: Annotated[
        str, typer.Option("--scheduler", metavar="ADDRESS", help="A Dask cluster instead, such as tcp://host:8786.")
    ] = "",
    output: FormatOption = Format.TEXT,
) -> None:
    """Read an archive of news as if the monitor had been there. Interrupted, it goes on where it was."""
    from monitor.commands.backfill import backfill as call

    raise typer.Exit(call(ctx.obj, files, name, grade, field or [], workers, scheduler, output))


def main() -> None:
    """The entry point."""
    sys.exit(run_command(sys.argv[1:]))


def run_command(arguments: list[str]) -> int:
    """Run one command and return its exit code. A user's mistake ends in a message, never in a traceback."""
    errors = Console(stderr=True)
    try:
        return int(app(arguments, prog_name="monitor", standalone_mode=False) or 0)
    except Unusable as error:
        print_problems(errors, error.problems)
    except StoreError as error:
        errors.print(f"error: {error}", style="red", markup=False, highlight=False, soft_wrap=True)
    except typer.Abort:
        return 130
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader has gone (`monitor log | head`): nothing is left to be said, not even at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.DONE
    except Exception as error:
        return _usage_error(errors, error)
    return Exit.WRONG


def _usage_error(errors: Console, error: Exception) -> int:
    """Click's own complaints (an unknown option, a missing argument) in our manner; anything else is a defect."""
    show = getattr(error, "show", None)
    if show is not None:
        show()
        return int(getattr(error, "exit_code", Exit.WRONG))
    if os.environ.get("MONITOR_TRACEBACK"):
        raise error
    last = traceback.extract_tb(error.__traceback__)[-1]
    said = (
        f"this is a defect of the monitor: {type(error).__name__}: {error} ({Path(last.filename).name}:{last.lineno})"
    )
    errors.print(f"error: {said}", style="red", markup=False, highlight=False, soft_wrap=True)
    errors.print("Please report it; MONITOR_TRACEBACK=1 shows where it happened.", markup=False)
    return Exit.WRONG
