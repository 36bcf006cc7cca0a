"""How statuses, dates and counts are put into words: one place, so that every report says it alike."""

from __future__ import annotations

from datetime import datetime, timedelta

from monitor.assess.coverage import Coverage
from monitor.assess.outlook import Hold, Need
from monitor.assess.rollup import effort
from monitor.assess.tally import Tally, tally
from monitor.model import DateMark, Evidence, Phase, Stance, Status
from monitor.report.overview import Account, FolderRules, Overview, Row, RulesetView
from monitor.report.trend import SPAN, Direction, Trend
from monitor.rules.ruleset import Condition, Consequence

# A sign for each status, so that colour is never the only one.
SIGNS = {Status.MET: "✔", Status.BREACHED: "✘", Status.CONTESTED: "◆", Status.UNKNOWN: "?"}
COLOURS = {Status.MET: "green", Status.BREACHED: "red", Status.CONTESTED: "yellow", Status.UNKNOWN: "bright_black"}
STANCE_COLOURS = {
    Stance.FULFILMENT: "green",
    Stance.BREACH: "red",
    Stance.PLEDGE: "cyan",
    Stance.THREAT: "magenta",
    Stance.DENIAL: "yellow",
    Stance.DEMAND: "blue",
    Stance.MENTION: "bright_black",
}
_GRANTED = {
    Status.MET: "granted",
    Status.BREACHED: "withheld",
    Status.CONTESTED: "contested",
    Status.UNKNOWN: "unknown",
}
_ARROWS = {
    Direction.BETTER: "▲",
    Direction.WORSE: "▼",
    Direction.LAPSED: "◌",
    Direction.NEW: "●",
    Direction.STEADY: "→",
}
_MOVED = (Direction.BETTER, Direction.WORSE, Direction.LAPSED)
_DEEDS = {Stance.FULFILMENT: ("fulfilment", "fulfilments"), Stance.BREACH: ("breach", "breaches")}
_PLURALS = {
    Stance.PLEDGE: ("pledge", "pledges"),
    Stance.THREAT: ("threat", "threats"),
    Stance.DENIAL: ("denial", "denials"),
    Stance.DEMAND: ("demand", "demands"),
}


_DATE_MARKS = {
    DateMark.GIVEN: "",
    DateMark.MISSING: "fetched then; it bears no date",
    DateMark.FUTURE: "its date was still to come when it was fetched",
    DateMark.ABSURD: "fetched then; its date makes no sense, so it waits for one",
    DateMark.UNREADABLE: "fetched then; its date cannot be read, so it waits for one",
    DateMark.REVIEWED: "dated by a review",
}


def status_name(part: Condition | Consequence, status: Status) -> str:
    """A consequence is granted or withheld where a condition is met or breached."""
    return name_of(status, isinstance(part, Consequence))


def name_of(status: Status, of_a_consequence: bool) -> str:
    return _GRANTED[status] if of_a_consequence else status.value


def phase_name(row: Row) -> str:
    """Pending or confirmed; an unknown status says whether there was one before."""
    if row.standing.status is not Status.UNKNOWN or row.standing.phase is Phase.BY_HAND:
        return row.standing.phase.value
    return "" if row.standing.holds_from is None else "has lapsed"


def silence(row: Row, account: Account) -> str:
    """What it means that nothing is known: not looking and seeing nothing are different answers."""
    coverage = row.coverage
    if not account.first_polled:
        return "nobody has looked yet: no feed was polled"
    if coverage.since is None:
        return f"nobody looked then: watched since {day(min(account.first_polled.values()))}"
    # A status may be older than the first poll; nothing can be said of the time between.
    since = f" since {day(coverage.since)}"
    if not coverage.share:
        return f"the feeds were read 0% of the time{since}, so nothing is known"
    read = f"the feeds were read {percent(coverage.share)} of that time"
    if not coverage.is_good:
        return f"no evidence{since}, but {read.replace('read', 'read only')}"
    if isinstance(row.part, Condition) and row.part.form == "prohibits":
        return f"no breach observed{since}; {read}"
    return f"no evidence{since}; {read}"


