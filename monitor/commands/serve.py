"""``serve``: the dashboard."""

from __future__ import annotations

import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager

from rich.text import Text

from monitor.clock import utc_now
from monitor.commands.context import Context, Exit
from monitor.config import Config
from monitor.daemon.endpoint import Health, Page, vital_routes
from monitor.daemon.metrics import Metrics
from monitor.http_server import listening_socket, serving
from monitor.problem import Problem, Unusable
from monitor.web.access import Access, where_to_listen
from monitor.web.app import dashboard
from monitor.web.board import Board
from monitor.web.health import health_from_outside


def serve(context: Context, listen: str | None) -> int:
    """Serve the dashboard until SIGTERM or SIGINT."""
    config = context.config()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with closing(context.store(config)) as store:
        board, metrics = Board(store, config, utc_now), Metrics(config)
        with context.console.status("Reading what is stored"):
            board.dossier()
        with serving_dashboard(
            board, listen, lambda: health_from_outside(board), lambda: metrics.page(store, utc_now())
        ) as address:
            context.console.print(Text.assemble("The dashboard is at ", (address, "bold"), "; Ctrl+C stops it"))
            stop.wait()
    return Exit.DONE


@contextmanager
def serving_dashboard(board: Board, listen: str | None, health: Health, page: Page) -> Iterator[str]:
    """The dashboard for as long as the block lasts; gives its address on this machine. Raises :class:`Unusable`."""
    config = board.config
    host, port = where_to_listen(config, listen)
    access = Access(config, host)
    sock = _socket(config, host, port)
    with serving(dashboard(board, access, vital_routes(health, page)), sock) as port:
        yield f"http://{f'[{host}]' if ':' in host else host}:{port}"


def _socket(config: Config, host: str, port: int) -> socket.socket:
    try:
        return listening_socket(host, port)
    except OSError as error:
        message = (
            f"{host}:{port} cannot be listened on ({error.strerror or error}); choose another `listen` under [serve]"
        )
        raise Unusable([Problem(str(config.file), 0, 0, message)]) from error
