"""Fetching from servers that behave, and from servers that do not."""

from __future__ import annotations

import asyncio
import socket
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from loopback import Answer, FeedServer, rss

from monitor.clock import utc_now
from monitor.config import Config, FeedConfig, FetchConfig
from monitor.feeds.fetch import Fetched, Validators, fetch, new_session

CONFIG = Config(
    fetch=FetchConfig.model_validate(
        {
            "timeout": "1s",
            "max_bytes": 20_000,
            "contact": "desk@example.org",
            "host_spacing": 0,
            "allow_addresses": ["127.0.0.0/8"],
        }
    )
)


def get(url: str, known: Validators | None = None, config: Config = CONFIG) -> Fetched:
    async def once() -> Fetched:
        async with new_session(config) as session:
            return await fetch(session, config, FeedConfig(url=url), utc_now(), known)

    return asyncio.run(once())


def test_a_body_comes_back_with_its_validators(server: FeedServer) -> None:
    server.answers["/feed.xml"] = Answer(rss({"title": "A"}), headers={"ETag": '"1"', "Last-Modified": "yesterday"})
    fetched = get(server.url())
    assert fetched.body == rss({"title": "A"})
    assert fetched.validators == Validators('"1"', "yesterday")


def test_the_validators_are_sent_and_304_means_unchanged(server: FeedServer) -> None:
    server.answers["/feed.xml"] = Answer(status=304)
    assert get(server.url(), Validators('"1"', "yesterday")).unchanged
    headers = server.requests[0][1]
    assert (headers["If-None-Match"], headers["If-Modified-Since"]) == ('"1"', "yesterday")


def test_we_say_who_we_are(server: FeedServer) -> None:
    server.serve()
    get(server.url())
    assert "condition-monitor/" in server.requests[0][1]["User-Agent"]
    assert "desk@example.org" in server.requests[0][1]["User-Agent"]


def test_a_redirect_is_followed(server: FeedServer) -> None:
    server.serve({"title": "A"}, path="/new.xml")
    server.answers["/feed.xml"] = Answer(status=302, headers={"Location": "/new.xml"})
    assert get(server.url()).body


def slow(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b"<rss>")
    handler.wfile.flush()
    handler.rfile.read(1)  # until the client hangs up


def rude(handler: BaseHTTPRequestHandler) -> None:
    handler.connection.close()


def loop(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(302)
    handler.send_header("Location", handler.path)
    handler.send_header("Content-Length", "0")
    handler.end_headers()


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Answer(status=404), "404"),
        (Answer(status=500), "500"),
        (Answer(b"x" * 30_000), "larger than 20,000 bytes"),
        (slow, "no answer within 1 second"),
        (rude, "connection failed"),
        (loop, "redirects"),
    ],
)
def test_what_goes_wrong_is_said_in_words(server: FeedServer, answer: object, said: str) -> None:
    server.answers["/feed.xml"] = answer  # type: ignore[assignment]
    assert said in get(server.url()).error


def test_a_server_that_is_down_is_said_to_be_down() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        assert "cannot connect" in get(f"http://127.0.0.1:{unused.getsockname()[1]}/").error


def test_a_file_is_read_where_the_settings_point(tmp_path: Path) -> None:
    (tmp_path / "feed.xml").write_bytes(rss({"title": "A"}))
    config = CONFIG.model_copy(update={"root": tmp_path})
    assert get("feed.xml", config=config).body
    assert get(f"file://{tmp_path}/feed.xml", config=config).body
    (tmp_path / "my feed.xml").write_bytes(rss({"title": "A"}))
    assert get((tmp_path / "my feed.xml").as_uri(), config=config).body
    assert get("file:feed.xml", config=config).body
    assert "cannot read" in get("missing.xml", config=config).error