def coverage_text(coverage: Coverage) -> str:
    """ "feeds read 97% of the time since 3 Nov 2026, 2 stops" """
    if coverage.since is None:
        return "not watched then"
    return f"feeds read {percent(coverage.share)} of the time since {day(coverage.since)}{_stops(coverage)}"


def coverage_note(coverage: Coverage) -> str:
    """ "coverage 97%, 2 stops" """
    return f"coverage {percent(coverage.share)}{_stops(coverage)}" if coverage.since is not None else "not watched then"


def _stops(coverage: Coverage) -> str:
    return f", {count(len(coverage.stops), 'stop')}" if coverage.stops else ""


def percent(share: float) -> str:
    """A share in whole per cent; short of all is never shown as all."""
    return f"{99 if 0.99 < share < 1 else round(share * 100)}%"


def trend_text(row: Row, now: datetime) -> str:
    """ "▼ worse, was met; 2 breaches, no fulfilment in 90 days (1 and 3 in the 90 before)" """
    trend = row.trend
    if trend.direction is Direction.STEADY:
        since = row.standing.holds_from
        gone = f"unchanged for {long_span(now - since)}" if since is not None else "no change on record"
    else:
        gone = trend.direction.value
    was = f", was {status_name(row.part, trend.before)}" if trend.before and trend.direction in _MOVED else ""
    return f"{_ARROWS[trend.direction]} {gone}{was}; {_deeds(trend)}"


def _deeds(trend: Trend) -> str:
    if not any((*trend.lately.values(), *trend.earlier.values())):
        return f"no deed reported in {2 * SPAN.days} days"
    lately = ", ".join(_told(counted, _DEEDS[stance]) for stance, counted in trend.lately.items())
    earlier = " and ".join(str(counted.events) for counted in trend.earlier.values())
    return f"{lately} in {SPAN.days} days ({earlier} in the {SPAN.days} before)"


def _told(counted: Tally, names: tuple[str, str]) -> str:
    """ "2 breaches in 5 reports", "no breach"; what happened is counted as events."""
    if not counted:
        return f"no {names[0]}"
    return f"{count(counted.events, *names)} in {count(counted.reports, 'report')}"


def tally_text(counted: Tally) -> str:
    """ "2 events, 5 reports, 4 publishers" """
    return ", ".join(
        (count(counted.events, "event"), count(counted.reports, "report"), count(counted.publishers, "publisher"))
    )


def event_text(counted: Tally) -> str:
    """ "One event: 5 reports by 4 publishers" """
    return f"One event: {count(counted.reports, 'report')} by {count(counted.publishers, 'publisher')}"


def support_text(row: Row) -> str:
    """What a status rests on, in numbers; nothing if it rests on nothing."""
    return f"rests on {tally_text(row.tally)}" if row.support else ""


def against_text(row: Row) -> str:
    """What speaks against a status without having moved it, in words."""
    return f"{tally_text(tally(row.against, row.event_of))} against it, not confirmed"


def undated_text(row: Row) -> str:
    """What waits because nobody knows when it was reported, in words; nothing if nothing does."""
    waiting = tally(row.undated, row.event_of)
    if not waiting:
        return ""
    return f"{count(waiting.reports, 'report')} not counted: the date cannot be read; `monitor review` dates it"


def capfirst(text: str) -> str:
    return text[:1].upper() + text[1:]


