"""A real HTTP server on loopback, and feeds for it to serve."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

# Settings under which a server on loopback may be asked, as often as a test likes.
LOOPBACK = """\
[fetch]
allow_addresses = ["127.0.0.0/8"]
host_spacing = 0
"""


@dataclass
class Answer:
    """What the server says at one path."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "application/rss+xml"})


class FeedServer:
    """A web server on loopback whose answers a test sets and changes; it remembers the requests it got."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer | Callable[[BaseHTTPRequestHandler], None]] = {}
        self.requests: list[tuple[str, dict[str, str]]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.requests.append((self.path, dict(self.headers)))
                answer = outer.answers.get(self.path, Answer(status=404))
                if callable(answer):
                    answer(self)
                    return
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(answer.body)))
                self.end_headers()
                self.wfile.write(answer.body)

            def log_message(self, *_: Any) -> None:
                pass

        class Server(ThreadingHTTPServer):
            def handle_error(self, *_: Any) -> None:
                """Clients hang up on servers that misbehave; nobody needs to read of it."""

        self._server = Server(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()

    def url(self, path: str = "/feed.xml") -> str:
        return f"http://127.0.0.1:{self._server.server_port}{path}"

    def serve(self, *entries: dict[str, str], path: str = "/feed.xml") -> None:
        """Serve an RSS feed. An entry has a title and perhaps a text, guid, link, date and source."""
        self.answers[path] = Answer(rss(*entries))

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def rss(*entries: dict[str, str]) -> bytes:
    """An RSS 2.0 document."""
    tags = {
        "title": "title",
        "text": "description",
        "guid": "guid",
        "link": "link",
        "date": "pubDate",
        "source": "source",
    }
    items = "".join(
        "<item>" + "".join(f"<{tags[key]}>{value}</{tags[key]}>" for key, value in entry.items()) + "</item>"
        for entry in entries
    )
    return f"<?xml version='1.0'?><rss version='2.0'><channel><title>Test feed</title>{items}</channel></rss>".encode()
