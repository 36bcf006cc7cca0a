"""All benchmarks, or those named: ``python tests/benchmarks [matching] [polling] [storing] [status] [memory]
[workers] [scale]``."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

NAMES = ("matching", "polling", "storing", "status", "memory", "workers", "scale")


def main(wanted: list[str]) -> None:
    unknown = [name for name in wanted if name not in NAMES]
    if unknown:
        raise SystemExit(f"there is no benchmark {', '.join(unknown)}; there are {', '.join(NAMES)}")
    python, cores = platform.python_version(), os.cpu_count()
    print(f"{datetime.now(UTC):%Y-%m-%d}, {platform.system()} {platform.machine()}, {cores} cores, Python {python}\n")
    for name in wanted or NAMES:
        # Each in a process of its own, so that none profits from what another has left.
        subprocess.run([sys.executable, str(Path(__file__).parent / f"{name}.py")], check=True)


if __name__ == "__main__":
    main(sys.argv[1:])
