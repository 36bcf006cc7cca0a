"""Reading statuses: ``monitor status`` as a user runs it, beside what merely loading SQLAlchemy takes.

python tests/benchmarks/status.py [ITEMS] [EVIDENCE]
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from made_database import made_database
from rich.table import Table
from side_by_side import CONSOLE, ratio, size, take_turns

SIZES = size(((10_000, 1_000), (1_000_000, 1_000), (1_000_000, 5_000), (1_000_000, 50_000)), ((1_000, 100),))
_PEER = "import sqlalchemy"


def main(sizes: Sequence[tuple[int, int]] = SIZES) -> None:
    table = Table(title="monitor status, from start to end", title_justify="left")
    for heading in ("items", "evidence", "monitor status", f"python -c '{_PEER}'", "times as long"):
        table.add_column(heading, justify="right")
    for item_count, evidence_count in sizes:
        with tempfile.TemporaryDirectory(prefix="monitor-benchmark-") as name:
            _, store, _ = made_database(Path(name), item_count, evidence_count)
            store.close()
            ways: dict[str, Callable[[], object]] = {
                "status": lambda folder=name: _run([sys.executable, "-m", "monitor", "status"], folder),
                "peer": lambda folder=name: _run([sys.executable, "-c", _PEER], folder),
            }
            taken = take_turns(ways, 1)
        middle, low, high = ratio(taken["peer"], taken["status"])
        table.add_row(
            f"{item_count:,}",
            f"{evidence_count:,}",
            *(f"{taken[way].each:.2f} s" for way in ("status", "peer")),
            f"{middle:.2f} ({low:.2f} – {high:.2f})",
        )
    CONSOLE.print(table)


def _run(command: list[str], folder: str) -> None:
    subprocess.run(command, cwd=folder, check=True, capture_output=True)


if __name__ == "__main__":
    numbers = [int(argument.replace(",", "").replace("_", "")) for argument in sys.argv[1:3]]
    main([(numbers[0], numbers[1])] if len(numbers) == 2 else SIZES)
