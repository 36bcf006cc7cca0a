"""The review desk: evidence that moved or nearly moved a status, one piece at a time, and the door to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from monitor.assess.ledger import standing_parts
from monitor.model import Evidence, Stance, Status, Verdict
from monitor.moment import END_OF_DAY, parse_moment
from monitor.pipeline.judge import (
    Judged,
    Overtaken,
    Refused,
    Signature,
    date_item,
    group_evidence,
    judge_evidence,
    set_status,
    undo,
)
from monitor.report.beside import Beside, beside
from monitor.report.overview import Knowing
from monitor.report.queue import Waiting, review_queue
from monitor.store.evidence import find_evidence
from monitor.store.reviews import all_reviews, reviews_of_evidence
from monitor.store.rule_versions import rules_in_force
from monitor.web.access import Forbidden, Visitor, clean_name
from monitor.web.page import Site, visitor_of

_LONGEST_REASON = 2000
# The queue may be long; the page shows its head.
_SHOWN = 100
_GIVEN = 20


@dataclass(frozen=True, slots=True)
class Form:
    """What a form brought."""

    fields: dict[str, str]

    def text(self, name: str, longest: int = _LONGEST_REASON) -> str:
        return self.fields.get(name, "").strip()[:longest]


def desk_pages(site: Site) -> APIRouter:
    """The routes of the review desk and of the door."""
    router = APIRouter(include_in_schema=False)
    desk = _Desk(site)
    for add_routes in (_verdicts, _events_and_dates, _undo_and_set, _door):
        add_routes(router, desk)
    return router


@dataclass(frozen=True, slots=True)
class _Desk:
    """What all routes of the desk need: the form that was sent, and the page that is shown."""

    site: Site

    async def read_form(self, request: Request) -> Form:
        """The form of a request. Raises :class:`Forbidden` for one that no page of ours has sent."""
        form = await request.form()
        fields = {name: value for name, value in form.items() if isinstance(value, str)}
        if not self.site.access.is_form_token(visitor_of(request), fields.get("form_token", "")):
            raise Forbidden("this form is out of date: go back, load the page anew, and send it again")
        return Form(fields)

    def show(
        self,
        request: Request,
        chosen: str = "",
        status: int = 200,
        refused: str = "",
        overtaken: bool = False,
        reason: str = "",
        done: int = 0,
    ) -> Response:
        """The page of the desk, with the piece that was chosen or else the first that waits."""
        board = self.site.board
        with board.store.read() as connection:
            queue = review_queue(connection, board.clock(), board.knowing)
            entry = next((entry for entry in queue if entry.piece.id == chosen), None)
            piece = entry.piece if entry else (find_evidence(connection, chosen) if chosen else None)
            if piece is None and queue:
                entry, piece = queue[0], queue[0].piece
            judged = reviews_of_evidence(connection, [piece.id]) if piece else {}
            around = _beside(connection, board.knowing, piece) if piece else None
            given = list(all_reviews(connection))
        place = queue.index(entry) if entry else 0
        return self.site.page(
            request,
            "review.html",
            status,
            queue=queue[: max(_SHOWN, place + 1)],
            waiting=len(queue),
            entry=entry,
            piece=piece,
            beside=around,
            following=_following(queue, entry),
            preceding=queue[place - 1].piece.id if entry and place else "",
            judged=judged.get(piece.id) if piece else None,
            given=given[::-1][:_GIVEN],
            done=next((review for review in given if review.number == done), None),
            refused=refused,
            overtaken=overtaken,
            reason=reason,
            stances=list(Stance),
        )

    def done(self, judged: Judged, piece: str) -> Response:
        """The way on to a piece, once a review was given."""
        self.site.board.refresh()
        return RedirectResponse(f"/review?done={judged.review.number}&piece={piece}", 303)


def _verdicts(router: APIRouter, desk: _Desk) -> None:
    """The routes of the pieces that wait, and of the verdicts on them."""
    board = desk.site.board

    @router.get("/review")
    def review(request: Request) -> Response:
        done = request.query_params.get("done", "0")
        return desk.show(request, request.query_params.get("piece", ""), done=int(done) if done.isdecimal() else 0)

    @router.post("/review")
    async def give(request: Request) -> Response:
        form, visitor = await desk.read_form(request), visitor_of(request)
        piece, following = form.text("piece", 40), form.text("following", 40)

        def act() -> Response:
            by = _signature(visitor, form)
            verdict, seen = _verdict(form.text("verdict", 20)), form.text("seen", 12)
            stance = _stance(form.text("stance", 12)) if verdict is Verdict.RECLASSIFY else None
            if not seen.isdecimal():
                raise Refused("the form does not say which reviews you have seen: load the page anew")
            judged = judge_evidence(board.store, board.clock(), piece, verdict, by, stance, int(seen))
            return desk.done(judged, following)

        return await _answered(act, lambda error: desk.show(
            request, piece, 409 if isinstance(error, Overtaken) else 422, str(error), isinstance(error, Overtaken),
            form.text("reason"),
        ))  # fmt: skip


def _events_and_dates(router: APIRouter, desk: _Desk) -> None:
    """The routes that join or split events, and that date an item."""
    board = desk.site.board

    @router.post("/review/event")
    async def group(request: Request) -> Response:
        form, visitor = await desk.read_form(request), visitor_of(request)
        piece, other = form.text("piece", 40), form.text("other", 40)

        def act() -> Response:
            by, together = _signature(visitor, form), form.text("verdict", 20) == Verdict.JOIN.value
            if not other:
                raise Refused("choose the report that it is compared with")
            return desk.done(group_evidence(board.store, board.clock(), piece, other, together, by), piece)

        return await _answered(act, lambda error: desk.show(request, piece, 422, str(error)))

    @router.post("/review/date")
    async def date(request: Request) -> Response:
        form, visitor = await desk.read_form(request), visitor_of(request)
        piece = form.text("piece", 40)

        def act() -> Response:
            by = _signature(visitor, form)
            try:
                dated = parse_moment(form.text("date", 30))
            except ValueError as error:
                raise Refused("say when it was published, such as 2026-03-12") from error
            return desk.done(date_item(board.store, board.clock(), piece, dated, by), piece)

        return await _answered(act, lambda error: desk.show(request, piece, 422, str(error)))


def _undo_and_set(router: APIRouter, desk: _Desk) -> None:
    """The routes that take a review back, and that set a status by hand."""
    board = desk.site.board

    @router.post("/review/undo")
    async def take_back(request: Request) -> Response:
        form, visitor = await desk.read_form(request), visitor_of(request)
        number = form.text("number", 12)

        def act() -> Response:
            by = _signature(visitor, form)
            if not number.isdecimal():
                raise Refused("there is no such review")
            judged = undo(board.store, board.clock(), int(number), by)
            return desk.done(judged, form.text("piece", 40))

        return await _answered(act, lambda error: desk.show(request, form.text("piece", 40), 422, str(error)))

    @router.post("/statuses")
    async def set_by_hand(request: Request) -> Response:
        form, visitor = await desk.read_form(request), visitor_of(request)
        condition = form.text("condition", 200)

        def act() -> Response:
            by = _signature(visitor, form)
            try:
                until = parse_moment(form.text("until", 30), END_OF_DAY)
                status = Status(form.text("status", 12))
            except ValueError as error:
                raise Refused("a status set by hand needs a status and its last day, such as 2026-12-31") from error
            set_status(board.store, board.clock(), condition, status, until, by)
            board.refresh()
            return RedirectResponse(f"/conditions/{condition}", 303)

        return await _answered(act, lambda error: desk.show(request, "", 422, str(error)))


def _door(router: APIRouter, desk: _Desk) -> None:
    """The routes by which a person comes in and leaves."""
    site, access = desk.site, desk.site.access

    @router.get("/login")
    def login(request: Request) -> Response:
        return site.page(request, "login.html", target=_local(request.query_params.get("next", "/")), refused="")

    @router.post("/login")
    async def enter(request: Request) -> Response:
        form, visitor = await desk.read_form(request), visitor_of(request)
        target, name = _local(form.text("next", 500)), clean_name(form.text("name"))
        refused = "" if name else "Say your name: it stands beside every review."
        if access.asks_for_token and not visitor.is_in and not access.lets_in(form.text("token", 500)):
            refused = "That is not the token."
        if refused:
            return await run_in_threadpool(site.page, request, "login.html", 403, target=target, refused=refused)
        response = RedirectResponse(target, 303)
        if not visitor.named_by_proxy:
            access.remember(response, access.admitted(name))
        return response

    @router.post("/logout")
    async def leave(request: Request) -> Response:
        await desk.read_form(request)
        response = RedirectResponse("/login", 303)
        access.forget(response)
        return response


async def _answered(act: Callable[[], Response], refuse: Callable[[Refused], Response]) -> Response:
    try:
        return await run_in_threadpool(act)
    except Refused as error:
        return await run_in_threadpool(refuse, error)


def _signature(visitor: Visitor, form: Form) -> Signature:
    if not visitor.name:
        raise Refused("a review needs a name: say yours first, at the top of the page")
    if not form.text("reason"):
        raise Refused("a review needs a reason: write one sentence that others will understand")
    return Signature(visitor.name, form.text("reason"))


def _verdict(text: str) -> Verdict:
    if text not in (Verdict.CONFIRM.value, Verdict.REJECT.value, Verdict.RECLASSIFY.value):
        raise Refused("choose a verdict: confirm, reject or reclassify")
    return Verdict(text)


def _stance(text: str) -> Stance:
    try:
        return Stance(text)
    except ValueError as error:
        raise Refused("to reclassify is to say as what: choose a stance") from error


def _beside(connection: Connection, knowing: Knowing, piece: Evidence) -> Beside | None:
    """What stands beside a piece of a condition that is still in the rules."""
    for ruleset, name, _ in standing_parts(rules_in_force(connection, only={piece.ruleset})):
        if name == piece.condition:
            return beside(knowing(connection, ruleset, name, None), piece)
    return None


def _following(queue: list[Waiting], entry: Waiting | None) -> str:
    """The piece to go to after this one."""
    if entry is None:
        return queue[0].piece.id if queue else ""
    place = queue.index(entry)
    return queue[place + 1].piece.id if place + 1 < len(queue) else (queue[0].piece.id if place else "")


def _local(target: str) -> str:
    """Where to go after the door: to a page of this site and nowhere else."""
    return target if target.startswith("/") and not target.startswith(("//", "/\\")) else "/"
