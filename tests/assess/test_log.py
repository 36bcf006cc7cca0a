"""The status log: append-only, and a chain."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from monitor.assess.log import GENESIS, chain, changes, first_break
from monitor.assess.standing import UNKNOWN, Standing
from monitor.model import Phase, Status, Transition

START = datetime(2022, 1, 1, tzinfo=UTC)


def step(day: int, status: Status, phase: Phase = Phase.CONFIRMED) -> Standing:
    return Standing(status, phase, START + timedelta(days=day), ("e",), "because")


def record(steps: list[Standing], last: Transition | None = None, day: int = 100) -> list[Transition]:
    recorded = START + timedelta(days=day)
    return changes(steps, last, ruleset="r", condition="c", rules_digest="d", recorded=recorded)


def log() -> list[Transition]:
    steps = [UNKNOWN, step(1, Status.BREACHED, Phase.PENDING), step(3, Status.BREACHED), step(9, Status.MET)]
    return chain(record(steps), (0, GENESIS))


def test_each_step_is_an_entry_with_both_clocks() -> None:
    entries = log()
    assert [(e.before, e.after, e.phase) for e in entries] == [
        (Status.UNKNOWN, Status.BREACHED, Phase.PENDING),
        (Status.BREACHED, Status.BREACHED, Phase.CONFIRMED),
        (Status.BREACHED, Status.MET, Phase.CONFIRMED),
    ]
    assert [e.holds_from.day for e in entries] == [2, 4, 10]
    assert {e.recorded for e in entries} == {START + timedelta(days=100)}


def test_what_is_logged_is_not_logged_again() -> None:
    entries = log()
    steps = [UNKNOWN, step(1, Status.BREACHED, Phase.PENDING), step(3, Status.BREACHED), step(9, Status.MET)]
    assert record(steps, entries[-1]) == []


def test_late_news_adds_an_entry_and_rewrites_none() -> None:
    last = log()[-1]
    late = record([UNKNOWN, step(5, Status.CONTESTED)], last)
    assert [(e.before, e.after) for e in late] == [(Status.MET, Status.CONTESTED)]
    assert "late news" in late[0].reason


def test_a_whole_chain_has_no_break() -> None:
    assert first_break(log()) is None
    assert first_break([]) is None


@pytest.mark.parametrize(
    ("tamper", "seq"),
    [
        (lambda e: [replace(e[0], reason="another"), *e[1:]], 1),
        (lambda e: [e[0], replace(e[1], after=Status.MET), e[2]], 2),
        (lambda e: [e[0], e[2]], 2),
        (lambda e: [e[1], e[2]], 1),
        (lambda e: [e[1], e[0], e[2]], 1),
        (lambda e: [e[0], e[1], replace(e[2], evidence=())], 3),
    ],
)
def test_the_first_altered_entry_is_found(tamper: object, seq: int) -> None:
    broken = first_break(tamper(log()))  # type: ignore[operator]
    assert broken is not None
    assert broken[0] == seq
