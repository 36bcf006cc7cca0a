"""The daemon as a process of its own, and waiting for what it does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

# Lets a process believe another time of day; Debian's package is called faketime.
LIBFAKETIME = next((str(path) for path in Path("/usr/lib").glob("*/faketime/libfaketime.so.1")), "")


@contextmanager
def running(folder: Path, **environment: str) -> Iterator[subprocess.Popen[str]]:
    """``monitor run`` in ``folder``; killed at the end if it still runs."""
    with (folder / "stderr.log").open("a") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "monitor", "run"],
            cwd=folder,
            stderr=log,
            text=True,
            env={**os.environ, **environment},
        )
        try:
            yield process
        finally:
            process.kill()
            process.wait()


def wait_until(true: Callable[[], bool], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


def lines(folder: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (folder / "stderr.log").read_text().splitlines() if line.startswith("{")]


def events(folder: Path, name: str) -> list[dict[str, object]]:
    return [line for line in lines(folder) if line["event"] == name]
