"""``demo``: the tour."""

from __future__ import annotations

import io
from pathlib import Path

from rich.console import Console
from rich.text import Text

from monitor.commands.context import Context, Exit, Format, print_json
from monitor.demo.replay import TRY_NEXT, replay
from monitor.problem import Problem, Unusable
from monitor.report.records import overview_record
from monitor.report.terminal import show_overview


def demo(context: Context, folder: Path | None, output: Format) -> int:
    """Replay the timeline, show the report, and say what to try next; ``folder`` keeps what it was replayed into."""
    if folder is not None:
        _make_empty(folder)
    if output is Format.JSON:
        print_json(overview_record(replay(Console(file=io.StringIO()), folder)))
        return Exit.DONE
    console = context.console
    show_overview(console, replay(console, folder))
    if folder is not None:
        console.print(Text.assemble(("\nKept in ", "bold"), (str(folder), "bold"), f": cd {folder} && monitor serve"))
        return Exit.DONE
    console.print(Text.assemble(("\nTry next", "bold"), *(f"\n  {command}" for command in TRY_NEXT)))
    return Exit.DONE


def _make_empty(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise Unusable([Problem(str(folder), 0, 0, "is not empty; name a new folder")])
    except OSError as error:
        raise Unusable([Problem(str(folder), 0, 0, f"cannot be used: {error.strerror}")]) from error
