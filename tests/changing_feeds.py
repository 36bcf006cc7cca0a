"""Many feeds on many hosts of loopback, which go on publishing, and notice when they are asked without manners."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from typing import Any

from loopback import rss

DEED = "Taliban ban women from universities"


@dataclass
class Asked:
    """A request: which feed of which host, from when to when on the monotonic clock."""

    host: str
    feed: int
    begun: float
    ended: float = 0.0


@dataclass
class ChangingFeeds:
    """Feeds are numbered; every ``feeds / hosts`` of them are on one host. Each begins with one item."""

    feeds: int = 12
    hosts: int = 6
    slow: float = 0.0
    listen: str = "127.0.0.1"
    asked: list[Asked] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._published = [1] * self.feeds
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.answer(self)

            def log_message(self, *_: Any) -> None:
                pass

        class Server(ThreadingHTTPServer):
            request_queue_size = 200

            def handle_error(self, *_: Any) -> None:
                """A worker that is killed hangs up."""

        self._server = Server((self.listen, 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def urls(self) -> list[str]:
        port = self._server.server_port
        if self.listen != "0.0.0.0":
            return [f"http://{self.listen}:{port}/{n}" for n in range(self.feeds)]
        return [f"http://127.0.1.{1 + n % self.hosts}:{port}/{n}" for n in range(self.feeds)]

    def publish(self, items: int = 1) -> None:
        """Every feed publishes more."""
        self._published = [count + items for count in self._published]

    def titles(self) -> Counter[str]:
        """How often each title was published, which is once."""
        return Counter(title(feed, item) for feed in range(self.feeds) for item in range(self._published[feed]))

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        feed = int(handler.path.strip("/"))
        asked = Asked(handler.headers["Host"], feed, time.monotonic())
        self.asked.append(asked)
        count = self._published[feed]
        body = rss(*({"guid": f"{feed}-{item}", "title": title(feed, item)} for item in range(count)))
        time.sleep(self.slow)
        # The end counts before the answer is out: whoever has it may ask again at once.
        asked.ended = time.monotonic()
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    def most_at_once(self) -> int:
        """Of the requests for one feed, how many ran at the same time at most."""
        return max(_most_at_once([one for one in self.asked if one.feed == feed]) for feed in range(self.feeds))

    def most_at_once_of_a_host(self) -> int:
        """Of the requests to one host, how many ran at the same time at most."""
        return max(_most_at_once([one for one in self.asked if one.host == host]) for host in self._hosts_asked())

    def _hosts_asked(self) -> set[str]:
        return {one.host for one in self.asked}

    def closest(self) -> float:
        """How soon after another a request to the same host began, in seconds."""
        begun = [sorted(one.begun for one in self.asked if one.host == host) for host in self._hosts_asked()]
        return min(later - sooner for times in begun for sooner, later in pairwise(times))

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def title(feed: int, item: int) -> str:
    """Every tenth item tells of a deed."""
    return f"{DEED}, report {feed}-{item}" if (feed + item) % 10 == 0 else f"Report {item} of feed {feed}"


def _most_at_once(asked: list[Asked]) -> int:
    events = sorted([(one.begun, 1) for one in asked] + [(one.ended or float("inf"), -1) for one in asked])
    running = most = 0
    for _, step in events:
        running += step
        most = max(most, running)
    return most


@contextmanager
def changing_feeds(**wanted: Any) -> Iterator[ChangingFeeds]:
    world = ChangingFeeds(**wanted)
    try:
        yield world
    finally:
        world.close()
