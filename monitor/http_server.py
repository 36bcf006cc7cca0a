"""An HTTP server beside whatever else runs: uvicorn in a thread of its own, with a loop of its own."""

from __future__ import annotations

import ipaddress
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

_SECONDS_TO_START = 10.0
# Whoever still reads an answer when the server stops has so long.
_SECONDS_TO_STOP = 3


def is_named_safely(host: str | None) -> bool:
    """Whether a request to loopback names an address or ``localhost``. A page in a browser on this machine can reach
    loopback under a name of its own (DNS rebinding), but it cannot pretend to be these."""
    if host == "localhost":
        return True
    try:
        ipaddress.ip_address(host or "")
    except ValueError:
        return False
    return True


def listening_socket(host: str, port: int) -> socket.socket:
    """A socket that listens. Raises ``OSError`` when the address is taken or is none of this machine's."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((host, port))
        sock.listen(128)
    except OSError:
        sock.close()
        raise
    return sock


@contextmanager
def serving(app: ASGIApp, sock: socket.socket) -> Iterator[int]:
    """Serve ``app`` on ``sock`` for as long as the block lasts; gives the port.

    Signals are the caller's business, and forwarded headers are not believed here.
    """
    config = uvicorn.Config(
        app,
        access_log=False,
        lifespan="off",
        log_config=None,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=_SECONDS_TO_STOP,
    )
    server = _Server(config)
    thread = threading.Thread(target=server.run, args=([sock],), name="http", daemon=True)
    thread.start()
    if not server.ready.wait(_SECONDS_TO_START):
        raise OSError("the HTTP server did not start")
    try:
        yield int(sock.getsockname()[1])
    finally:
        server.should_exit = True
        thread.join(_SECONDS_TO_STOP + 5)
        sock.close()


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()
