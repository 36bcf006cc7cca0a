"""The README's picture of a status table: ``python -m monitor.demo.picture FILE.svg``"""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path

from rich.console import Console

from monitor.demo.replay import replay
from monitor.report.terminal import show_overview


def main(path: Path) -> None:
    overview = replay(Console(file=io.StringIO()))
    console = Console(record=True, width=118, file=io.StringIO(), force_terminal=True)
    show_overview(console, overview)
    picture = console.export_svg(title="monitor status")
    # Whoever looks at the picture should not have to ask a third party for its font.
    path.write_text(re.sub(r"@font-face \{.*?\}\s*", "", picture, flags=re.DOTALL), "utf-8")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("Usage: python -m monitor.demo.picture FILE.svg")
    main(Path(sys.argv[1]))
