"""The JSON API: everything that the pages show and the desk does, for other programs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from typing_extensions import TypedDict

from monitor.manners.state import FeedState
from monitor.match.item_reader import read_item
from monitor.model import Item, Review, Stance, Status, Verdict
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
from monitor.report.about_item import about_item_record
from monitor.report.feed_health import feed_owners, feed_record
from monitor.report.queue import review_queue
from monitor.report.record_types import (
    AboutItemRecord,
    ConditionRecord,
    DossierRecord,
    EvidenceRecord,
    FeedRecord,
    HeadRecord,
    ReadoutRecord,
    ReviewRecord,
)
from monitor.report.records import (
    dossier_record,
    evidence_record,
    readout_record,
    review_record,
    row_record,
)
from monitor.store.evidence import evidence_of_item
from monitor.store.feeds import feed_states
from monitor.store.items import find_item
from monitor.store.quarantine import held_by_feed
from monitor.store.reviews import all_reviews
from monitor.store.search import search_evidence
from monitor.store.transitions import log_head, log_page
from monitor.web.access import clean_name
from monitor.web.asked import filter_asked, look_asked
from monitor.web.board import Board
from monitor.web.page import Site, visitor_of

Day = Annotated[str, Query(description="A day such as 2022-12-24 (its end) or a moment in ISO 8601, UTC.")]
Known = Annotated[str, Query(pattern="^(then)?$", description="`then`: by what was known on that day.")]
Limit = Annotated[int, Query(ge=1, le=500)]
Offset = Annotated[int, Query(ge=0)]
Reason = Annotated[str, Field(min_length=1, max_length=2000, description="Why; it stands in the record.")]
By = Annotated[str, Field(max_length=80, description="Who says so; not needed where a proxy or a login names them.")]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class NewReview(_Body):
    """A verdict on a piece of evidence."""

    evidence: Annotated[str, Field(description="The id of the piece.")]
    verdict: Annotated[
        Verdict, Field(description="`confirm`, `reject`, `reclassify`, `join` or `split` (events), or `date`.")
    ]
    stance: Annotated[Stance | None, Field(description="What it is reclassified to.")] = None
    other: Annotated[str, Field(description="The piece with which it tells of one event, or of two.")] = ""
    dated: Annotated[str, Field(description="When an item was published whose own date cannot be read.")] = ""
    reason: Reason
    by: By = ""
    seen: Annotated[
        int | None,
        Field(ge=0, description="The number of the latest review of it that you know of: a later one is 409."),
    ] = None


class Undoing(_Body):
    """Taking a review back."""

    reason: Reason
    by: By = ""


class StatusByHand(_Body):
    """A status that a person sets until a day."""

    condition: Annotated[str, Field(description="A condition, or ruleset/condition.")]
    status: Status
    until: Annotated[str, Field(description="Its last day.")]
    reason: Reason
    by: By = ""


class Entered(TypedDict):
    """A review as it was entered, and the entries of the log that it brought."""

    review: ReviewRecord
    transitions: list[dict[str, object]]


class EvidencePage(TypedDict):
    total: int
    evidence: list[EvidenceRecord]


class LogPage(TypedDict):
    """Entries with everything that their hashes cover."""

    total: int
    head: HeadRecord
    entries: list[dict[str, object]]


class RulesInForce(TypedDict):
    digest: str
    rules: dict[str, Any]


class ProblemRecord(TypedDict):
    line: int
    column: int
    level: str
    message: str


class RulesRecord(TypedDict):
    in_force: list[RulesInForce]
    problems: list[ProblemRecord]


class VersionRecord(TypedDict):
    """One wording of an item, and when it was first seen."""

    version: str
    seen: str
    title: str
    text: str


class ItemRecord(TypedDict):
    id: str
    feed: str
    about: AboutItemRecord
    grade: str
    link: str
    published: str | None
    versions: list[VersionRecord]
    evidence: list[EvidenceRecord]
    explanation: ReadoutRecord


class WaitingRecord(EvidenceRecord):
    """``why`` it is worth a person's look."""

    why: str


class Desk(TypedDict):
    waiting_in_all: int
    waiting: list[WaitingRecord]
    reviews: list[ReviewRecord]


