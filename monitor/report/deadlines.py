"""Deadlines as an iCalendar file (RFC 5545), for the calendar that people look at anyway."""

from __future__ import annotations

from datetime import timedelta

from icalendar import Calendar, Event

from monitor import __version__
from monitor.report.overview import Overview, Row, RulesetView
from monitor.report.wording import day, outlook_text, status_name
from monitor.rules.ruleset import Condition


def deadline_calendar(overview: Overview) -> str:
    """A whole-day event on the last day of each condition that has one, and one on the day on which a status will fade
    if no more news comes."""
    calendar = Calendar()
    calendar.add("prodid", f"-//condition monitor//{__version__}//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", "Condition monitor: deadlines")
    for view in overview.rulesets:
        for row in (*view.rows, view.consequence):
            for event in (_deadline(row, view, overview), _fading(row, view, overview)):
                if event is not None:
                    calendar.add_component(event)
    return str(calendar.to_ical(), "utf-8")


def _deadline(row: Row, view: RulesetView, overview: Overview) -> Event | None:
    if not isinstance(row.part, Condition) or row.part.by is None:
        return None
    event = _event("deadline", row, view, overview)
    event.add("summary", f"Deadline: {row.part.title}")
    event.add("dtstart", row.part.by)
    event.add("dtend", row.part.by + timedelta(days=1))
    return event


def _fading(row: Row, view: RulesetView, overview: Overview) -> Event | None:
    fades = row.outlook.fades
    if fades is None or fades.holds_from is None:
        return None
    event = _event("fading", row, view, overview)
    named = status_name(row.part, fades.status)
    event.add("summary", f"Without more news {named}: {row.part.title}")
    event.add("dtstart", fades.holds_from.date())
    event.add("dtend", fades.holds_from.date() + timedelta(days=1))
    return event


def _event(kind: str, row: Row, view: RulesetView, overview: Overview) -> Event:
    event = Event()
    event.add("uid", f"{kind}-{view.ruleset.ruleset}-{row.id}@condition-monitor")
    event.add("dtstamp", overview.now)
    now = f"{status_name(row.part, row.standing.status)} ({row.standing.phase.value})"
    event.add("description", f"{day(overview.as_of)}: {now}; {outlook_text(row)}.")
    event.add("transp", "TRANSPARENT")
    return event
