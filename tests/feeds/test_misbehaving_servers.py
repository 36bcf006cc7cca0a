"""Servers that misbehave in every way we know of, on loopback: what is fetched, and what is said of the rest."""

from __future__ import annotations

import asyncio
import gzip
import itertools
import socket
import time
import zlib
from collections.abc import Callable
from datetime import timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler
from typing import Any

import brotli
import pytest
from loopback import Answer, FeedServer, rss

from monitor.clock import utc_now
from monitor.config import Config, FeedConfig
from monitor.feeds.fetch import Fetched, fetch, new_session
from monitor.feeds.host_gate import HostGate
from monitor.feeds.way_in import is_refused
from monitor.manners.failure import Failure

LIMIT = 50_000
OPEN: dict[str, Any] = {"timeout": "1s", "max_bytes": LIMIT, "allow_addresses": ["127.0.0.0/8"]}
BODY = rss({"title": "A girls' school reopened", "text": "x" * 2000})


def get(url: str, root: Any = None, secret: str = "", **fetch_settings: Any) -> Fetched:
    config = Config.model_validate({"fetch": {**OPEN, **fetch_settings}, **({"root": root} if root else {})})

    async def once() -> Fetched:
        async with new_session(config) as session:
            return await fetch(session, config, FeedConfig(url=url, secret=secret), utc_now())

    return asyncio.run(once())


def packed(encoding: str, body: bytes) -> Answer:
    return Answer(body, headers={"Content-Encoding": encoding, "Content-Type": "application/rss+xml"})


def raw_deflate(body: bytes) -> bytes:
    """Without the header that the name promises, as some servers send it."""
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(body) + packer.flush()


PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
}


@pytest.mark.parametrize("encoding", PACKERS)
def test_packed_answers_are_asked_for_and_unpacked(server: FeedServer, encoding: str) -> None:
    server.answers["/feed.xml"] = packed(encoding, PACKERS[encoding](BODY))
    assert get(server.url()).body == BODY
    assert encoding in server.requests[0][1]["Accept-Encoding"]


@pytest.mark.parametrize("encoding", PACKERS)
def test_a_bomb_is_cut_off_before_it_is_unpacked(server: FeedServer, encoding: str) -> None:
    bomb = PACKERS[encoding](b"0" * 200_000_000 if encoding == "br" else b"0" * 50_000_000)
    assert len(bomb) < LIMIT
    server.answers["/feed.xml"] = packed(encoding, bomb)
    began = time.monotonic()
    fetched = get(server.url())
    assert (fetched.failure, fetched.body) == (Failure.TOO_LARGE, b"")
    assert time.monotonic() - began < 10


def test_bytes_on_the_wire_are_limited_even_if_they_unpack_to_nothing(server: FeedServer) -> None:
    """Empty blocks of deflate: an endless answer with no content."""

    def endless(handler: BaseHTTPRequestHandler) -> None:
        packer = zlib.compressobj()
        handler.send_response(200)
        handler.send_header("Content-Encoding", "deflate")
        handler.end_headers()
        block = packer.compress(b"<rss>") + packer.flush(zlib.Z_SYNC_FLUSH)
        while True:
            handler.wfile.write(block)
            block = b"\x00\x00\x00\xff\xff" * 2000

    server.answers["/feed.xml"] = endless
    fetched = get(server.url(), timeout="20s")
    assert fetched.failure is Failure.TOO_LARGE


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd"])
def test_packing_that_is_none_is_an_error_in_words(server: FeedServer, encoding: str) -> None:
    server.answers["/feed.xml"] = packed(encoding, b"this is not packed")
    assert "connection failed: it " in get(server.url()).error


