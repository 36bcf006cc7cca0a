"""What other programs subscribe to: Atom feeds of status changes, a calendar of deadlines, ClaimReview, a report."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from monitor.report.atom import NoSuchSubject, atom_feed, read_subject
from monitor.report.claim_review import claim_reviews
from monitor.report.deadlines import deadline_calendar
from monitor.report.page import html_report
from monitor.web.asked import look_asked
from monitor.web.page import Site

_ATOM = "application/atom+xml; charset=utf-8"


def feeds_out(site: Site) -> APIRouter:
    """The routes of everything that is subscribed to or downloaded."""
    router = APIRouter(tags=["feeds"])
    board = site.board

    def address(request: Request) -> str:
        return board.config.serve.url or str(request.base_url).rstrip("/")

    def atom(request: Request, wanted: str | None) -> Response:
        with board.store.read() as connection:
            try:
                subject = read_subject(connection, wanted)
            except NoSuchSubject as error:
                raise HTTPException(404, f"{wanted} {error}") from error
        return Response(atom_feed(subject, address(request)), media_type=_ATOM)

    @router.get("/feeds.atom", summary="Status changes of everything", response_class=Response)
    def everything(request: Request) -> Response:
        return atom(request, None)

    @router.get("/feeds/{ruleset}.atom", summary="Status changes of a ruleset", response_class=Response)
    def of_a_ruleset(request: Request, ruleset: str) -> Response:
        return atom(request, ruleset)

    @router.get("/feeds/{ruleset}/{condition}.atom", summary="Status changes of a condition", response_class=Response)
    def of_a_condition(request: Request, ruleset: str, condition: str) -> Response:
        return atom(request, f"{ruleset}/{condition}")

    @router.get("/deadlines.ics", summary="Deadlines as a calendar", response_class=Response)
    def deadlines() -> Response:
        return Response(deadline_calendar(board.dossier().overview), media_type="text/calendar; charset=utf-8")

    @router.get("/claimreview.json", summary="ClaimReview of every condition", response_class=Response)
    def claims(request: Request) -> Response:
        found = claim_reviews(board.dossier(), address(request))
        return JSONResponse(found, media_type="application/ld+json")

    @router.get("/report.html", summary="The report as one file", response_class=Response)
    def report(request: Request) -> Response:
        look = look_asked(request.query_params)
        dossier = board.dossier(look.as_of, look.known_at, look.since)
        kept = {"Content-Disposition": f'attachment; filename="report-{dossier.overview.as_of:%Y-%m-%d}.html"'}
        return Response(html_report(dossier), media_type="text/html; charset=utf-8", headers=kept)

    return router