class Passage(_Body):
    """A text to be explained."""

    title: Annotated[str, Field(max_length=2000)]
    text: Annotated[str, Field(max_length=20_000)] = ""


def api_routes(site: Site) -> APIRouter:
    """The routes under ``/api``."""
    router = APIRouter(prefix="/api", tags=["api"])
    for add_routes in (_where_things_stand, _evidence_and_log, _feeds_and_rules, _items, _reviews):
        add_routes(router, site.board)
    return router


def _where_things_stand(router: APIRouter, board: Board) -> None:
    """The routes of statuses."""

    @router.get("/stamp", summary="Changes with any status, evidence, review or rule, and with the health of feeds")
    def stamp() -> dict[str, str]:
        return {"stamp": board.stamp()}

    @router.get("/overview", summary="Where everything stands, and what changed")
    def overview(
        request: Request, as_of: Day = "", known_at: Day = "", known: Known = "", since: Day = ""
    ) -> DossierRecord:
        look = look_asked(request.query_params)
        return dossier_record(board.dossier(look.as_of, look.known_at, look.since))

    @router.get("/conditions/{ruleset}/{condition}", summary="One condition with the evidence of its status")
    def condition(
        request: Request, ruleset: str, condition: str, as_of: Day = "", known: Known = ""
    ) -> ConditionRecord:
        look = look_asked(request.query_params)
        found = board.dossier(look.as_of, look.known_at).overview.find(ruleset, condition)
        if found is None:
            raise HTTPException(404, "there is no such condition in the rules that were in force")
        return row_record(found[1])


def _evidence_and_log(router: APIRouter, board: Board) -> None:
    """The routes of evidence and of the status log."""

    @router.get("/evidence", summary="Evidence, filtered, with full-text search; newest first")
    def evidence(
        request: Request,
        q: Annotated[str, Query(description="Words that stand in the text; phrases in double quotes.")] = "",
        condition: Annotated[str, Query(description="ruleset/condition")] = "",
        stance: str = "",
        publisher: str = "",
        grade: str = "",
        from_: Annotated[str, Query(alias="from", description="The first day.")] = "",
        to: Annotated[str, Query(description="The last day.")] = "",
        withdrawn: Annotated[str, Query(pattern="^(yes)?$", description="`yes`: what was withdrawn, too.")] = "",
        limit: Limit = 50,
        offset: Offset = 0,
    ) -> EvidencePage:
        with board.store.read() as connection:
            found = search_evidence(connection, filter_asked(request.query_params), limit, offset)
        return {"total": found.total, "evidence": [evidence_record(piece) for piece in found.pieces]}

    @router.get("/log", summary="The status log, newest first")
    def log(limit: Limit = 100, offset: Offset = 0) -> LogPage:
        with board.store.read() as connection:
            seq, head = log_head(connection)
            entries, total = log_page(connection, "", "", limit, offset)
        return {"total": total, "head": {"seq": seq, "hash": head}, "entries": [entry.record() for entry in entries]}


def _feeds_and_rules(router: APIRouter, board: Board) -> None:
    """The routes of feeds and rules."""

    @router.get("/feeds", summary="The feeds and their health")
    def feeds() -> list[FeedRecord]:
        with board.store.read() as connection:
            states = feed_states(connection)
            held = held_by_feed(connection)
        now = board.clock()
        owned = feed_owners(board.config, states)
        rows = [(feed, states.get(feed.url, FeedState(feed.url))) for feed in board.config.feeds]
        return [feed_record(board.config, feed, state, owned[feed.url], held[feed.url], now) for feed, state in rows]

    @router.get("/rules", summary="The rules in force, and what is to be said of those in the folder")
    def rules() -> RulesRecord:
        views = board.dossier().overview.rulesets
        return {
            "in_force": [
                {"digest": view.ruleset.digest, "rules": view.ruleset.model_dump(mode="json", by_alias=True)}
                for view in views
            ],
            "problems": [
                {"line": problem.line, "column": problem.column, "level": problem.level, "message": problem.message}
                for problem in board.folder().problems
            ],
        }