@pytest.mark.parametrize("encoding", PACKERS)
def test_packing_without_its_end_is_an_error_in_words(server: FeedServer, encoding: str) -> None:
    whole = PACKERS[encoding](BODY)
    server.answers["/feed.xml"] = packed(encoding, whole[: len(whole) // 2])
    assert "its end is missing" in get(server.url()).error


def test_odd_packings_that_servers_are_known_for_are_understood(server: FeedServer) -> None:
    half = len(BODY) // 2
    several = gzip.compress(BODY[:half]) + gzip.compress(BODY[half:]) + b"\x00" * 512
    for encoding, body in (("deflate", raw_deflate(BODY)), ("x-gzip", several), ("identity", BODY)):
        server.answers["/feed.xml"] = packed(encoding, body)
        assert get(server.url()).body == BODY


def dripping(handler: BaseHTTPRequestHandler) -> None:
    """A byte every tenth of a second: each read succeeds, the whole never ends."""
    handler.send_response(200)
    handler.send_header("Content-Length", "40000")
    handler.end_headers()
    while True:
        handler.wfile.write(b"<")
        time.sleep(0.1)


def slow_headers(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        handler.wfile.write(b"X-Slow: 1\r\n")
        time.sleep(0.1)


def silent(handler: BaseHTTPRequestHandler) -> None:
    handler.rfile.read(1)


def endless_header(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
    while True:
        handler.wfile.write(b"x" * 10_000)


def cut_short(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "5000")
    handler.end_headers()
    handler.wfile.write(BODY[:100])
    handler.connection.close()


def no_http(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"\x16\x03\x01 this is not HTTP\r\n\r\n")


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (dripping, Failure.TIMEOUT),
        (slow_headers, Failure.TIMEOUT),
        (silent, Failure.TIMEOUT),
        (endless_header, Failure.CONNECTION),
        (cut_short, Failure.CONNECTION),
        (no_http, Failure.CONNECTION),
    ],
)
def test_what_is_slow_endless_or_broken_is_cut_off(
    server: FeedServer, answer: Callable[[BaseHTTPRequestHandler], None], kind: Failure
) -> None:
    server.answers["/feed.xml"] = answer
    began = time.monotonic()
    fetched = get(server.url())
    assert fetched.failure is kind
    assert fetched.error
    assert time.monotonic() - began < 10


def redirect(to: str, status: int = 302) -> Answer:
    return Answer(status=status, headers={"Location": to})


def test_permanent_redirects_are_told_apart_from_temporary_ones(server: FeedServer) -> None:
    server.answers["/end.xml"] = Answer(BODY)
    server.answers["/second.xml"] = redirect("/end.xml", 308)
    server.answers["/feed.xml"] = redirect("/second.xml", 301)
    assert get(server.url()).led_to == server.url("/end.xml")
    server.answers["/second.xml"] = redirect("/end.xml", 302)
    fetched = get(server.url())
    assert (fetched.body, fetched.led_to) == (BODY, server.url("/second.xml"))
    server.answers["/feed.xml"] = redirect("/second.xml", 302)
    assert get(server.url()).led_to == server.url()


@pytest.mark.parametrize(
    "target", ["file:///etc/passwd", "ftp://127.0.0.1/feed.xml", "gopher://x/", "javascript:1", "http://", "//:0/"]
)
def test_a_redirect_leads_to_http_and_https_only(server: FeedServer, target: str) -> None:
    server.answers["/feed.xml"] = redirect(target)
    fetched = get(server.url())
    assert fetched.error
    assert not fetched.body


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "127.1", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0"]
)
def test_this_machine_is_refused_by_default_under_every_name(server: FeedServer, host: str) -> None:
    server.serve({"title": "internal"})
    fetched = get(server.url().replace("127.0.0.1", host), allow_addresses=[])
    assert not fetched.body
    assert not server.requests
    assert fetched.failure in (Failure.REFUSED, Failure.CONNECTION)
    if host in ("127.0.0.1", "localhost"):
        assert fetched.failure is Failure.REFUSED
        assert "allow_addresses" in fetched.error


def test_a_redirect_into_this_machine_is_refused_too(server: FeedServer) -> None:
    server.serve({"title": "internal"}, path="/internal")
    port = server.url().split(":")[2].split("/")[0]
    server.answers["/feed.xml"] = redirect(f"http://127.0.0.2:{port}/internal")
    fetched = get(server.url(), allow_addresses=["127.0.0.1"])
    assert fetched.failure is Failure.REFUSED
    assert [path for path, _ in server.requests] == ["/feed.xml"]


def test_a_name_that_changes_its_address_between_look_and_leap_gains_nothing(
    server: FeedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DNS rebinding: the name is public when it is looked up, and this machine when the connection is made."""
    port = int(server.url().split(":")[2].split("/")[0])
    answers = iter(["93.184.216.34", "127.0.0.1", "127.0.0.1"])

    def rebinding(*_: Any, **__: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), port))]

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    assert rebinding()[0][4][0] == "93.184.216.34"
    assert get(f"http://rebinding.example:{port}/feed.xml", allow_addresses=[]).failure is Failure.REFUSED
    assert not server.requests


@pytest.mark.parametrize(
    ("address", "refused"),
    [
        ("93.184.216.34", False),
        ("2606:2800:220:1:248:1893:25c8:1946", False),
        ("127.0.0.1", True),
        ("10.0.0.1", True),
        ("172.16.5.4", True),
        ("192.168.1.1", True),
        ("169.254.169.254", True),
        ("100.100.100.200", True),
        ("168.63.129.16", True),
        ("192.0.0.192", True),
        ("0.0.0.0", True),
        ("224.0.0.1", True),
        ("255.255.255.255", True),
        ("::1", True),
        ("::", True),
        ("fe80::1%eth0", True),
        ("fd00:ec2::254", True),
        ("ff02::1", True),
        ("::ffff:10.0.0.1", True),
        ("::ffff:93.184.216.34", False),
        ("64:ff9b::7f00:1", True),
        ("64:ff9b::5db8:d822", False),
        ("2002:7f00:1::", True),
    ],
)
def test_addresses_that_feeds_have_no_business_with(address: str, refused: bool) -> None:
    assert is_refused(address) is refused


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("120", 120), ("0", 0), ("soon", None), ("-5", None), ("", None), ("99999999999999999999", 10**8)],
)
def test_retry_after_is_understood(server: FeedServer, header: str, seconds: int | None) -> None:
    server.answers["/feed.xml"] = Answer(status=503, headers={"Retry-After": header})
    asked = get(server.url()).demands.retry_after
    assert asked == (None if seconds is None else timedelta(seconds=seconds))


def test_retry_after_as_a_date_goes_by_the_servers_own_clock(server: FeedServer) -> None:
    theirs = utc_now() - timedelta(days=400)

    def wrong_clock(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response_only(429)
        handler.send_header("Date", format_datetime(theirs, usegmt=True))
        handler.send_header("Retry-After", format_datetime(theirs + timedelta(hours=2), usegmt=True))
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    server.answers["/feed.xml"] = wrong_clock
    fetched = get(server.url())
    assert (fetched.status, fetched.demands.retry_after) == (429, timedelta(hours=2))


@pytest.mark.parametrize(
    ("header", "age", "seconds"),
    [
        ("public, max-age=600", "", 600),
        ("max-age=600", "500", 100),
        ("max-age=600", "9999", 0),
        ("max-age=600, no-cache", "", None),
        ("no-store", "", None),
        ("max-age=often", "", None),
        ("", "", None),
    ],
)
def test_cache_control_is_understood(server: FeedServer, header: str, age: str, seconds: int | None) -> None:
    server.answers["/feed.xml"] = Answer(BODY, headers={"Cache-Control": header, "Age": age})
    asked = get(server.url()).demands.max_age
    assert asked == (None if seconds is None else timedelta(seconds=seconds))


def test_a_secret_comes_from_the_environment_and_is_never_shown(
    server: FeedServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    monkeypatch.setenv("FEED_LOGIN", "desk:t0p/secret")
    server.answers["/feed.xml"] = Answer(BODY)
    assert get(server.url(), secret="env:FEED_LOGIN").body
    assert server.requests[0][1]["Authorization"].startswith("Basic ")
    (tmp_path / "token").write_text("t0p/secret\n")
    server.answers["/feed.xml?key=t0p%2Fsecret"] = redirect("gopher://t0p%2Fsecret/t0p/secret", 301)
    fetched = get(server.url("/feed.xml?key={secret}"), root=tmp_path, secret="file:token")
    assert fetched.error
    assert "secret" not in fetched.error.replace("{secret}", "")
    assert fetched.led_to == server.url("/feed.xml?key={secret}")
    missing = get(server.url(), secret="env:NO_SUCH_NAME")
    assert (missing.failure, "NO_SUCH_NAME" in missing.error) == (Failure.CREDENTIALS, True)


def test_a_password_is_not_sent_along_to_another_host(server: FeedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FEED_LOGIN", "desk:secret")
    other = FeedServer()
    try:
        other.answers["/feed.xml"] = Answer(BODY)
        server.answers["/feed.xml"] = redirect(other.url())
        assert get(server.url(), secret="env:FEED_LOGIN").body
        assert "Authorization" not in other.requests[0][1]
    finally:
        other.close()


def test_a_host_is_asked_by_few_at_a_time_and_not_in_quick_succession() -> None:
    starts: dict[str, list[float]] = {"a": [], "b": []}
    inside = {"a": 0, "b": 0}
    most = 0

    async def guest(gate: HostGate, host: str) -> None:
        nonlocal most
        async with gate.turn(host):
            starts[host].append(asyncio.get_running_loop().time())
            inside[host] += 1
            most = max(most, inside[host])
            await asyncio.sleep(0.05)
            inside[host] -= 1

    async def party() -> None:
        gate = HostGate(concurrency=2, spacing=0.03)
        await asyncio.gather(*(guest(gate, host) for host in "ab" * 5))

    asyncio.run(party())
    assert most == 2
    for times in starts.values():
        assert all(later - earlier >= 0.029 for earlier, later in itertools.pairwise(times))
    # Hosts do not wait for each other.
    assert min(starts["b"]) < sorted(starts["a"])[1]