def long_span(span: timedelta) -> str:
    """A span of months or years where it is one: "3 years", "5 months", "12 days"."""
    if span.days >= 2 * 365:
        return count(span.days // 365, "year")
    return count(span.days // 30, "month") if span.days >= 60 else span_text(span)


def span_text(span: timedelta) -> str:
    """A span as a person says it: "3 days", "5 hours", "20 minutes"."""
    minutes = int(abs(span.total_seconds()) // 60)
    if minutes >= 2 * 24 * 60:
        return count(minutes // (24 * 60), "day")
    return count(minutes // 60, "hour") if minutes >= 120 else count(minutes, "minute")


def deadline_text(row: Row) -> str:
    """ "due in 12 days (31 Mar 2022)", "overdue for 3 days" """
    if row.deadline is None:
        return ""
    if row.standing.status is Status.MET and row.standing.phase is not Phase.PENDING:
        in_time = row.standing.holds_from is None or row.standing.holds_from <= row.deadline.by
        return f"met {'by' if in_time else 'after'} its deadline, {day(row.deadline.by)}"
    span = span_text(row.deadline.left)
    return (
        f"overdue for {span}, since {day(row.deadline.by)}"
        if row.deadline.is_overdue
        else (f"due in {span}, by {day(row.deadline.by)}")
    )


def outlook_text(row: Row) -> str:
    """How near a status is to changing, and what it would take, in one sentence."""
    standing, outlook = row.standing, row.outlook
    if standing.phase is Phase.BY_HAND:
        until = f" until {day(outlook.fades.holds_from)}" if outlook.fades else ""
        return f"set by hand{until}"
    good, bad = (_needed(row, need) for need in (outlook.fulfilment, outlook.breach))
    fades = ""
    if outlook.fades is not None:
        becomes = status_name(row.part, outlook.fades.status)
        becomes = f"{becomes} (pending)" if outlook.fades.phase is Phase.PENDING else becomes
        fades = f"without more news {becomes} from {day(outlook.fades.holds_from)}"
    if standing.status is Status.UNKNOWN:
        publishers = count(row.part.confirm.publishers, "independent publisher")
        parts = [f"one report would make it pending, {publishers} would confirm it"]
    elif standing.status is Status.CONTESTED:
        parts = [good, bad, fades]
    else:
        own, other = (good, bad) if standing.status is Status.MET else (bad, good)
        side = Stance.FULFILMENT if standing.status is Status.MET else Stance.BREACH
        holds = _all_held(row, [hold for hold in outlook.holds if hold.stance is side])
        parts = [own, fades, *holds] if standing.phase is Phase.PENDING else [fades, *(holds or [other])]
    return "; ".join(part for part in parts if part)


def _all_held(row: Row, holds: list[Hold]) -> list[str]:
    """What keeps a status, in words: the first thing, and how many more."""
    if not holds:
        return []
    others = f", and likewise for {count(len(holds) - 1, 'more signal')}" if len(holds) > 1 else ""
    return [_held(row, holds[0]) + others]


def _held(row: Row, hold: Hold) -> str:
    more = "more " if hold.publishers < row.part.confirm.publishers else ""
    publishers = count(hold.publishers, f"{more}independent publisher")
    reports = "report" if hold.publishers != 1 else "reports"
    if hold.reversed_by == (hold.signal,):
        return f"holds until {publishers} {reports} the opposite of {hold.signal}"
    return f"holds until {publishers} {reports} {' or '.join(hold.reversed_by[:3])}"


def _needed(row: Row, need: Need) -> str:
    if need.publishers == 0:
        return ""
    side = status_name(row.part, Status.MET if need.stance is Stance.FULFILMENT else Status.BREACHED)
    more = "more " if need.by is not None else ""
    by = f" by {day(need.by)}" if need.by is not None else ""
    return f"{count(need.publishers, f'{more}independent publisher')}{by} would confirm {side}"


def day(moment: datetime | None) -> str:
    """A date as a person reads it, in UTC."""
    return f"{moment.day} {moment:%b %Y}" if moment else "—"


def dated(piece: Evidence) -> str:
    """The day of a report; one that the feed did not give is marked."""
    said = _DATE_MARKS[piece.date_mark]
    return f"{day(piece.at)} ({said})" if said else day(piece.at)


def minute(moment: datetime | None) -> str:
    return f"{day(moment)} {moment:%H:%M} UTC" if moment else "—"


def words(row: Row) -> str:
    """ "3 pledges in 4 reports since, no deed": none, that is, against what the status says."""
    parts = [_told(counted, _PLURALS[stance]) for stance, counted in row.words.items()]
    if not parts:
        return ""
    since = row.standing.holds_from
    answered = row.against or row.standing.status is Status.CONTESTED
    return f"{', '.join(parts)}{' since' if since else ''}{'' if answered else ', no deed'}"


def count(number: int, noun: str, plural: str = "") -> str:
    """ "1 item", "2 items", "3 entries" """
    return f"{number:,} {noun if number == 1 else plural or f'{noun}s'}"


def fragile(row: Row) -> str:
    """Whether a status rests on too little, in words."""
    if row.standing.status is Status.UNKNOWN or not row.support:
        return ""
    if row.stories == 1:
        return "rests on one story"
    return f"rests on one wire agency, {row.only_agency}" if row.only_agency else ""


def trouble(row: Row) -> str:
    """What is wrong with the feeds that a status rests on, in words."""
    if row.failing:
        return f"rests on {'a feed' if len(row.failing) == 1 else 'feeds'} that fail{'s' * (len(row.failing) == 1)}"
    return "its sources have gone quiet" if row.quiet else ""


def dated_overview(overview: Overview) -> str:
    """The day a report is of, and by what knowledge; a day to come is foretold and says so."""
    known = f", as known on {minute(overview.known_at)}" if overview.known_at else ""
    foretold = " (still to come: if no more news arrives)" if overview.as_of > overview.now else ""
    return f"as of {minute(overview.as_of)}{foretold}{known}"


def verdict_lines(view: RulesetView) -> list[str]:
    """How far the consequence is: what is in the way, which change is nearest, and what is only hoped for."""
    rollup = view.rollup
    if rollup.due:
        lines = ["All that the consequence requires is met."]
    else:
        state = "not met" if rollup.due is False else "not known to be met"
        met = len(rollup.required) - len(rollup.missing)
        lines = [
            f"What {view.consequence.id} requires is {state}: {met} of {count(len(rollup.required), 'condition')} met",
            f"In the way: {', '.join(rollup.missing)}" if rollup.missing else "The expression is not true",
        ]
    if rollup.closest is not None:
        nearest = next(row for row in view.rows if row.id == rollup.closest)
        reports = count(effort(nearest.outlook), "more independent publisher")
        far = count(len(rollup.changes), "change")
        lines.append(f"{far} away; the nearest: {rollup.closest}, {reports} from being met")
    hopes = [row for row in view.rows if isinstance(row.part, Condition) and row.part.kind == "hope"]
    if hopes:
        told = ", ".join(f"{row.id} {status_name(row.part, row.standing.status)}" for row in hopes)
        lines.append(f"Hoped for, never required: {told}")
    return lines


def account_lines(account: Account) -> list[str]:
    """The account in figures, then everything in it that is not as it should be."""
    items = account.items
    polls = sum(account.polls.values())
    failed = f", {account.polls['failed']:,} failed" if account.polls.get("failed") else ""
    lines = [
        f"{account.polled} of {count(account.feeds, 'feed')} polled ({count(polls, 'poll')}{failed}), last "
        f"{minute(account.last_poll)} · {count(items.items, 'item')} received, "
        f"{items.versions - items.items:,} edited · {items.versions - items.waiting:,} read by the rules · "
        f"{items.waiting:,} waiting to be read"
    ]
    if account.folder is FolderRules.BROKEN:
        lines.append(
            "the rules in the folder cannot be used: the last good ones stay in force, `monitor rules check` says why"
        )
    elif account.folder is FolderRules.CHANGED and account.polled:
        lines.append(
            "the rules in the folder are not the ones in force: `monitor rules backtest` shows what they would change, "
            "`monitor run` applies them"
        )
    if account.stops:
        longest = max(account.stops, key=lambda gap: gap.ended - gap.began)
        lines.append(
            f"the monitor stood still {count(len(account.stops), 'time')}, the longest for "
            f"{span_text(longest.ended - longest.began)} from {minute(longest.began)}"
        )
    lines += [f"quiet: {state.url} brought nothing new since {day(state.new_at)}" for state in account.quiet]
    for state in account.failing:
        resting = account.resting.get(state.url)
        rests = f"; resting on it: {', '.join(resting)}" if resting else ""
        lines.append(f"failing since {minute(state.failing_since)}: {state.url} ({state.error}){rests}")
    return lines
