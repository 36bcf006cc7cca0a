"""The same reports as records for machines: plain values that JSON can carry."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from monitor.assess.coverage import Coverage, Gap
from monitor.assess.outlook import Deadline
from monitor.assess.tally import Tally
from monitor.match.item_reader import Readout
from monitor.model import Evidence, Finding, Review
from monitor.report.by_event import EventReports, by_event
from monitor.report.dossier import Dossier
from monitor.report.overview import Account, Overview, Row
from monitor.report.record_types import (
    AccountRecord,
    ConditionRecord,
    CoverageRecord,
    DeadlineRecord,
    DossierRecord,
    EventRecord,
    EvidenceRecord,
    FindingRecord,
    GapRecord,
    OutlookRecord,
    OverviewRecord,
    ReadoutRecord,
    ReviewRecord,
    TallyRecord,
)
from monitor.report.wording import fragile, outlook_text, status_name
from monitor.rules.ruleset import Consequence


def _time(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def overview_record(overview: Overview) -> OverviewRecord:
    return {
        "as_of": _time(overview.as_of),
        "known_at": _time(overview.known_at),
        "rulesets": [
            {
                "ruleset": view.ruleset.ruleset,
                "title": view.ruleset.title,
                "digest": view.ruleset.digest,
                "consequence": {
                    **row_record(view.consequence),
                    "due": view.rollup.due,
                    "required": list(view.rollup.required),
                    "missing": list(view.rollup.missing),
                    "changes": list(view.rollup.changes),
                    "closest": view.rollup.closest,
                },
                "conditions": [row_record(row) for row in view.rows],
            }
            for view in overview.rulesets
        ],
        "account": account_record(overview.account),
    }


def dossier_record(dossier: Dossier) -> DossierRecord:
    """The overview with what changed, and the marks by which it can be checked."""
    return {
        **overview_record(dossier.overview),
        "since": _time(dossier.since),
        "changes": [entry.record() for entry in dossier.changes],
        "upheld": dossier.upheld,
        "log_head": {"seq": dossier.head[0], "hash": dossier.head[1]},
    }


def row_record(row: Row) -> ConditionRecord:
    return {
        "condition": row.id,
        "title": row.part.title,
        "kind": "consequence" if isinstance(row.part, Consequence) else row.part.kind,
        "status": row.standing.status.value,
        "shown_as": status_name(row.part, row.standing.status),
        "phase": row.standing.phase.value,
        "since": _time(row.standing.holds_from),
        "reason": row.standing.reason,
        "stories": row.stories,
        "publishers": list(row.publishers),
        "tally": tally_record(row.tally),
        "words": {stance.value: tally_record(counted) for stance, counted in row.words.items()},
        "fragile": fragile(row),
        "outlook": outlook_record(row),
        "deadline": _deadline_record(row.deadline),
        "coverage": coverage_record(row.coverage),
        "failing": list(row.failing),
        "quiet": list(row.quiet),
        "evidence": [evidence_record(piece) for piece in row.support],
        "against": [evidence_record(piece) for piece in row.against],
        "undated": [evidence_record(piece) for piece in row.undated],
        "events": [event_record(one) for one in by_event((*row.support, *row.against, *row.undated), row.event_of)],
    }


def tally_record(counted: Tally) -> TallyRecord:
    return {"events": counted.events, "reports": counted.reports, "publishers": counted.publishers}


def event_record(one: EventReports) -> EventRecord:
    """An event with those of its reports that bear on the status, and why each was counted to it."""
    return {
        "id": one.event.id,
        "stance": one.event.stance.value,
        "tally": tally_record(one.tally),
        "reports": [{"evidence": piece.id, "why": one.why(piece)} for piece in one.reports],
    }


def _deadline_record(deadline: Deadline | None) -> DeadlineRecord | None:
    if deadline is None:
        return None
    return {"by": _time(deadline.by), "days_left": deadline.left.days, "overdue": deadline.is_overdue}


def outlook_record(row: Row) -> OutlookRecord:
    """What time alone will bring, and what news would change."""
    outlook, fades = row.outlook, row.outlook.fades
    return {
        "in_words": outlook_text(row),
        "fades": {"status": fades.status.value, "phase": fades.phase.value, "at": _time(fades.holds_from)}
        if fades
        else None,
        "needs": [
            {"stance": need.stance.value, "publishers": need.publishers, "by": _time(need.by)}
            for need in (outlook.fulfilment, outlook.breach)
        ],
        "holds": [
            {"signal": hold.signal, "reversed_by": list(hold.reversed_by), "publishers": hold.publishers}
            for hold in outlook.holds
        ],
    }


def coverage_record(coverage: Coverage) -> CoverageRecord:
    return {
        "since": _time(coverage.since),
        "until": _time(coverage.until),
        "share": round(coverage.share, 4),
        "stops": [gap_record(gap) for gap in coverage.stops],
    }


def gap_record(gap: Gap) -> GapRecord:
    return {"began": _time(gap.began), "ended": _time(gap.ended)}


def evidence_record(piece: Evidence) -> EvidenceRecord:
    return {
        "id": piece.id,
        "item": piece.item,
        "version": piece.version,
        "condition": piece.condition,
        "stance": piece.stance.value,
        "signal": piece.signal,
        "quote": piece.quote,
        "title": piece.title,
        "publisher": piece.publisher,
        "organisation": piece.organisation,
        "link": piece.link,
        "asserted_by": piece.asserted_by.value,
        "grade": piece.grade,
        "story": piece.story,
        "reviewer": piece.reviewer,
        "at": _time(piece.at),
        "date_mark": piece.date_mark.value,
        "recorded": _time(piece.recorded),
    }


def account_record(account: Account) -> AccountRecord:
    return {
        "feeds": account.feeds,
        "feeds_polled": account.polled,
        "polls": account.polls,
        "last_poll": _time(account.last_poll),
        "watched_since": _time(account.watched_since),
        "stops": [gap_record(gap) for gap in account.stops],
        "items": account.items.items,
        "versions": account.items.versions,
        "read": account.items.versions - account.items.waiting,
        "waiting": account.items.waiting,
        "rules_in_folder": account.folder.value,
        "failing": [
            {
                "url": s.url,
                "since": _time(s.failing_since),
                "failures": s.failures,
                "error": s.error,
                "resting": list(account.resting.get(s.url, ())),
            }
            for s in account.failing
        ],
        "quiet": [{"url": s.url, "nothing_new_since": _time(s.new_at)} for s in account.quiet],
        "never_polled": list(account.never_polled),
    }


def review_record(review: Review) -> ReviewRecord:
    return {
        "number": review.number,
        "verdict": review.verdict.value,
        "by": review.reviewer,
        "reason": review.reason,
        "recorded": _time(review.recorded),
        "ruleset": review.ruleset,
        "condition": review.condition,
        "evidence": review.evidence,
        "stance": review.stance and review.stance.value,
        "status": review.status and review.status.value,
        "expires": _time(review.expires),
        "undoes": review.undoes,
        "other": review.other,
        "dated": _time(review.dated),
    }


def finding_record(finding: Finding) -> FindingRecord:
    return {
        "ruleset": finding.ruleset,
        "condition": finding.condition,
        "stance": finding.stance.value,
        "signal": finding.signal,
        "quote": finding.quote,
        "span": [finding.span.start, finding.span.end],
        "words": [[word.start, word.end] for word in finding.words],
        "asserted_by": finding.asserted_by.value,
        "speaker": finding.speaker,
        "steps": [
            {
                "role": step.role,
                "text": step.text,
                "span": [step.span.start, step.span.end] if step.span else None,
                "note": step.note,
            }
            for step in finding.steps
        ],
    }


def readout_record(readout: Readout, places: Mapping[tuple[str, str, str], str]) -> ReadoutRecord:
    """Everything read in an item; ``places`` tells the file and line of each signal."""
    return {
        "evidence": [
            {**finding_record(f), "rule": places.get((f.ruleset, f.condition, f.signal), "")} for f in readout.findings
        ],
        "near_misses": [
            {"ruleset": n.ruleset, "condition": n.condition, "signal": n.signal, "quote": n.quote, "missing": n.missing}
            for n in readout.near_misses
        ],
    }
