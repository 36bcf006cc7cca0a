"""The report as one HTML file that needs no network and no script; and what the dashboard's pages share with it.

Everything that is filled into a template is escaped, addresses of reports are links only if they are http or https.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache
from importlib import resources
from typing import Any
from urllib.parse import urlsplit

from jinja2 import BaseLoader, ChoiceLoader, Environment, PackageLoader, StrictUndefined

from monitor import __version__
from monitor.assess.tally import tally
from monitor.model import Evidence
from monitor.report import timeline_picture, wording
from monitor.report.by_event import by_event
from monitor.report.claim_review import claim_reviews
from monitor.report.dossier import Dossier
from monitor.report.link import web_link
from monitor.report.overview import Row, RulesetView
from monitor.report.passage import in_context
from monitor.rules.ruleset import Consequence

_WORDING = (
    wording.against_text,
    wording.account_lines,
    wording.count,
    wording.coverage_text,
    wording.dated,
    wording.dated_overview,
    wording.day,
    wording.deadline_text,
    wording.event_text,
    wording.fragile,
    wording.minute,
    wording.name_of,
    wording.outlook_text,
    wording.phase_name,
    wording.silence,
    wording.status_name,
    wording.tally_text,
    wording.trend_text,
    wording.trouble,
    wording.undated_text,
    wording.verdict_lines,
    wording.words,
)


def html_report(dossier: Dossier) -> str:
    """The whole report as one HTML document."""
    template = _environment().get_template("report.html")
    return template.render(
        dossier=dossier,
        claim_reviews=claim_reviews(dossier),
    )


def stylesheet() -> str:
    return (resources.files("monitor.report") / "static" / "monitor.css").read_text("utf-8")


def new_environment(loader: BaseLoader) -> Environment:
    """An environment whose templates know the words that every report uses."""
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    known: tuple[Callable[..., Any], ...] = (
        *_WORDING,
        anchor,
        changes_heading,
        host,
        kind_of,
        long_date,
        by_event,
        rows,
        tally,
        titles,
    )
    environment.globals.update({function.__name__: function for function in known})
    environment.globals.update(
        SIGNS=wording.SIGNS,
        WIDTH=timeline_picture.WIDTH,
        HEIGHT=timeline_picture.HEIGHT,
        bands=timeline_picture.bands,
        in_context=in_context,
        picture=timeline_picture.picture,
        scale=timeline_picture.scale,
        version=__version__,
        web_link=web_link,
        words_told=words_told,
    )
    environment.filters["capfirst"] = wording.capfirst
    environment.tests["same_as"] = lambda one, other: one is other
    environment.tests["consequence"] = lambda part: isinstance(part, Consequence)
    return environment


@cache
def _environment() -> Environment:
    return new_environment(ChoiceLoader([PackageLoader("monitor.report"), PackageLoader("monitor.report", "static")]))


def host(link: str) -> str:
    """The host of an address, for people to see where a link goes."""
    try:
        return urlsplit(link).hostname or link
    except ValueError:
        return link


def long_date(when: date) -> str:
    return f"{when.day} {when:%b %Y}"


def anchor(view: RulesetView, row: Row) -> str:
    """The name of a condition's section."""
    return f"{view.ruleset.ruleset}--{row.id}"


def rows(view: RulesetView) -> list[Row]:
    """What has a status, in the order in which people want it: the required conditions, the hopes, the consequence."""
    return [*sorted(view.rows, key=lambda row: row.id not in view.rollup.required), view.consequence]


def titles(dossier: Dossier) -> dict[tuple[str, str], str]:
    """The title of every condition by ruleset and name."""
    return {
        (view.ruleset.ruleset, row.id): row.part.title
        for view in dossier.overview.rulesets
        for row in (*view.rows, view.consequence)
    }


def kind_of(row: Row, required: tuple[str, ...]) -> str:
    """What a condition is to the consequence, in words."""
    if isinstance(row.part, Consequence):
        return "the consequence" + (f" · granted by: {row.part.granted_by}" if row.part.granted_by else "")
    return "required" if row.id in required else f"{row.part.kind}, not required"


def changes_heading(dossier: Dossier) -> str:
    since, until = wording.day(dossier.since), dossier.overview.as_of
    if until < dossier.overview.now:
        return f"What changed from {since} to {wording.day(until)}"
    return f"What changed since {since}"


def words_told(row: Row) -> list[Evidence]:
    """The words since the status began, newest first."""
    since = row.standing.holds_from
    return [piece for piece in reversed(row.told) if piece.stance.is_word and (since is None or piece.at >= since)]
