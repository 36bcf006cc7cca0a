"""A PostgreSQL server of a test's own, which it may stop, start and cut off."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

_BIN = next((path.parent for path in sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)), None)


@dataclass(frozen=True)
class Cluster:
    """A server that listens on all addresses of this machine, at ``port``."""

    folder: Path
    port: int

    def url(self, host: str = "127.0.0.1", options: str = "") -> str:
        return f"postgresql+psycopg://postgres@{host}:{self.port}/postgres{options}"

    def start(self) -> None:
        listen = f"-p {self.port} -c listen_addresses=* -c unix_socket_directories={self.folder}"
        _run("pg_ctl", "-D", f"{self.folder}/data", "-l", f"{self.folder}/log", "-o", listen, "-w", "start")

    def stop(self) -> None:
        """At once, as a power cut does."""
        _run("pg_ctl", "-D", f"{self.folder}/data", "-m", "immediate", "-w", "stop")


def _run(program: str, *arguments: str) -> None:
    assert _BIN is not None
    # PostgreSQL refuses to run as root.
    other = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    subprocess.run([*other, str(_BIN / program), *arguments], check=True, cwd="/", stdout=subprocess.DEVNULL)


@contextmanager
def cluster() -> Iterator[Cluster]:
    """A new server; the test is skipped where PostgreSQL's programs are not installed."""
    if _BIN is None:
        pytest.skip("a server of one's own needs PostgreSQL's programs; install Debian's package postgresql")
    folder = Path(tempfile.mkdtemp(prefix="monitor-cluster-"))
    if os.geteuid() == 0:
        os.chown(folder, pwd.getpwnam("postgres").pw_uid, -1)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    own = Cluster(folder, port)
    try:
        _run("initdb", "-D", f"{folder}/data", "-A", "trust", "-U", "postgres", "--no-sync")
        with (folder / "data" / "pg_hba.conf").open("a") as rights:
            rights.write("host all all 10.0.0.0/8 trust\n")
        own.start()
        yield own
    finally:
        subprocess.run(["pkill", "-9", "-f", str(folder)], check=False)
        shutil.rmtree(folder, ignore_errors=True)
