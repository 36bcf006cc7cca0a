"""What the tests share: a real HTTP server on loopback, a folder set up by ``monitor init``, and the command line."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from monitor.cli import run_command
from monitor.match.compiled import CompiledRules
from monitor.rules.read import read_rule_book
from monitor.starter import starter_folder


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

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()

    def url(self, path: str = "/feed.xml") -> str:
        return f"http://127.0.0.1:{self._server.server_port}{path}"

    def serve(self, *entries: dict[str, str], path: str = "/feed.xml") -> None:
        """Serve an RSS feed of entries with ``title`` and perhaps ``text``, ``guid``, ``link``, ``date``, ``source``."""
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


@pytest.fixture
def server() -> Iterator[FeedServer]:
    feed_server = FeedServer()
    yield feed_server
    feed_server.close()


@dataclass(frozen=True)
class Ran:
    """What a command did."""

    code: int
    out: str
    err: str


Monitor = Callable[..., Ran]


@pytest.fixture
def monitor(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Monitor:
    """Run a command as a user would: ``monitor("status", "--format", "json")``."""
    monkeypatch.setenv("COLUMNS", "140")
    monkeypatch.delenv("MONITOR_DATABASE", raising=False)
    monkeypatch.delenv("MONITOR_CONFIG", raising=False)

    def run(*arguments: str) -> Ran:
        capsys.readouterr()
        code = run_command(list(arguments))
        captured = capsys.readouterr()
        return Ran(code, captured.out, captured.err)

    return run


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, and the working directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def workspace(folder: Path, monitor: Monitor, server: FeedServer) -> Path:
    """A folder from ``monitor init`` whose only feed is the test server's."""
    assert monitor("init").code == 0
    (folder / "config.toml").write_text(f'[[feeds]]\nurl = "{server.url()}"\npublisher = "Test Agency"\n')
    return folder


@pytest.fixture(scope="session")
def starter_rules() -> CompiledRules:
    """The shipped rules."""
    return CompiledRules(read_rule_book([starter_folder() / "rules"], starter_folder() / "seeds").rulesets)
