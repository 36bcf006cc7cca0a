"""``status`` and ``report``: where things stand."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from rich.text import Text
from sqlalchemy import Connection

from monitor.commands.context import Context, Exit, as_json, write_whole
from monitor.commands.look import looking
from monitor.commands.moment import parse_option
from monitor.config import Config
from monitor.problem import Problem, Unusable
from monitor.report.atom import NoSuchSubject, atom_feed, read_subject
from monitor.report.claim_review import claim_reviews
from monitor.report.deadlines import deadline_calendar
from monitor.report.dossier import Dossier, read_dossier
from monitor.report.mail import mail_text
from monitor.report.markdown import markdown
from monitor.report.page import html_report
from monitor.report.records import dossier_record
from monitor.report.spreadsheet import Table, evidence_table, transition_table
from monitor.report.wording import count
from monitor.store.transitions import read_log


class ReportFormat(StrEnum):
    """What a report can be written as."""

    MARKDOWN = "md"
    HTML = "html"
    TEXT = "text"
    JSON = "json"
    CSV = "csv"
    ATOM = "atom"
    CLAIM_REVIEW = "claimreview"
    CALENDAR = "ics"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Of what a report is wanted: days as people write them, and which ruleset or condition a feed is narrowed to."""

    as_of: str | None = None
    known_at: str | None = None
    since: str | None = None
    condition: str | None = None
    table: Table = Table.EVIDENCE


def report(context: Context, wanted: Wanted, output: ReportFormat, file: Path | None) -> int:
    """The whole report, with the evidence word for word, on standard output or in ``file``."""
    since = parse_option(wanted.since, "--since")
    with looking(context, wanted.as_of, wanted.known_at) as look:
        dossier = read_dossier(look.connection, look.overview, look.sources, since)
        text = _written(look.connection, dossier, wanted, output, look.config)
    if file is None:
        sys.stdout.write(text)
        return Exit.DONE
    write_whole(file, text)
    context.console.print(Text.assemble(("✔ ", "green"), f"{file}, {count(len(text.encode()), 'byte')}"))
    return Exit.DONE


def _written(connection: Connection, dossier: Dossier, wanted: Wanted, output: ReportFormat, config: Config) -> str:
    overview = dossier.overview
    match output:
        case ReportFormat.HTML:
            return html_report(dossier)
        case ReportFormat.TEXT:
            return mail_text(dossier)
        case ReportFormat.JSON:
            return as_json(dossier_record(dossier))
        case ReportFormat.CSV:
            return _table(connection, dossier, wanted.table)
        case ReportFormat.ATOM:
            return _feed(connection, wanted.condition, config)
        case ReportFormat.CLAIM_REVIEW:
            return as_json(claim_reviews(dossier, config.serve.url))
        case ReportFormat.CALENDAR:
            return deadline_calendar(overview)
        case ReportFormat.MARKDOWN:
            return markdown(overview)


def _table(connection: Connection, dossier: Dossier, table: Table) -> str:
    if table is Table.EVIDENCE:
        return evidence_table(dossier.overview)
    return transition_table(read_log(connection))


def _feed(connection: Connection, condition: str | None, config: Config) -> str:
    """Raises :class:`Unusable` for a ruleset or condition that is not there."""
    try:
        return atom_feed(read_subject(connection, condition), config.serve.url)
    except NoSuchSubject as error:
        raise Unusable([Problem(condition or "", 0, 0, str(error))]) from error
