"""The dashboard as an ASGI application, put together from its parts."""

from __future__ import annotations

from importlib import resources

from fastapi import FastAPI, HTTPException
from fastapi.exceptions import RequestValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute
from starlette.types import ASGIApp

from monitor import __version__
from monitor.report.page import stylesheet
from monitor.store.database import StoreError
from monitor.web.access import Access, Forbidden
from monitor.web.api import api_routes
from monitor.web.asked import BadQuestion
from monitor.web.board import Board
from monitor.web.desk import desk_pages
from monitor.web.feeds_out import feeds_out
from monitor.web.guard import Guard
from monitor.web.page import Site
from monitor.web.reading import reading_pages

# Our own files change with a new version only.
_A_DAY = {"Cache-Control": "public, max-age=86400"}


def dashboard(board: Board, access: Access, vitals: list[BaseRoute]) -> ASGIApp:
    """The application; ``vitals`` are the routes of health and metrics, which the daemon has too."""
    site = Site(board, access)
    app = FastAPI(
        title="Condition monitor",
        version=__version__,
        description="Where stated conditions stand, on what evidence, and what changed. Every time is UTC.",
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
    )
    for router in (reading_pages(site), desk_pages(site), feeds_out(site), api_routes(site)):
        app.include_router(router)
    app.router.routes.extend(vitals)
    _own_files(app)

    def told(request: Request, status: int, why: str) -> Response:
        if request.url.path.startswith("/api/"):
            return JSONResponse({"detail": why}, status)
        try:
            return site.page(request, "error.html", status, why=why)
        except StoreError as error:
            return Response(f"{error}\n", 503, media_type="text/plain")

    @app.exception_handler(HTTPException)
    def plainly(request: Request, error: HTTPException) -> Response:
        return told(request, error.status_code, str(error.detail))

    @app.exception_handler(404)
    def not_found(request: Request, error: HTTPException) -> Response:
        return told(request, 404, "There is no such page." if error.detail == "Not Found" else str(error.detail))

    @app.exception_handler(BadQuestion)
    def badly_asked(request: Request, error: BadQuestion) -> Response:
        return told(request, 400, str(error))

    @app.exception_handler(Forbidden)
    def forbidden(request: Request, error: Forbidden) -> Response:
        return told(request, 403, str(error))

    @app.exception_handler(RequestValidationError)
    def invalid(request: Request, error: RequestValidationError) -> Response:
        first = error.errors()[0]
        return told(request, 422, f"{'.'.join(str(part) for part in first['loc'][1:])}: {first['msg']}")

    @app.exception_handler(StoreError)
    def no_database(_: Request, error: StoreError) -> Response:
        return Response(f"{error}\n", 503, media_type="text/plain")

    return Guard(app, access, board.config.serve.url)


def _own_files(app: FastAPI) -> None:
    script = (resources.files("monitor.web") / "static" / "monitor.js").read_text("utf-8")
    files = {"monitor.css": (stylesheet(), "text/css"), "monitor.js": (script, "text/javascript")}

    @app.get("/static/{name}", include_in_schema=False)
    def static(name: str) -> Response:
        if name not in files:
            raise HTTPException(404, "There is no such file.")
        text, kind = files[name]
        return Response(text, media_type=kind, headers=_A_DAY)
