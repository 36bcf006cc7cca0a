"""The pages to read: overview, condition, evidence, item, explanation, log, feeds and rules."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse

from monitor.feeds.plain_text import one_line
from monitor.manners.health import health
from monitor.manners.state import FeedState
from monitor.match.item_reader import read_item
from monitor.model import Item, Stance
from monitor.publishers.owner import owners
from monitor.report.about_item import about_item
from monitor.report.claim_review import claim_reviews
from monitor.report.dossier import Dossier
from monitor.report.feed_health import feed_owners
from monitor.report.passage import marked, near
from monitor.rules.ruleset import Ruleset
from monitor.store.evidence import evidence_of_item
from monitor.store.feeds import feed_states
from monitor.store.items import find_item
from monitor.store.quarantine import held_by_feed
from monitor.store.reviews import reviews_of_evidence
from monitor.store.rule_versions import first_in_force
from monitor.store.search import search_evidence
from monitor.store.transitions import log_head, log_page
from monitor.web.asked import filter_asked, look_asked, page_asked
from monitor.web.page import Site

_PIECES = 50
_ENTRIES = 100
_LONGEST_TEXT = 20_000


def reading_pages(site: Site) -> APIRouter:
    """The routes of all pages that only show."""
    router = APIRouter(include_in_schema=False)
    board = site.board

    @router.get("/")
    def overview(request: Request) -> HTMLResponse:
        look = look_asked(request.query_params)
        dossier = board.dossier(look.as_of, look.known_at, look.since)
        return site.page(request, "overview.html", look=look, dossier=dossier, first_day=_first_day(site, dossier))

    @router.get("/conditions/{ruleset}/{condition}")
    def condition(request: Request, ruleset: str, condition: str) -> HTMLResponse:
        look = look_asked(request.query_params)
        dossier = board.dossier(look.as_of, look.known_at)
        found = dossier.overview.find(ruleset, condition)
        if found is None:
            raise HTTPException(404, "There is no such condition in the rules that were in force.")
        view, row = found
        return site.page(
            request,
            "condition.html",
            look=look,
            dossier=dossier,
            view=view,
            row=row,
            claim_reviews=claim_reviews(dossier, board.config.serve.url, only=(ruleset, condition)),
            first_day=_first_day(site, dossier),
        )

    @router.get("/evidence")
    def evidence(request: Request) -> HTMLResponse:
        wanted, number = filter_asked(request.query_params), page_asked(request.query_params)
        with board.store.read() as connection:
            found = search_evidence(connection, wanted, _PIECES, (number - 1) * _PIECES)
            judged = reviews_of_evidence(connection, [piece.id for piece in found.pieces])
        return site.page(
            request,
            "evidence.html",
            wanted=wanted,
            found=found,
            judged=judged,
            number=number,
            pages=-(-found.total // _PIECES),
            stances=list(Stance),
            parts_of_rules=_parts(board.dossier()),
            asked=request.query_params,
        )

    @router.get("/items/{key}")
    def item(request: Request, key: str) -> HTMLResponse:
        with board.store.read() as connection:
            versions = find_item(connection, key)
            pieces = evidence_of_item(connection, key) if versions else []
            judged = reviews_of_evidence(connection, [piece.id for piece in pieces])
        if not versions:
            raise HTTPException(404, "There is no such item.")
        latest = next((version for version in versions if version.latest), versions[-1])
        return site.page(
            request,
            "item.html",
            versions=versions,
            latest=latest,
            about=about_item(latest, board.config.known_publishers()),
            pieces=pieces,
            judged=judged,
            readout=read_item(board.rules(), latest.item, closely=True),
            marked=marked,
            near=near,
        )

    @router.get("/explain")
    def explain(request: Request) -> HTMLResponse:
        text = request.query_params.get("text", "")[:_LONGEST_TEXT]
        title, _, rest = text.strip().partition("\n")
        item = Item(id="text", title=one_line(title), text=one_line(rest))
        readout = read_item(board.rules(), item, closely=True) if text.strip() else None
        return site.page(request, "explain.html", text=text, item=item, readout=readout, marked=marked, near=near)

    @router.get("/log")
    def log(request: Request) -> HTMLResponse:
        number = page_asked(request.query_params)
        ruleset, _, name = request.query_params.get("condition", "").partition("/")
        with board.store.read() as connection:
            head = log_head(connection)
            entries, total = log_page(connection, ruleset, name, _ENTRIES, (number - 1) * _ENTRIES)
        dossier = board.dossier()
        return site.page(
            request,
            "log.html",
            head=head,
            entries=entries,
            total=total,
            number=number,
            pages=-(-total // _ENTRIES),
            parts_of_rules=_parts(dossier),
            chosen=request.query_params.get("condition", ""),
            consequences=dossier.consequences,
        )

    @router.get("/feeds")
    def feeds(request: Request) -> HTMLResponse:
        now = board.clock()
        with board.store.read() as connection:
            states = feed_states(connection)
            held = held_by_feed(connection)
        rows = [(feed, states.get(feed.url, FeedState(feed.url))) for feed in board.config.feeds]
        owned = feed_owners(board.config, states)
        shared = [one for one in owners(owned.items(), board.config.known_publishers()) if len(one.feeds) > 1]
        told = [(feed, state, health(state, feed.quiet_after, now), held[feed.url]) for feed, state in rows]
        return site.page(
            request,
            "feeds.html",
            feeds=told,
            owned=owned,
            shared=shared,
            dossier=board.dossier(),
            pace=lambda feed: board.config.pace(feed).shortest,
        )

    @router.get("/rules")
    def rules(request: Request) -> HTMLResponse:
        folder, dossier = board.folder(), board.dossier()
        return site.page(
            request,
            "rules.html",
            problems=folder.problems,
            dossier=dossier,
            signals=_signal_lines,
        )

    return router


def _first_day(site: Site, dossier: Dossier) -> str:
    """The first day that the slider reaches: when there were rules, or the first evidence if that is older."""
    with site.board.store.read() as connection:
        began = first_in_force(connection)
    told = [row.told[0].at for view in dossier.overview.rulesets for row in (*view.rows, view.consequence) if row.told]
    first = min([*told, *([began] if began else [])], default=dossier.overview.now)
    return f"{first:%Y-%m-%d}"


def _parts(dossier: Dossier) -> list[tuple[str, str]]:
    """``ruleset/condition`` and title of everything that has a status."""
    return [
        (f"{view.ruleset.ruleset}/{row.id}", row.part.title)
        for view in dossier.overview.rulesets
        for row in (*view.rows, view.consequence)
    ]


def _signal_lines(ruleset: Ruleset) -> list[tuple[str, str, list[tuple[str, str, str]]]]:
    """Each condition of a ruleset with its signals: id, stance and in words what they look for."""
    return [
        (
            name,
            part.title,
            [
                (signal.id, signal.stance.value, ", ".join(str(word) for word in signal.does[:12])
                 + (" …" if len(signal.does) > 12 else ""))
                for signal in part.signals
            ],
        )
        for name, part in ruleset.standing().items()
    ]  # fmt: skip
