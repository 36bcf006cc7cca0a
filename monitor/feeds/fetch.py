"""Fetching the bytes of a feed. No judgement here: what came back, or in plain words why nothing did."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import quote

import aiohttp

from monitor import __version__
from monitor.config import Config, FeedConfig
from monitor.feeds.unpack import ACCEPTED, NotPacked, TooLarge, unpacker
from monitor.feeds.way_in import NoWayIn, guarded_sockets
from monitor.manners.failure import Failure
from monitor.manners.schedule import Demands
from monitor.problem import Unusable

MAX_REDIRECTS = 5
_CONNECT = timedelta(seconds=10)
_FIRST_BYTE = timedelta(seconds=15)
_PERMANENT = frozenset({301, 308})
_ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5"
)


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server gave us to ask "has it changed since?"."""

    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, slots=True)
class Fetched:
    """The outcome of one fetch: a body, or unchanged, or an error in words and its kind.

    ``status`` is the HTTP status, ``demands`` what the server said about being asked again; ``led_to`` is the address
    that permanent redirects led to, ``asked`` itself without any.
    """

    body: bytes = b""
    unchanged: bool = False
    error: str = ""
    failure: Failure | None = None
    status: int | None = None
    validators: Validators = Validators()
    headers: dict[str, str] = field(default_factory=dict)
    demands: Demands = field(default_factory=Demands)
    asked: str = ""
    led_to: str = ""


def user_agent(config: Config) -> str:
    contact = f"; {config.fetch.contact}" if config.fetch.contact else ""
    return f"condition-monitor/{__version__} (feed monitor{contact})"


def new_session(config: Config) -> aiohttp.ClientSession:
    """A session with the limits of ``config``; close it when done."""
    total = config.fetch.timeout
    return aiohttp.ClientSession(
        timeout=aiohttp.ClientTimeout(
            total=total.total_seconds(),
            sock_connect=min(_CONNECT, total).total_seconds(),
            sock_read=min(_FIRST_BYTE, total).total_seconds(),
        ),
        headers={"User-Agent": user_agent(config), "Accept": _ACCEPT, "Accept-Encoding": ACCEPTED},
        auto_decompress=False,
        connector=aiohttp.TCPConnector(
            limit=config.daemon.concurrency, socket_factory=guarded_sockets(config.fetch.allow_addresses)
        ),
        # Feeds are strangers to each other: what one sets, no other sends.
        cookie_jar=aiohttp.DummyCookieJar(),
    )


async def fetch(
    session: aiohttp.ClientSession,
    config: Config,
    feed: FeedConfig,
    now: datetime,
    known: Validators | None = None,
    address: str = "",
) -> Fetched:
    """Fetch ``feed`` once, from ``address`` if it has moved. Never raises for what network, server or file do."""
    if feed.is_file:
        return await asyncio.to_thread(_read_file, config.feed_path(feed), config.fetch.max_bytes)
    asked = address or feed.url
    try:
        secret = config.secret(feed.secret) if feed.secret else ""
    except Unusable as error:
        return _failed(asked, str(error), Failure.CREDENTIALS)
    fetched = await _get(session, config, asked, secret, known or Validators(), now)
    if secret:
        # An address with a secret in it is neither remembered nor shown.
        said = fetched.error
        for form in {secret, quote(secret, safe="")}:
            said = said.replace(form, "***")
        fetched = replace(fetched, error=said, led_to=asked)
    return fetched


async def _get(
    session: aiohttp.ClientSession, config: Config, asked: str, secret: str, known: Validators, now: datetime
) -> Fetched:
    headers = {}
    if known.etag:
        headers["If-None-Match"] = known.etag
    if known.last_modified:
        headers["If-Modified-Since"] = known.last_modified
    in_address = "{secret}" in asked
    user, _, password = secret.partition(":")
    if secret and not in_address:
        # aiohttp sends this to no other host that a redirect leads to.
        headers["Authorization"] = aiohttp.encode_basic_auth(user, password, "utf-8")
    url = asked.replace("{secret}", quote(secret, safe="")) if in_address else asked
    try:
        async with session.get(url, headers=headers, max_redirects=MAX_REDIRECTS) as response:
            return await _read(response, config.fetch.max_bytes, asked, now)
    except TimeoutError:
        said = f"no answer within {config.fetch.timeout.total_seconds():.0f} seconds"
        return _failed(asked, said, Failure.TIMEOUT)
    except aiohttp.TooManyRedirects:
        return _failed(asked, f"more than {MAX_REDIRECTS} redirects", Failure.REDIRECTS)
    except (aiohttp.ClientConnectorCertificateError, ssl.SSLError) as error:
        return _failed(asked, f"its certificate is not valid: {error}", Failure.CERTIFICATE)
    except aiohttp.ClientConnectorError as error:
        if isinstance(error.os_error, NoWayIn):
            return _failed(asked, f"refused: {error.os_error}", Failure.REFUSED)
        said = f"cannot connect: {error.os_error.strerror or error.os_error or error}"
        return _failed(asked, said, Failure.CONNECTION)
    except (aiohttp.ClientError, OSError, ValueError, UnicodeError) as error:
        said = f"the connection failed: {error or type(error).__name__}"
        return _failed(asked, said, Failure.CONNECTION)


