"""The ``feeds`` commands of the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from monitor.cli_options import FormatOption
from monitor.commands.context import Format

feeds_app = typer.Typer(help="List, add, check, import and export feeds.", no_args_is_help=True)


@feeds_app.command("list")
def feeds_list(ctx: typer.Context, output: FormatOption = Format.TEXT) -> None:
    """The configured feeds and their health."""
    from monitor.commands.feeds import list_feeds as call

    raise typer.Exit(call(ctx.obj, output))


@feeds_app.command("add")
def feeds_add(
    ctx: typer.Context,
    url: str,
    publisher: Annotated[str, typer.Option(help="Whose reports these are. [default: the feed's title]")] = "",
    interval: Annotated[str | None, typer.Option(help="How often to poll it, such as 30m.")] = None,
    grade: Annotated[str, typer.Option(help="The source's grade on the Admiralty scale, A to F.")] = "C",
    output: FormatOption = Format.TEXT,
) -> None:
    """Add a feed to the configuration file."""
    from monitor.commands.feeds import add as call

    raise typer.Exit(call(ctx.obj, url, publisher, interval, grade, output))


@feeds_app.command("check")
def feeds_check(
    ctx: typer.Context,
    urls: Annotated[
        list[str] | None, typer.Argument(metavar="[URL...]", help="Feeds to check instead of the configured ones.")
    ] = None,
    output: FormatOption = Format.TEXT,
) -> None:
    """Fetch feeds now, store nothing, and say what each one is."""
    from monitor.commands.feeds import check as call

    raise typer.Exit(call(ctx.obj, urls or [], output))


@feeds_app.command("import")
def feeds_import(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE.opml", help="A subscription list of a feed reader.")],
    output: FormatOption = Format.TEXT,
) -> None:
    """Add the feeds of an OPML file to the configuration file."""
    from monitor.commands.subscriptions import import_opml as call

    raise typer.Exit(call(ctx.obj, file, output))


@feeds_app.command("export")
def feeds_export(
    ctx: typer.Context,
    output: Annotated[Format, typer.Option("--format", help="Always OPML.", hidden=True)] = Format.TEXT,
) -> None:
    """The configured feeds as OPML, for a feed reader."""
    from monitor.commands.subscriptions import export_opml as call

    raise typer.Exit(call(ctx.obj))


@feeds_app.command("quarantine")
def feeds_quarantine(
    ctx: typer.Context,
    release: Annotated[str | None, typer.Option("--release", metavar="ID", help="It is news after all.")] = None,
    output: FormatOption = Format.TEXT,
) -> None:
    """Entries set aside because they look like a server's error page."""
    from monitor.commands.subscriptions import quarantine as call

    raise typer.Exit(call(ctx.obj, release, output))
