"""The command line of ``monitor rules``: parse arguments, call."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from monitor.cli_options import FormatOption
from monitor.commands.context import Format

rules_app = typer.Typer(help="Check rules, test them, and try them on the past.", no_args_is_help=True)


@rules_app.command("check")
def rules_check(
    ctx: typer.Context,
    paths: Annotated[list[Path] | None, typer.Argument(metavar="[PATH...]", help="Rule files or folders.")] = None,
    source_text: Annotated[
        Path | None, typer.Option("--source-text", metavar="FILE", help="A source's full text, to prove its quotes.")
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Warnings make the exit code 1.")] = False,
    archive: Annotated[
        bool, typer.Option("--archive", help="Also name the signals that have found nothing in the stored items.")
    ] = False,
    output: Annotated[
        Literal["text", "json", "github"], typer.Option("--format", help="For people, machines, or GitHub annotations.")
    ] = "text",
) -> None:
    """Every problem of the rules, with file, line and cure; examples are proved."""
    from monitor.commands.rules import check as call

    raise typer.Exit(call(ctx.obj, paths or [], source_text, strict, archive, output))


@rules_app.command("new")
def rules_new(
    ctx: typer.Context,
    name: Annotated[
        str | None, typer.Argument(help="Its name, in lower case with hyphens. Asked for if missing.")
    ] = None,
    addressee: Annotated[str | None, typer.Option("--addressee", help="Who must meet the conditions.")] = None,
    condition: Annotated[str | None, typer.Option("--condition", help="What is required, in a few words.")] = None,
    does: Annotated[str | None, typer.Option("--does", help="A verb for what would break it.")] = None,
    what: Annotated[str | None, typer.Option("--what", help="What that is done to.")] = None,
) -> None:
    """Write a commented ruleset that already passes the check, from a few answers."""
    from monitor.commands.new_rules import new as call

    raise typer.Exit(call(ctx.obj, name, addressee, condition, does, what))


@rules_app.command("draft")
def rules_draft(
    ctx: typer.Context,
    document: Annotated[Path, typer.Argument(metavar="DOCUMENT", help="A text or a saved web page.")],
    name: Annotated[str | None, typer.Option("--name", help="Name of the drafts. [default: the file's]")] = None,
    title: Annotated[str | None, typer.Option("--title", help="Title. [default: the first line]")] = None,
    publisher: Annotated[str, typer.Option("--publisher", help="Who published the document.")] = "unknown",
    published: Annotated[str | None, typer.Option("--published", metavar="DATE", help="When. [default: today]")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what was found.")] = False,
    output: FormatOption = Format.TEXT,
) -> None:
    """Find who demands what of whom in a document, and draft a source and rules from it."""
    from monitor.commands.draft import draft as call

    raise typer.Exit(call(ctx.obj, document, name, title, publisher, published, dry_run, output))


@rules_app.command("schema")
def rules_schema(
    ctx: typer.Context,
    of: Annotated[
        Literal["ruleset", "source", "tests"], typer.Argument(help="Of a ruleset, a source or a test file.")
    ] = "ruleset",
    output: Annotated[Format, typer.Option("--format", help="Always JSON.", hidden=True)] = Format.JSON,
) -> None:
    """The JSON Schema of a format, so that editors complete and check as you type."""
    from monitor.commands.rules import schema as call

    raise typer.Exit(call(of))


@rules_app.command("test")
def rules_test(
    ctx: typer.Context,
    paths: Annotated[
        list[Path] | None, typer.Argument(metavar="[PATH...]", help="Rule files, test files or folders of them.")
    ] = None,
    coverage: Annotated[bool, typer.Option("--coverage", help="List the signals that no test reaches.")] = False,
    junit: Annotated[Path | None, typer.Option("--junit", metavar="FILE", help="Also write JUnit XML, for CI.")] = None,
    output: FormatOption = Format.TEXT,
) -> None:
    """Run the examples in the rules and the tests beside them (*.test.yaml)."""
    from monitor.commands.rule_tests import test_rules as call

    raise typer.Exit(call(ctx.obj, paths or [], coverage, junit, output))


@rules_app.command("backtest")
def rules_backtest(
    ctx: typer.Context,
    paths: Annotated[list[Path] | None, typer.Argument(metavar="[PATH...]", help="Rule files or folders.")] = None,
    against: Annotated[
        str | None,
        typer.Option("--against", metavar="DATE", help="Compare with the rules in force on that day. [default: now]"),
    ] = None,
    against_git: Annotated[
        str | None, typer.Option("--against-git", metavar="REV", help="Compare with the rules of a git commit.")
    ] = None,
    output: FormatOption = Format.TEXT,
) -> None:
    """What these rules would have made of the items already stored. Nothing is written."""
    from monitor.commands.backtest import run_backtest as call

    raise typer.Exit(call(ctx.obj, paths or [], against, against_git, output))


@rules_app.command("history")
def rules_history(
    ctx: typer.Context,
    show: Annotated[
        str | None, typer.Option("--show", metavar="DIGEST", help="Print the version with this digest, as JSON.")
    ] = None,
    output: FormatOption = Format.TEXT,
) -> None:
    """Which version of which rules was in force when; the log names them by digest."""
    from monitor.commands.rule_history import rule_history as call

    raise typer.Exit(call(ctx.obj, show, output))
