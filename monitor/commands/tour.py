"""``demo``: the tour."""

from __future__ import annotations

import io

from rich.console import Console
from rich.text import Text

from monitor.commands.context import Context, Exit, Format, print_json
from monitor.demo.replay import TRY_NEXT, replay
from monitor.report.records import overview_record
from monitor.report.terminal import show_overview


def demo(context: Context, output: Format) -> int:
    """Replay the timeline, show the report, and say what to try next."""
    if output is Format.JSON:
        print_json(overview_record(replay(Console(file=io.StringIO()))))
        return Exit.DONE
    console = context.console
    show_overview(console, replay(console))
    console.print(Text.assemble(("\nTry next", "bold"), *(f"\n  {command}" for command in TRY_NEXT)))
    return Exit.DONE
