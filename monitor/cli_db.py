"""The ``db`` commands of the command line."""

from __future__ import annotations

from typing import Annotated

import typer

from monitor.cli_options import FormatOption
from monitor.commands.context import Format

db_app = typer.Typer(no_args_is_help=True)


# Without it, typer would leave out the name of an only command.
@db_app.callback()
def _db() -> None:
    """The database itself."""


@db_app.command("copy")
def db_copy(
    ctx: typer.Context,
    target: Annotated[
        str, typer.Argument(metavar="DATABASE", help="An empty one: postgresql://user@host/name, or a new SQLite file.")
    ],
    output: FormatOption = Format.TEXT,
) -> None:
    """Copy everything into another database, verified: how a history moves from SQLite to PostgreSQL."""
    from monitor.commands.copy import copy as call

    raise typer.Exit(call(ctx.obj, target, output))
