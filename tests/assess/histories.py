"""Little histories for the tests of the assessment: a condition, and reports written as ``1 closed A grade-D``."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from monitor.assess.standing import Knowledge, know
from monitor.assess.timeline import Standing
from monitor.model import Asserter, DateMark, Evidence, Review, Stance, Status, Verdict, digest
from monitor.rules.ruleset import Condition

START = datetime(2022, 1, 1, tzinfo=UTC)
CONDITION = Condition.model_validate(
    {
        "title": "Schools are open",
        "confirm": {"publishers": 2, "within": "14d"},
        "signals": [
            {"id": "closed", "stance": "breach", "does": ["shut"], "lasts": "until-reversed"},
            {
                "id": "opened",
                "stance": "fulfilment",
                "does": ["open"],
                "lasts": "until-reversed",
                "reverses": ["closed"],
            },
            {"id": "incident", "stance": "breach", "does": ["turn away"], "lasts": "30d"},
            {"id": "visit", "stance": "fulfilment", "does": ["visit"], "lasts": "30d"},
        ],
    }
)
_OWN = {signal.id: signal.stance for signal in CONDITION.signals}


def at(day: int) -> datetime:
    return START + timedelta(days=day)


def piece(day: int, signal: str, publisher: str, **changes: object) -> Evidence:
    """Evidence of a signal in its own direction, published and recorded on a day, in words of its own."""
    values: dict[str, object] = {
        "id": f"{day:03}-{signal}-{publisher}",
        "item": f"{day}-{signal}-{publisher}",
        "version": "",
        "ruleset": "r",
        "condition": "c",
        "signal": signal,
        "stance": _OWN[signal],
        "asserted_by": Asserter.NARRATOR,
        "publisher": publisher,
        "organisation": publisher.casefold(),
        "origin": publisher.casefold(),
        "grade": "B",
        "title": digest(str(day), signal, publisher),
        "quote": "",
        "link": "",
        "date_mark": DateMark.GIVEN,
        "at": at(day),
        "recorded": at(day),
    }
    return Evidence(**{**values, **changes})  # type: ignore[arg-type]


def known(reports: str) -> Knowledge:
    """What is known when ``reports``, a comma between each, have been read and reviewed."""
    evidence: list[Evidence] = []
    reviews: list[Review] = []
    for report in filter(None, (part.strip() for part in reports.split(","))):
        day, signal, *rest = report.split()
        if signal.startswith("set-"):
            _, status, until = signal.split("-")
            reviews.append(_review(reviews, Verdict.SET, at(int(day)), status=Status(status), expires=at(int(until))))
            continue
        told = piece(int(day), signal, rest[0])
        for mark in rest[1:]:
            told = _marked(told, mark)
            reviews += _reviews(reviews, told, mark)
        evidence.append(told)
    return know(CONDITION, evidence, reviews)


def _marked(told: Evidence, mark: str) -> Evidence:
    kind, _, value = mark.partition("-")
    if kind == "grade":
        return replace(told, grade=value)
    if kind == "story":
        return replace(told, title=f"the very same words of story {value}")
    if kind == "agency":
        return replace(told, origin=value.casefold())
    if kind == "undated":
        return replace(told, date_mark=DateMark.UNREADABLE)
    if kind == "self":
        return replace(told, asserted_by=Asserter.ADDRESSEE)
    if kind in (stance.value for stance in Stance):
        return replace(told, stance=Stance(kind))
    return told


def _reviews(given: list[Review], told: Evidence, mark: str) -> list[Review]:
    kind, _, value = mark.partition("-")
    if kind == "dated":
        return [_review(given, Verdict.DATE, told.at, evidence=told.id, other=told.item, dated=at(int(value)))]
    verdicts = {"rejected": Verdict.REJECT, "as": Verdict.RECLASSIFY, "vouched": Verdict.CONFIRM}
    if kind not in verdicts:
        return []
    stance = Stance(value) if value else None
    return [_review(given, verdicts[kind], told.at, evidence=told.id, stance=stance)]


def _review(given: list[Review], verdict: Verdict, recorded: datetime, **values: object) -> Review:
    number = len(given) + 1
    return Review(number, verdict, "Ada", "so it is", recorded, "r", "c", **values)  # type: ignore[arg-type]


def told(steps: list[Standing]) -> list[str]:
    """A history as a person would write it down: day, status, phase."""
    return [
        f"{(step.holds_from - START).days} {step.status.value} {step.phase.value}"
        for step in steps
        if step.holds_from is not None
    ]
