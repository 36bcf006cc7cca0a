"""``backup``: a consistent copy of the database."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from rich.text import Text

from monitor.commands.context import Context, Exit, Format, print_json
from monitor.store.backup import back_up


def backup(context: Context, file: Path, output: Format) -> int:
    config = context.config()
    with closing(context.store(config)) as store:
        head = back_up(store, file)
    size = file.stat().st_size
    if output is Format.JSON:
        print_json({"file": str(file), "bytes": size, "last_entry": head})
    else:
        said = f"{file} holds everything up to entry {head} of the status log ({size:,} bytes)"
        context.console.print(Text.assemble(("✔ ", "green"), said), soft_wrap=True)
    return Exit.DONE
