"""All benchmarks, or those named: ``python tests/benchmarks [--toy] [matching] [polling] [storing] [status] [overview]
[profile] [memory] [workers] [scale] [syntax]``.

With ``--toy`` each runs once at a small size, in a few minutes all together: that shows that they run, and the figures
mean nothing.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

COMMANDS = {
    "matching": ["matching.py"],
    "polling": ["polling.py"],
    "storing": ["storing.py"],
    "status": ["status.py"],
    "overview": ["overview_at_scale.py"],
    "profile": ["where_time_goes.py", "matching"],
    "memory": ["memory.py"],
    "workers": ["workers.py"],
    "scale": ["scale.py"],
    "syntax": ["syntax.py"],
}


def main(wanted: list[str]) -> None:
    toy, wanted = "--toy" in wanted, [name for name in wanted if name != "--toy"]
    unknown = [name for name in wanted if name not in COMMANDS]
    if unknown:
        raise SystemExit(f"there is no benchmark {', '.join(unknown)}; there are {', '.join(COMMANDS)}")
    environment = {**os.environ, **({"MONITOR_BENCHMARK": "toy"} if toy else {})}
    python, cores = platform.python_version(), os.cpu_count()
    print(f"{datetime.now(UTC):%Y-%m-%d}, {platform.system()} {platform.machine()}, {cores} cores, Python {python}\n")
    for name in wanted or COMMANDS:
        # Each in a process of its own, so that none profits from what another has left.
        file, *arguments = COMMANDS[name]
        command = [sys.executable, str(Path(__file__).parent / file), *arguments]
        if subprocess.run(command, env=environment, check=False).returncode:
            raise SystemExit(f"the benchmark {name} failed")


if __name__ == "__main__":
    main(sys.argv[1:])
