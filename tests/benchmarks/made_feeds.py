"""A server of made feeds on loopback, in a process of its own and faster than whoever asks it.

    python tests/benchmarks/made_feeds.py PORT FEEDS

``GET /feeds/N`` is a feed of fifty entries; ``GET /edition/E`` turns to the edition whose entries are two further on,
``/etags/1`` has the server answer 304 to whoever knows the edition, and ``/delay/M`` has it take M milliseconds.
"""

from __future__ import annotations

import asyncio
import random
import sys
from datetime import timedelta
from email.utils import format_datetime
from html import escape
from itertools import islice

from made_news import START, news, wordings

ENTRIES = 50
SIGNALS = 1_000
RELEVANT = 0.05


def document(feed: int, edition: int, new: int = 2, entries: int = ENTRIES) -> bytes:
    """A feed with ``new`` entries more at its top than the edition before."""
    items = list(islice(news(wordings(SIGNALS), RELEVANT, seed=feed), edition * new + entries))[edition * new :]
    told = "".join(
        f"<item><title>{escape(item.title)}</title><link>https://paper-{feed}.example/{int(item.id)}</link>"
        f'<guid isPermaLink="false">{feed}-{int(item.id)}</guid>'
        f"<pubDate>{format_datetime(START + timedelta(minutes=int(item.id)), usegmt=True)}</pubDate>"
        f"<author>desk@paper-{feed}.example (Desk)</author>"
        f"<category>World</category><category>Politics</category><category domain='places'>Norvania</category>"
        f"<media:thumbnail width='240' height='135' url='https://paper-{feed}.example/{int(item.id)}.jpg'/>"
        f"<description>{escape(f'<p>{item.text}</p><p><a href=/more>More</a></p>')}</description></item>\n"
        for item in reversed(items)
    )
    return (
        "<?xml version='1.0' encoding='UTF-8'?>\n<rss version='2.0' xmlns:media='http://search.yahoo.com/mrss/'>"
        f"<channel><title>Paper {feed}</title>"
        f"<link>https://paper-{feed}.example/</link><description>News of {feed}</description>\n{told}</channel></rss>"
    ).encode()


class _Server(asyncio.Protocol):
    """As little of HTTP as clients need to be answered."""

    feeds = 0
    edition = 0
    etags = False
    delay = 0
    bodies: dict[tuple[int, int], bytes] = {}  # noqa: RUF012

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._asked = b""

    def data_received(self, data: bytes) -> None:
        self._asked += data
        while b"\r\n\r\n" in self._asked:
            request, _, self._asked = self._asked.partition(b"\r\n\r\n")
            _, kind, number = request.split(b" ", 2)[1].decode().split("/")
            answer = self._answer(kind, int(number), request)
            wait = self.delay / 1000 if kind == "feeds" else 0
            asyncio.get_running_loop().call_later(wait, self._transport.write, answer)

    def _answer(self, kind: str, number: int, request: bytes) -> bytes:
        if kind != "feeds":
            setattr(_Server, kind, number)
            if kind == "edition":
                _Server.bodies = {(feed, number): document(feed, number) for feed in range(self.feeds)}
            return b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
        etag = b'"%d-%d"' % (number, self.edition)
        if self.etags and etag in request:
            return b"HTTP/1.1 304 Not Modified\r\nETag: %s\r\n\r\n" % etag
        body = self.bodies[number, self.edition]
        said = b"ETag: %s\r\n" % etag if self.etags else b""
        kind_of = b"Content-Type: application/rss+xml; charset=utf-8\r\n"
        return b"HTTP/1.1 200 OK\r\n%s%sContent-Length: %d\r\n\r\n%s" % (kind_of, said, len(body), body)


async def _serve(port: int) -> None:
    server = await asyncio.get_running_loop().create_server(_Server, "0.0.0.0", port)
    print("ready", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    random.seed(0)
    _Server.feeds = int(sys.argv[2])
    _Server.bodies = {(feed, 0): document(feed, 0) for feed in range(_Server.feeds)}
    asyncio.run(_serve(int(sys.argv[1])))
