"""What benchmarks measure against: a server of made feeds, and an empty PostgreSQL database."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, make_url, text

_DEFAULT = "postgresql+psycopg://postgres@127.0.0.1:5432/test"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(feeds: int) -> Iterator[int]:
    """The port of a server of so many feeds, a process of its own."""
    port = free_port()
    command = [sys.executable, str(Path(__file__).parent / "made_feeds.py"), str(port), str(feeds)]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        server.stdout.readline()
        yield port
    finally:
        server.kill()


def tell(port: int, what: str) -> None:
    """Tell the server what to do from now on, such as ``etags/1``."""
    urllib.request.urlopen(f"http://127.0.0.1:{port}/{what}").read()


@contextmanager
def empty_database() -> Iterator[str]:
    """The URL of a PostgreSQL database that is gone afterwards; of a server as the tests look for one."""
    url = make_url(os.environ.get("MONITOR_TEST_DATABASE_URL", _DEFAULT))
    name = f"monitor_benchmark_{uuid.uuid4().hex[:8]}"
    admin = create_engine(url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    try:
        yield url.set(database=name).render_as_string(hide_password=False)
    finally:
        with admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        admin.dispose()
