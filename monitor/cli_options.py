"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from monitor.commands.context import Format

FormatOption = Annotated[Format, typer.Option("--format", help="Text for people, JSON for machines.")]
RulesOption = Annotated[
    list[Path] | None, typer.Option("--rules", help="Rule files or folders, instead of the configured ones.")
]
ByOption = Annotated[str, typer.Option("--by", envvar="MONITOR_REVIEWER", help="Your name; it stands in the record.")]
ReasonOption = Annotated[str, typer.Option("--reason", help="Why; it stands in the record.")]
EvidenceArgument = Annotated[str, typer.Argument(metavar="EVIDENCE", help="The id of a piece of evidence.")]
AsOfOption = Annotated[
    str | None, typer.Option("--as-of", metavar="DATE", help="Where things stood at the end of that day.")
]
KnownAtOption = Annotated[str | None, typer.Option("--known-at", metavar="DATE", help="By what was known on that day.")]
