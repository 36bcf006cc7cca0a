"""The status log: append-only, a chain, and what it says is what the evidence says."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from monitor.assess.belief import Occasion, believed, revise
from monitor.assess.log import GENESIS, chain, first_break
from monitor.assess.timeline import UNKNOWN, Standing, at
from monitor.model import Cause, Phase, Status, Transition

START = datetime(2022, 1, 1, tzinfo=UTC)


def moment(day: int) -> datetime:
    return START + timedelta(days=day)


def step(day: int, status: Status, phase: Phase = Phase.CONFIRMED, evidence: str = "e") -> Standing:
    return Standing(status, phase, moment(day), (evidence,), "because")


def revised(
    entries: list[Transition],
    *steps: Standing,
    day: int = 100,
    cause: Cause = Cause.NEWS,
    invalid: tuple[str, ...] = (),
) -> list[Transition]:
    occasion = Occasion("r", "c", "d", moment(day), cause, "so they say", frozenset(invalid))
    return entries + revise(entries, [UNKNOWN, *steps], occasion)


PENDING = step(1, Status.BREACHED, Phase.PENDING)
CONFIRMED = step(3, Status.BREACHED)
LIFTED = step(9, Status.MET)


def log() -> list[Transition]:
    return chain(revised([], PENDING, CONFIRMED, LIFTED), (0, GENESIS))


def told(entries: list[Transition]) -> list[str]:
    return [
        f"{(e.holds_from - START).days}-{(e.holds_until - START).days if e.holds_until else ''} "
        f"{e.before.value} {e.after.value} {e.phase.value} ({e.cause.value if e.cause else ''})"
        for e in entries
    ]


def test_each_step_is_an_entry_with_both_clocks() -> None:
    assert told(log()) == [
        "1- unknown breached pending (news)",
        "3- breached breached confirmed (news)",
        "9- breached met confirmed (news)",
    ]
    assert {e.recorded for e in log()} == {moment(100)}


def test_what_is_logged_is_not_logged_again() -> None:
    entries = log()
    assert revised(entries, PENDING, CONFIRMED, LIFTED) == entries


def test_late_news_adds_an_entry_for_the_days_it_changes_and_rewrites_none() -> None:
    entries = log()
    late = revised(entries, PENDING, replace(CONFIRMED, holds_from=moment(2)), LIFTED)
    assert late[:3] == entries
    assert told(late[3:]) == ["2-3 breached breached confirmed (late news)"]


def test_late_news_that_changes_the_present_is_without_end() -> None:
    late = revised(log(), PENDING, CONFIRMED, step(5, Status.CONTESTED))
    assert told(late[3:]) == ["5- breached contested confirmed (late news)"]


def test_what_rested_on_withdrawn_evidence_is_decided_anew_even_if_nothing_changes() -> None:
    entries = log()
    rest = [replace(s, evidence=("other",)) for s in (PENDING, CONFIRMED, LIFTED)]
    reopened = revised(entries, *rest, cause=Cause.WITHDRAWAL, invalid=("e",))
    assert told(reopened[3:]) == [
        "1- breached breached pending (withdrawal)",
        "3- breached breached confirmed (withdrawal)",
        "9- met met confirmed (withdrawal)",
    ]
    assert reopened[3].reason == "upheld: because; so they say"
    assert revised(reopened, *rest, cause=Cause.WITHDRAWAL, invalid=("e",)) == reopened


def test_upheld_is_said_only_of_the_days_that_stay_as_they_were() -> None:
    entries = revised([], PENDING, CONFIRMED)
    reopened = revised(entries, replace(PENDING, evidence=("f",)), cause=Cause.WITHDRAWAL, invalid=("e",))
    assert told(reopened[2:]) == [
        "1- breached breached pending (withdrawal)",
        "3- breached breached pending (withdrawal)",
    ]
    assert [e.before_phase for e in reopened[2:]] == [Phase.PENDING, Phase.CONFIRMED]
    assert [e.reason.startswith("upheld") for e in reopened[2:]] == [True, False]


def test_the_log_says_what_was_believed_on_any_day_of_any_day() -> None:
    entries = revised(log(), PENDING, replace(CONFIRMED, holds_from=moment(2)), LIFTED, day=200)
    then, now = believed(entries[:3]), believed(entries)
    assert at(then, moment(2)).phase is Phase.PENDING
    assert at(now, moment(2)).phase is Phase.CONFIRMED
    assert [at(now, moment(day)).status for day in (0, 1, 4, 20)] == [
        Status.UNKNOWN,
        Status.BREACHED,
        Status.BREACHED,
        Status.MET,
    ]


def test_a_whole_chain_has_no_break() -> None:
    assert first_break(e.record() for e in log()) is None
    assert first_break([]) is None


def test_an_entry_of_the_first_release_still_verifies() -> None:
    old = [replace(entry, before_phase=None, cause=None) for entry in log()]
    sealed = chain(old, (0, GENESIS))
    assert first_break(e.record() for e in sealed) is None
    assert "cause" not in sealed[0].content()


@pytest.mark.parametrize(
    ("tamper", "seq"),
    [
        (lambda e: [replace(e[0], reason="another"), *e[1:]], 1),
        (lambda e: [e[0], replace(e[1], after=Status.MET), e[2]], 2),
        (lambda e: [e[0], replace(e[1], holds_until=START), e[2]], 2),
        (lambda e: [e[0], replace(e[1], cause=None), e[2]], 2),
        (lambda e: [e[0], e[2]], 2),
        (lambda e: [e[1], e[2]], 1),
        (lambda e: [e[1], e[0], e[2]], 1),
        (lambda e: [e[0], e[1], replace(e[2], evidence=())], 3),
    ],
)
def test_the_first_altered_entry_is_found(tamper: object, seq: int) -> None:
    broken = first_break(e.record() for e in tamper(log()))  # type: ignore[operator]
    assert broken is not None
    assert broken[0] == seq
