"""What stands between every request and the pages: who may in, from where, and what browsers may do with the answer.

Nothing of a feed is ever run: scripts and styles come from this server's own files alone, whatever stands in a page.
"""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from monitor.http_server import is_named_safely
from monitor.web.access import Access, Forbidden, Visitor

_MOST_BYTES = 65_536
_SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
# What programs ask for, which cannot fill in a form.
_FOR_PROGRAMS = (".atom", ".ics", ".json", "/healthz", "/metrics")
# Reached without a name or token: what a browser needs to show the door itself.
_OPEN = ("/login", "/static/")
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Sites that are linked to learn nothing; our own forms still say where they come from.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class Guard:
    """ASGI middleware. The visitor is left in ``request.state.visitor``."""

    def __init__(self, app: ASGIApp, access: Access, site: str) -> None:
        self._app = app
        self._access = access
        self._site = urlsplit(site)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        visitor: Visitor | None = None
        try:
            self._check(request)
            visitor = self._access.visitor(request)
            answer = self._door(request, visitor)
        except Forbidden as error:
            answer = _refusal(request, 403, str(error))
        app = answer or self._app
        scope.setdefault("state", {})["visitor"] = visitor
        is_new = visitor is not None and not visitor.by_token and self._access.cookie not in request.cookies

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers[name] = value
                headers.setdefault("Cache-Control", "no-store")
                if is_new and visitor is not None and "set-cookie" not in headers:
                    self._give_cookie(headers, visitor)
            await send(message)

        await app(scope, receive, send_guarded)

    def _give_cookie(self, headers: MutableHeaders, visitor: Visitor) -> None:
        response = Response()
        self._access.remember(response, visitor)
        headers.append("set-cookie", response.headers["set-cookie"])

    def _check(self, request: Request) -> None:
        if self._access.is_loopback and not self._is_own_host(request):
            raise Forbidden(
                "ask for this by its address, or set `url` under [serve]: under a name, any web page could ask"
            )
        if request.method in _SAFE_METHODS:
            return
        length = request.headers.get("content-length", "")
        if not length.isdecimal() or int(length) > _MOST_BYTES:
            raise Forbidden("too much, or of unknown length")
        origin = request.headers.get("origin")
        own = (request.headers.get("host", ""), self._site.netloc)
        if origin is not None and (not urlsplit(origin).netloc or urlsplit(origin).netloc not in own):
            raise Forbidden("sent by another site")
        if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            raise Forbidden("sent by another site")

    def _is_own_host(self, request: HTTPConnection) -> bool:
        host = request.url.hostname
        return is_named_safely(host) or (host is not None and host == self._site.hostname)

    def _door(self, request: Request, visitor: Visitor) -> ASGIApp | None:
        if visitor.is_in or request.url.path.startswith(_OPEN):
            return None
        path = request.url.path
        if path.startswith("/api/") or path.endswith(_FOR_PROGRAMS) or request.method not in _SAFE_METHODS:
            why = "say who you are: send the token as `Authorization: Bearer …`, or as the password of a login"
            # A page's own script asks the API, and must not have the browser ask for a password.
            scheme = "Bearer" if path.startswith("/api/") else "Basic"
            return _refusal(request, 401, why, {"WWW-Authenticate": f'{scheme} realm="condition monitor"'})
        asked = path + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse(f"/login?next={quote(asked)}", status_code=303)


def _refusal(request: Request, status: int, why: str, headers: dict[str, str] | None = None) -> ASGIApp:
    if request.url.path.startswith("/api/"):
        return JSONResponse({"detail": why}, status, headers)
    return PlainTextResponse(f"{why}\n", status, headers)
