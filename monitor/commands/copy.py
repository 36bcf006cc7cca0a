"""``db copy``: a whole history moves to another database."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from rich.text import Text

from monitor.commands.context import Context, Exit, Format, print_json, progress_bar
from monitor.report.wording import count
from monitor.store.copy import copy_database
from monitor.store.database import open_store
from monitor.store.sole_daemon import sole_daemon


def copy(context: Context, target: str, output: Format) -> int:
    url = target if "://" in target else f"sqlite:///{Path(target).resolve()}"
    config = context.config()
    # What a daemon wrote meanwhile would be missing in the copy.
    with closing(context.store(config)) as old, sole_daemon(old), closing(open_store(url)) as new:
        with progress_bar(context.console, quiet=output is Format.JSON) as progress:
            task = progress.add_task("copying", total=None, last="")
            copied = copy_database(old, new, lambda done, of: progress.update(task, completed=done, total=of))
        where = new.shown_url
    if output is Format.JSON:
        print_json({"database": where, "rows": copied.rows, "last_entry": copied.entries, "hash": copied.head})
        return Exit.DONE
    rows = count(sum(copied.rows.values()), "row")
    log = f"the log up to entry {copied.entries} ({copied.head[:12]})" if copied.entries else "no log yet"
    said = f"{where} holds {rows}, the same as here: {count(copied.rows['items'], 'item')}, {log}"
    context.console.print(Text.assemble(("✔ ", "green"), said), soft_wrap=True)
    context.console.print(Text("Next: set `database` in the settings, or MONITOR_DATABASE, to it", style="bold"))
    return Exit.DONE