def _items(router: APIRouter, board: Board) -> None:
    """The routes of items, and of the explanation of any text."""

    @router.get("/items/{key}", summary="An item: every wording, its evidence, and why")
    def item(key: str) -> ItemRecord:
        with board.store.read() as connection:
            versions = find_item(connection, key)
            pieces = evidence_of_item(connection, key) if versions else []
        if not versions:
            raise HTTPException(404, "there is no such item")
        latest = next((version for version in versions if version.latest), versions[-1])
        return {
            "id": latest.item.id,
            "feed": latest.feed,
            "about": about_item_record(latest, board.config.known_publishers()),
            "grade": latest.grade,
            "link": latest.item.link,
            "published": latest.item.published.isoformat() if latest.item.published else None,
            "versions": [
                {"version": v.version, "seen": v.seen.isoformat(), "title": v.item.title, "text": v.item.text}
                for v in versions
            ],
            "evidence": [evidence_record(piece) for piece in pieces],
            "explanation": readout_record(read_item(board.rules(), latest.item, closely=True), {}),
        }

    @router.post("/explain", summary="Why a text is evidence, or why not")
    def explain(passage: Passage) -> ReadoutRecord:
        found = read_item(board.rules(), Item(id="text", title=passage.title, text=passage.text), closely=True)
        return readout_record(found, {})


def _reviews(router: APIRouter, board: Board) -> None:
    """The routes of the review desk."""

    @router.get("/reviews", summary="What waits to be reviewed, and every review given")
    def reviews(limit: Limit = 100) -> Desk:
        with board.store.read() as connection:
            queue = review_queue(connection, board.clock(), board.knowing)
            given: list[Review] = list(all_reviews(connection))
        return {
            "waiting_in_all": len(queue),
            "waiting": [{**evidence_record(entry.piece), "why": entry.why} for entry in queue[:limit]],
            "reviews": [review_record(review) for review in given],
        }

    @router.post("/reviews", status_code=201, summary="Judge a piece of evidence, group it or date it")
    def give(request: Request, new: NewReview) -> Entered:
        if new.verdict in (Verdict.SET, Verdict.UNDO):
            raise HTTPException(422, "verdict: choose confirm, reject, reclassify, join, split or date")
        by = _signature(request, new.by, new.reason)
        store, now = board.store, board.clock()
        if new.verdict.groups:
            together = new.verdict is Verdict.JOIN
            return _entered(board, lambda: group_evidence(store, now, new.evidence, new.other, together, by))
        if new.verdict is Verdict.DATE:
            try:
                dated = parse_moment(new.dated)
            except ValueError as error:
                raise HTTPException(422, f"dated: `{new.dated}` is not a date; write 2026-12-31") from error
            return _entered(board, lambda: date_item(store, now, new.evidence, dated, by))
        return _entered(board, lambda: judge_evidence(store, now, new.evidence, new.verdict, by, new.stance, new.seen))

    @router.post("/reviews/{number}/undo", status_code=201, summary="Take a review back, by a further entry")
    def take_back(request: Request, number: int, undoing: Undoing) -> Entered:
        by = _signature(request, undoing.by, undoing.reason)
        return _entered(board, lambda: undo(board.store, board.clock(), number, by))

    @router.post("/statuses", status_code=201, summary="Set a status by hand until a day")
    def set_by_hand(request: Request, new: StatusByHand) -> Entered:
        by = _signature(request, new.by, new.reason)
        try:
            until = parse_moment(new.until, END_OF_DAY)
        except ValueError as error:
            raise HTTPException(422, f"until: `{new.until}` is not a date; write 2026-12-31") from error
        return _entered(board, lambda: set_status(board.store, board.clock(), new.condition, new.status, until, by))


def _signature(request: Request, by: str, reason: str) -> Signature:
    visitor = visitor_of(request)
    name = visitor.name if visitor.named_by_proxy or not by else clean_name(by)
    if not name:
        raise HTTPException(422, "a review needs a name: say who you are in `by`")
    return Signature(name, reason)


def _entered(board: Board, act: Callable[[], Judged]) -> Entered:
    try:
        judged = act()
    except Overtaken as error:
        raise HTTPException(409, str(error)) from error
    except Refused as error:
        raise HTTPException(422, str(error)) from error
    board.refresh()
    changed = [entry.record() for entry in judged.transitions]
    return {"review": review_record(judged.review), "transitions": changed}
