"""The ``notify`` commands of the command line."""

from __future__ import annotations

from typing import Annotated

import typer

from monitor.cli_options import FormatOption
from monitor.commands.context import Format

notify_app = typer.Typer(help="Who is told of status changes, and how.", no_args_is_help=True)

TargetArgument = Annotated[str | None, typer.Argument(metavar="[NAME]", help="One target. [default: all]")]


@notify_app.command("list")
def notify_list(ctx: typer.Context, output: FormatOption = Format.TEXT) -> None:
    """The targets, and how far each has been told."""
    from monitor.commands.notify import list_targets as call

    raise typer.Exit(call(ctx.obj, output))


@notify_app.command("test")
def notify_test(ctx: typer.Context, name: TargetArgument = None, output: FormatOption = Format.TEXT) -> None:
    """Send a message to the targets now, to see whether it arrives."""
    from monitor.commands.notify import test as call

    raise typer.Exit(call(ctx.obj, name, output))


@notify_app.command("preview")
def notify_preview(
    ctx: typer.Context,
    name: TargetArgument = None,
    last: Annotated[int, typer.Option("--last", min=1, max=200, help="How many entries of the log to tell of.")] = 5,
    output: FormatOption = Format.TEXT,
) -> None:
    """What a target would be sent of the log's last entries. Sends nothing."""
    from monitor.commands.notify import preview as call

    raise typer.Exit(call(ctx.obj, name, last, output))


@notify_app.command("template")
def notify_template(ctx: typer.Context, output: FormatOption = Format.TEXT) -> None:
    """The default template, to start one of your own from."""
    from monitor.commands.notify import template as call

    raise typer.Exit(call(ctx.obj, output))