def _failed(asked: str, error: str, failure: Failure) -> Fetched:
    return Fetched(error=error, failure=failure, asked=asked, led_to=asked)


async def _read(response: aiohttp.ClientResponse, max_bytes: int, asked: str, now: datetime) -> Fetched:
    outcome = Fetched(
        status=response.status,
        unchanged=response.status == 304,
        demands=Demands(_retry_after(response.headers, now), _max_age(response.headers)),
        asked=asked,
        led_to=_permanent_address(response) or asked,
    )
    if outcome.unchanged:
        return outcome
    if response.status != 200:
        said = f"the server answered {response.status} {response.reason or ''}".strip()
        return replace(outcome, error=said, failure=Failure.HTTP)
    body = bytearray()
    wire = 0
    try:
        unpack = unpacker(response.headers.get("Content-Encoding", ""), max_bytes)
        async for chunk in response.content.iter_chunked(65536):
            # As it comes over the wire, and unpacked: a bomb is small in the one, endless packing in the other.
            wire += len(chunk)
            if wire > max_bytes:
                raise TooLarge
            body += unpack.feed(chunk)
        unpack.close()
    except TooLarge:
        response.close()
        return replace(outcome, error=f"larger than {max_bytes:,} bytes", failure=Failure.TOO_LARGE)
    except NotPacked as error:
        response.close()
        return replace(outcome, error=f"the connection failed: {error}", failure=Failure.CONNECTION)
    names = ("Content-Type", "Content-Location", "Content-Language")
    headers = {name.lower(): response.headers[name] for name in names if name in response.headers}
    validators = Validators(response.headers.get("ETag", ""), response.headers.get("Last-Modified", ""))
    return replace(outcome, body=bytes(body), validators=validators, headers=headers)


def _permanent_address(response: aiohttp.ClientResponse) -> str:
    """Where the permanent redirects lead that come first: a temporary one in between is where they end."""
    address = ""
    for number, hop in enumerate(response.history):
        if hop.status not in _PERMANENT:
            break
        following = [*response.history, response][number + 1]
        address = str(following.url)
    return address


def _retry_after(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """``Retry-After`` (RFC 9110, 10.2.3): seconds, or a date, which is measured by the server's own clock."""
    said = headers.get("Retry-After", "").strip()
    if not said:
        return None
    if said.isdecimal():
        return timedelta(seconds=min(int(said), 10**8))
    until = _http_date(said)
    if until is None:
        return None
    return max(until - (_http_date(headers.get("Date", "")) or now), timedelta(0))


def _http_date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def _max_age(headers: Mapping[str, str]) -> timedelta | None:
    """``Cache-Control: max-age`` (RFC 9111, 5.2.2.1), less the age that the answer already has."""
    found = None
    for directive in headers.get("Cache-Control", "").lower().split(","):
        name, _, value = directive.strip().partition("=")
        if name in ("no-cache", "no-store"):
            return None
        if name == "max-age" and value.strip('" ').isdecimal():
            found = min(int(value.strip('" ')), 10**8)
    if found is None:
        return None
    age = headers.get("Age", "")
    return timedelta(seconds=max(0, found - (min(int(age), 10**8) if age.isdecimal() else 0)))


def _read_file(path: Path, max_bytes: int) -> Fetched:
    try:
        if not path.is_file():
            return Fetched(error=f"cannot read {path}: it is no file", failure=Failure.FILE)
        if path.stat().st_size > max_bytes:
            return Fetched(error=f"larger than {max_bytes:,} bytes", failure=Failure.TOO_LARGE)
        return Fetched(path.read_bytes())
    except OSError as error:
        return Fetched(error=f"cannot read {path}: {error.strerror or error}", failure=Failure.FILE)
