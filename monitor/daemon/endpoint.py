"""``GET /healthz`` and ``GET /metrics``, for the operator's own machines; the dashboard has them too."""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from monitor.http_server import is_named_safely, listening_socket, serving

# What is wrong, in words, and a record of how it is.
Health = Callable[[], tuple[list[str], dict[str, Any]]]
Page = Callable[[], bytes]


def vital_routes(health: Health, page: Page) -> list[BaseRoute]:
    """The two routes: ``health`` tells what is wrong, ``page`` gives the metrics. Both are called in threads."""

    def healthz(_: Request) -> Response:
        ailments, record = health()
        status = "ailing" if ailments else "well"
        return JSONResponse({"status": status, "ailments": ailments, **record}, 503 if ailments else 200)

    def metrics(_: Request) -> Response:
        return Response(page(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    return [Route("/healthz", healthz), Route("/metrics", metrics)]


class Endpoint:
    """A web server with these two pages."""

    def __init__(self, health: Health, page: Page) -> None:
        self._routes = vital_routes(health, page)
        self._stack = ExitStack()

    async def start(self, host: str, port: int) -> int:
        """Listen, and return the port. Raises ``OSError`` when the address is taken."""
        app: ASGIApp = Starlette(routes=self._routes)
        if host == "localhost" or ipaddress.ip_address(host).is_loopback:
            app = _NoRebinding(app)
        return await asyncio.to_thread(lambda: self._stack.enter_context(serving(app, listening_socket(host, port))))

    async def stop(self) -> None:
        await asyncio.to_thread(self._stack.close)


class _NoRebinding:
    """Answers on loopback only those who ask by address."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refused = scope["type"] == "http" and not is_named_safely(Request(scope).url.hostname)
        app = PlainTextResponse("ask for this by address\n", 403) if refused else self._app
        await app(scope, receive, send)
