"""A dashboard on loopback, and those who look at it: a plain HTTP client and a real browser."""

from __future__ import annotations

import json
import re
import shutil
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from monitor.clock import utc_now
from monitor.commands.serve import serving_dashboard
from monitor.config import Config, load_config
from monitor.store.database import open_store
from monitor.web.board import Board

CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), ""
)
# Nothing that a browser does of its own accord goes out to the network.
CHROMIUM_FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextmanager
def dashboard_of(folder: Path, **serve: Any) -> Iterator[str]:
    """The dashboard over what a folder holds; gives its address. ``serve`` changes the settings under [serve]."""
    config = load_config(folder / "config.toml", {})
    with dashboard_with(config, **serve) as address:
        yield address


@contextmanager
def dashboard_with(config: Config, **serve: Any) -> Iterator[str]:
    config = config.model_copy(update={"serve": config.serve.model_copy(update={"listen": "127.0.0.1:0", **serve})})
    store = open_store(config.database_url)
    board = Board(store, config, utc_now)
    try:
        with serving_dashboard(board, None, lambda: ([], {}), lambda: b"") as address:
            yield address
    finally:
        store.close()


@dataclass
class Answer:
    status: int
    headers: Message
    text: str

    def json(self) -> Any:
        return json.loads(self.text)


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


@dataclass
class Client:
    """A client that keeps cookies and follows no redirect by itself."""

    address: str
    cookies: CookieJar = field(default_factory=CookieJar)

    def ask(self, path: str, data: bytes | None = None, headers: Mapping[str, str] = {}) -> Answer:
        opener = urllib.request.build_opener(_Stay, urllib.request.HTTPCookieProcessor(self.cookies))
        request = urllib.request.Request(self.address + path, data, dict(headers))
        try:
            with opener.open(request, timeout=30) as response:
                return Answer(response.status, response.headers, response.read().decode())
        except urllib.error.HTTPError as error:
            return Answer(error.code, error.headers, error.read().decode())

    def send(self, path: str, headers: Mapping[str, str] = {}, **fields: str) -> Answer:
        """Send a form, with the token that the last page's forms carry."""
        token = re.search(r'name="form_token" value="([0-9a-f]+)"', self.ask("/login").text)
        assert token is not None
        return self.ask(path, urlencode({"form_token": token.group(1), **fields}).encode(), headers)

    def post(self, path: str, body: object, headers: Mapping[str, str] = {}) -> Answer:
        return self.ask(path, json.dumps(body).encode(), {"Content-Type": "application/json", **headers})
