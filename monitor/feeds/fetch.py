"""Fetching the bytes of a feed. No judgement here: what came back, or in plain words why nothing did."""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from monitor import __version__
from monitor.config import Config, FeedConfig


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server gave us to ask "has it changed since?"."""

    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, slots=True)
class Fetched:
    """The outcome of one fetch: a body, or unchanged, or an error in words."""

    body: bytes = b""
    unchanged: bool = False
    error: str = ""
    validators: Validators = Validators()
    headers: dict[str, str] = field(default_factory=dict)


def user_agent(config: Config) -> str:
    contact = f"; {config.fetch.contact}" if config.fetch.contact else ""
    return f"condition-monitor/{__version__} (feed monitor{contact})"


def new_session(config: Config) -> aiohttp.ClientSession:
    """A session with the limits of ``config``; close it when done."""
    seconds = config.fetch.timeout.total_seconds()
    return aiohttp.ClientSession(
        timeout=aiohttp.ClientTimeout(total=seconds, sock_connect=min(10.0, seconds)),
        headers={
            "User-Agent": user_agent(config),
            "Accept": "application/atom+xml, application/rss+xml, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5",
        },
        connector=aiohttp.TCPConnector(limit=config.daemon.concurrency, limit_per_host=2),
    )


async def fetch(session: aiohttp.ClientSession, config: Config, feed: FeedConfig, known: Validators) -> Fetched:
    """Fetch ``feed`` once. Never raises for what the network, the server or the file does."""
    if feed.is_file:
        return await asyncio.to_thread(_read_file, config.feed_path(feed), config.fetch.max_bytes)
    headers = {}
    if known.etag:
        headers["If-None-Match"] = known.etag
    if known.last_modified:
        headers["If-Modified-Since"] = known.last_modified
    try:
        async with session.get(feed.url, headers=headers, max_redirects=5) as response:
            return await _read(response, config.fetch.max_bytes)
    except TimeoutError:
        return Fetched(error=f"no answer within {config.fetch.timeout.total_seconds():.0f} seconds")
    except aiohttp.TooManyRedirects:
        return Fetched(error="more than 5 redirects")
    except (aiohttp.ClientConnectorCertificateError, ssl.SSLError) as error:
        return Fetched(error=f"its certificate is not valid: {error}")
    except aiohttp.ClientConnectorError as error:
        return Fetched(error=f"cannot connect: {error.os_error.strerror or error.os_error or error}")
    except (aiohttp.ClientError, OSError, ValueError, UnicodeError) as error:
        return Fetched(error=f"the connection failed: {error or type(error).__name__}")


async def _read(response: aiohttp.ClientResponse, max_bytes: int) -> Fetched:
    if response.status == 304:
        return Fetched(unchanged=True)
    if response.status != 200:
        return Fetched(error=f"the server answered {response.status} {response.reason or ''}".strip())
    body = bytearray()
    async for chunk in response.content.iter_chunked(65536):
        body += chunk
        if len(body) > max_bytes:
            return Fetched(error=f"larger than {max_bytes:,} bytes")
    headers = {"content-type": response.headers.get("Content-Type", "")}
    validators = Validators(response.headers.get("ETag", ""), response.headers.get("Last-Modified", ""))
    return Fetched(bytes(body), validators=validators, headers=headers)


def _read_file(path: Path, max_bytes: int) -> Fetched:
    try:
        if path.stat().st_size > max_bytes:
            return Fetched(error=f"larger than {max_bytes:,} bytes")
        return Fetched(path.read_bytes())
    except OSError as error:
        return Fetched(error=f"cannot read {path}: {error.strerror or error}")
