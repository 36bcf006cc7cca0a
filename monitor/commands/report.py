"""``status`` and ``report``: where things stand."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from rich.text import Text
from sqlalchemy import Connection

from monitor.clock import utc_now
from monitor.commands.context import Context, Exit, Format, as_json, print_json, write_whole
from monitor.commands.moment import parse_option
from monitor.config import Config
from monitor.moment import END_OF_DAY
from monitor.problem import Problem, Unusable, did_you_mean
from monitor.report.atom import NoSuchSubject, atom_feed, read_subject
from monitor.report.claim_review import claim_reviews
from monitor.report.deadlines import deadline_calendar
from monitor.report.dossier import Dossier, read_dossier
from monitor.report.mail import mail_text
from monitor.report.markdown import markdown
from monitor.report.overview import Overview, read_overview
from monitor.report.page import html_report
from monitor.report.records import account_record, dossier_record, overview_record, row_record
from monitor.report.spreadsheet import Table, evidence_table, transition_table
from monitor.report.terminal import account_text, show_condition, show_overview
from monitor.report.wording import count
from monitor.rules.read import RuleBook
from monitor.rules.ruleset import Source
from monitor.store.rule_versions import rules_in_force
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
    with _looking(context, wanted.as_of, wanted.known_at) as look:
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
        case ReportFormat.CSV if wanted.table is Table.EVIDENCE:
            return evidence_table(overview)
        case ReportFormat.CSV:
            return transition_table(read_log(connection))
        case ReportFormat.ATOM:
            try:
                return atom_feed(read_subject(connection, wanted.condition), config.serve.url)
            except NoSuchSubject as error:
                raise Unusable([Problem(wanted.condition or "", 0, 0, str(error))]) from error
        case ReportFormat.CLAIM_REVIEW:
            return as_json(claim_reviews(dossier, config.serve.url))
        case ReportFormat.CALENDAR:
            return deadline_calendar(overview)
        case ReportFormat.MARKDOWN:
            return markdown(overview)


@dataclass(frozen=True, slots=True)
class _Look:
    connection: Connection
    overview: Overview
    sources: Mapping[str, Source]
    config: Config


@contextmanager
def _looking(context: Context, as_of: str | None, known_at: str | None) -> Iterator[_Look]:
    moment = parse_option(as_of, "--as-of", END_OF_DAY)
    known = parse_option(known_at, "--known-at", END_OF_DAY)
    config = context.config()
    book, broken = _in_folder(context)
    with context.reading(config) as connection:
        if broken is not None and not rules_in_force(connection):
            raise broken
        rulesets = None if book is None else book.rulesets
        overview = read_overview(connection, rulesets, config, utc_now(), moment, known)
        yield _Look(connection, overview, {} if book is None else book.sources_by_name(), config)


def _in_folder(context: Context) -> tuple[RuleBook | None, Unusable | None]:
    """The rules in the folder, or why they cannot be used: those in force can be reported on all the same."""
    try:
        return context.usable_rule_book(), None
    except Unusable as error:
        return None, error


def status(context: Context, condition: str | None, as_of: str | None, known_at: str | None, output: Format) -> int:
    with _looking(context, as_of, known_at) as look:
        overview = look.overview
    if condition is None:
        print_json(overview_record(overview)) if output is Format.JSON else show_overview(context.console, overview)
        return Exit.DONE
    rows = [row for view in overview.rulesets for row in (*view.rows, view.consequence)]
    chosen = [row for row in rows if row.id == condition]
    if not chosen:
        hint = did_you_mean(condition, [row.id for row in rows])
        raise Unusable([Problem(condition, 0, 0, f"is not a condition of these rules{hint}")])
    if output is Format.JSON:
        print_json({"conditions": [row_record(row) for row in chosen], "account": account_record(overview.account)})
        return Exit.DONE
    for row in chosen:
        show_condition(context.console, row, overview.account)
    context.console.print(account_text(overview.account))
    return Exit.DONE
