"""Who may use the dashboard, and under which name they review.

On loopback everybody on this machine may, and says their name once. Elsewhere either a reverse proxy names who asks, in
a header that is believed from that proxy alone, or a token lets people in, and they say their name with it.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import ipaddress
import json
import secrets
import time
from dataclasses import dataclass, replace

from starlette.requests import HTTPConnection
from starlette.responses import Response

from monitor.config import Config, host_and_port
from monitor.problem import Problem, Unusable

_SHORTEST_TOKEN = 16
_LONGEST_NAME = 80
_A_SESSION = 14 * 24 * 3600


class Forbidden(Exception):
    """The request is refused; the message says why."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who asks: ``name`` stands beside their reviews and may be empty, ``session`` is theirs alone. ``is_in`` says that
    they may see the pages, ``named_by_proxy`` that the name is not theirs to choose, ``by_token`` that no browser's
    cookie let them in, so that no other site can have sent them."""

    name: str
    session: str
    is_in: bool
    named_by_proxy: bool = False
    by_token: bool = False


class Access:
    """The rules of access of one running dashboard. Raises :class:`Unusable` for settings that would let anybody in."""

    def __init__(self, config: Config, host: str) -> None:
        serve = config.serve
        self._header = serve.user_header
        self._proxies = serve.proxies
        self._token = config.secret(serve.token) if serve.token else ""
        self.is_loopback = host == "localhost" or ipaddress.ip_address(host).is_loopback
        self.is_secure = serve.url.startswith("https://")
        if self._token and len(self._token) < _SHORTEST_TOKEN:
            message = f"the token {serve.token} is shorter than {_SHORTEST_TOKEN} characters: anybody could guess it"
            raise Unusable([Problem(str(config.file), 0, 0, message)])
        if not (self.is_loopback or self._token or self._header):
            message = (
                f"the dashboard would be open to everybody who reaches {host}: set `token` or `user_header` under "
                "[serve], or listen on 127.0.0.1"
            )
            raise Unusable([Problem(str(config.file), 0, 0, message)])
        # With a token, sessions outlive a new start of the server.
        seed = self._token.encode() if self._token else secrets.token_bytes(32)
        self._key = hashlib.sha256(b"condition monitor, sessions\x00" + seed).digest()

    @property
    def cookie(self) -> str:
        """The name of the cookie; the prefix has browsers insist that it came from this host, encrypted."""
        return "__Host-monitor" if self.is_secure else "monitor"

    @property
    def asks_for_token(self) -> bool:
        return bool(self._token)

    def visitor(self, connection: HTTPConnection) -> Visitor:
        """Who asks. Raises :class:`Forbidden` for one that claims to come through a proxy and does not."""
        known = self._read_cookie(connection.cookies.get(self.cookie, ""))
        visitor = known or Visitor("", secrets.token_urlsafe(18), is_in=not (self._token or self._header))
        if self._header:
            return self._through_proxy(connection, visitor)
        if self._token and "authorization" in connection.headers:
            name, token = _credentials(connection.headers["authorization"])
            if not self.lets_in(token):
                raise Forbidden("the token is not the one that was set")
            return Visitor(clean_name(name), visitor.session, is_in=True, by_token=True)
        return visitor if visitor.is_in or self._token else replace(visitor, is_in=True)

    def _through_proxy(self, connection: HTTPConnection, visitor: Visitor) -> Visitor:
        peer = ipaddress.ip_address(connection.client.host) if connection.client else None
        if peer is None or not any(peer in network for network in self._proxies):
            raise Forbidden("this dashboard is reached through its reverse proxy only")
        name = connection.headers.get(self._header, "").strip()
        if not name:
            raise Forbidden(f"the reverse proxy named nobody in {self._header}")
        return replace(visitor, name=name[:_LONGEST_NAME], is_in=True, named_by_proxy=True)

    def lets_in(self, token: str) -> bool:
        return bool(self._token) and hmac.compare_digest(token.strip().encode(), self._token.encode())

    def admitted(self, name: str) -> Visitor:
        """Somebody who came in through the door, in a session that nobody has seen before."""
        return Visitor(name, secrets.token_urlsafe(18), is_in=True)

    def form_token(self, visitor: Visitor) -> str:
        """What a form of this visitor carries, and no other site can know."""
        return self._signed(f"form:{visitor.session}")

    def is_form_token(self, visitor: Visitor, given: str) -> bool:
        return hmac.compare_digest(self.form_token(visitor).encode(), given.encode())

    def remember(self, response: Response, visitor: Visitor) -> None:
        """Give the visitor a cookie: signed, out of reach of scripts, and not sent along by other sites' forms."""
        content = json.dumps(
            {"name": visitor.name, "session": visitor.session, "in": visitor.is_in, "until": time.time() + _A_SESSION}
        )
        coded = base64.urlsafe_b64encode(content.encode()).decode()
        response.set_cookie(
            self.cookie,
            f"{coded}.{self._signed(coded)}",
            max_age=_A_SESSION,
            httponly=True,
            secure=self.is_secure,
            samesite="lax",
            path="/",
        )

    def forget(self, response: Response) -> None:
        """Take the visitor's cookie away."""
        response.delete_cookie(self.cookie, path="/", secure=self.is_secure, httponly=True, samesite="lax")

    def _read_cookie(self, cookie: str) -> Visitor | None:
        coded, _, signature = cookie.partition(".")
        if not coded or not hmac.compare_digest(self._signed(coded).encode(), signature.encode()):
            return None
        try:
            content = json.loads(base64.urlsafe_b64decode(coded))
        except (binascii.Error, ValueError):
            return None
        if content["until"] < time.time():
            return None
        return Visitor(content["name"], content["session"], content["in"])

    def _signed(self, text: str) -> str:
        return hmac.new(self._key, text.encode(), hashlib.sha256).hexdigest()


def _credentials(header: str) -> tuple[str, str]:
    """Name and token of an ``Authorization`` header: ``Bearer``, or ``Basic`` with the token as the password, which is
    what feed readers can send."""
    kind, _, given = header.partition(" ")
    if kind.lower() != "basic":
        return "", given
    try:
        name, _, token = base64.b64decode(given, validate=True).decode("utf-8").partition(":")
    except (binascii.Error, ValueError):
        return "", ""
    return name, token


def clean_name(name: str) -> str:
    """A name as it may stand in the record: one line, without control characters."""
    return " ".join("".join(char if char.isprintable() else " " for char in name).split())[:_LONGEST_NAME]


def where_to_listen(config: Config, asked: str | None) -> tuple[str, int]:
    """Host and port of the dashboard: as ``asked``, else as set. Raises :class:`Unusable`."""
    try:
        host, port = host_and_port(asked or config.serve.listen)
        if host != "localhost":
            ipaddress.ip_address(host)
    except ValueError as error:
        message = f"`{asked}` is not an address and a port; write 127.0.0.1:9388"
        raise Unusable([Problem("--listen", 0, 0, message)]) from error
    return host, port
