"""``GET /healthz`` and ``GET /metrics``, for the operator's own machines."""

from __future__ import annotations

import ipaddress
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@web.middleware
async def _no_rebinding(request: web.Request, handler: Handler) -> web.StreamResponse:
    """A page in a browser on this machine can reach loopback under a name of its own: only addresses and
    ``localhost`` are answered, which it cannot pretend to be."""
    host = request.url.host
    if host != "localhost":
        try:
            ipaddress.ip_address(host or "")
        except ValueError:
            raise web.HTTPForbidden(text="ask for this by address\n") from None
    return await handler(request)


class Endpoint:
    """A web server with two pages. ``health`` gives what is wrong and a record; ``page`` gives the metrics."""

    def __init__(
        self, health: Callable[[], tuple[list[str], dict[str, Any]]], page: Callable[[], Awaitable[bytes]]
    ) -> None:
        self._health = health
        self._page = page
        self._stack = AsyncExitStack()

    async def start(self, host: str, port: int) -> int:
        """Listen, and return the port. Raises ``OSError`` when the address is taken."""
        is_loopback = host == "localhost" or ipaddress.ip_address(host).is_loopback
        app = web.Application(middlewares=[_no_rebinding] if is_loopback else [])
        app.router.add_get("/healthz", self._healthz)
        app.router.add_get("/metrics", self._metrics)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        self._stack.push_async_callback(runner.cleanup)
        site = web.TCPSite(runner, host, port)
        await site.start()
        return int(runner.addresses[0][1])

    async def stop(self) -> None:
        await self._stack.aclose()

    async def _healthz(self, _: web.Request) -> web.Response:
        ailments, record = self._health()
        status = "ailing" if ailments else "well"
        body = {"status": status, "ailments": ailments, **record}
        return web.json_response(body, status=503 if ailments else 200)

    async def _metrics(self, _: web.Request) -> web.Response:
        return web.Response(body=await self._page(), headers={"Content-Type": CONTENT_TYPE_LATEST})
