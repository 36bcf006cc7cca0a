"""How near a status is to changing and what it would take; how far the consequence is."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import product

import pytest
from histories import CONDITION, START, at, known

from monitor.assess.outlook import deadline, look_ahead
from monitor.assess.rollup import changes_towards, effort, roll_up
from monitor.assess.standing import history, survey
from monitor.model import Stance, Status
from monitor.rules.expression import parse_expression
from monitor.rules.ruleset import Condition, Ruleset


@pytest.mark.parametrize(
    ("reports", "day", "fulfilment", "breach"),
    [
        ("", 5, (2, None), (2, None)),
        ("1 visit A", 5, (1, 15), (2, None)),
        ("1 visit A, 2 visit B", 5, (0, None), (2, None)),
        ("1 visit A, 2 visit B grade-D", 5, (1, 15), (2, None)),
        ("1 visit A", 16, (2, None), (2, None)),
        ("1 closed A, 1 closed B, 5 visit C", 6, (1, 19), (0, None)),
        ("1 opened A self", 5, (2, None), (2, None)),
    ],
)
def test_how_many_publishers_are_missing_and_until_when_it_helps(
    reports: str, day: int, fulfilment: tuple[int, int | None], breach: tuple[int, int | None]
) -> None:
    outlook = look_ahead(survey(known(reports), at(day)))
    for need, (publishers, by) in ((outlook.fulfilment, fulfilment), (outlook.breach, breach)):
        assert (need.publishers, need.by and (need.by - START).days) == (publishers, by)


def test_what_time_alone_will_bring() -> None:
    fades = look_ahead(survey(known("1 closed A, 1 closed B, 5 visit A, 6 visit B"), at(7))).fades
    assert fades is not None
    assert (fades.status, fades.holds_from) == (Status.BREACHED, at(36))
    assert look_ahead(survey(known("1 closed A"), at(7))).fades is None
    by_hand = look_ahead(survey(known("1 closed A, 3 set-met-20"), at(7))).fades
    assert by_hand is not None
    assert (by_hand.status, by_hand.holds_from) == (Status.BREACHED, at(20))


def test_what_keeps_a_ban_and_what_would_lift_it() -> None:
    hold, other = look_ahead(survey(known("1 closed A, 1 closed B, 50 opened A"), at(51))).holds
    assert (other.signal, other.reversed_by) == ("opened", ("opened",))
    assert (hold.signal, hold.stance, hold.reversed_by, hold.publishers) == ("closed", Stance.BREACH, ("opened",), 1)
    hold, _ = look_ahead(survey(known("1 closed A, 1 closed B, 50 opened A"), at(90))).holds
    assert hold.publishers == 2


def test_what_is_foretold_comes_true_if_no_news_comes() -> None:
    reports = known("1 incident A, 4 incident B, 10 visit A, 12 visit C")
    for day in range(60):
        fades = look_ahead(survey(reports, at(day))).fades
        if day >= 12 and fades is not None and fades.holds_from is not None:
            assert history(reports, fades.holds_from)[-1].same_as(fades)


def test_a_deadline_is_due_and_then_overdue() -> None:
    part = CONDITION.model_copy(update={"by": datetime(2022, 3, 31, tzinfo=UTC).date()})
    due = deadline(part, datetime(2022, 3, 31, 20, tzinfo=UTC))
    assert due is not None
    assert not due.is_overdue
    late = deadline(part, datetime(2022, 4, 1, tzinfo=UTC))
    assert late is not None
    assert late.is_overdue
    assert deadline(CONDITION, at(0)) is None


@pytest.mark.parametrize(
    ("expression", "values", "changes"),
    [
        ("a and b", {"a": True, "b": True}, ()),
        ("a and b and c", {"a": True, "b": None, "c": False}, ("b", "c")),
        ("a or (b and c)", {"a": False, "b": False, "c": False}, ("a",)),
        ("a or (b and c)", {"a": False, "b": True, "c": True}, ()),
        ("(a and b) or (c and b)", {"a": None, "b": True, "c": None}, ("a",)),
        ("not a", {"a": True}, ("a",)),
        ("not (a and b)", {"a": True, "b": True}, ("a",)),
        ("not (a or b)", {"a": True, "b": None}, ("a", "b")),
    ],
)
def test_the_shortest_way_to_the_consequence(
    expression: str, values: dict[str, bool | None], changes: tuple[str, ...]
) -> None:
    parsed = parse_expression(expression)
    assert changes_towards(parsed, True, values) == changes
    ways = product((True, False), repeat=len(changes))
    assert any(parsed.value({**values, **dict(zip(changes, way, strict=True))}) is True for way in ways)


def _ruleset(requires: str) -> Ruleset:
    part = CONDITION.model_dump(by_alias=True)
    conditions = dict.fromkeys(("near", "far", "met"), part) | {"hoped": {**part, "kind": "hope"}}
    return Ruleset.model_validate(
        {
            "ruleset": "r",
            "title": "Rules",
            "issuer": "issuer",
            "addressee": "regime",
            "consequence": {"id": "aid", "title": "Aid", "requires": requires},
            "actors": {"regime": {"names": ["Regime"]}},
            "conditions": conditions,
        }
    )


def test_what_stands_in_the_way_and_what_is_nearest() -> None:
    told = {
        "near": known("1 visit A"),
        "far": known("1 closed A, 1 closed B"),
        "met": known("1 opened A, 1 opened B"),
        "hoped": known("1 closed A, 1 closed B"),
    }
    standings = {name: history(reports, at(3))[-1] for name, reports in told.items()}
    outlooks = {name: look_ahead(survey(reports, at(3))) for name, reports in told.items()}
    both = roll_up(_ruleset("far and near and met"), standings, outlooks)
    assert (both.due, both.missing, both.changes, both.closest) == (False, ("far", "near"), ("far", "near"), "near")
    either = roll_up(_ruleset("met and (far or near)"), standings, outlooks)
    assert (either.due, either.changes) == (None, ("far",))
    done = roll_up(_ruleset("met"), standings, outlooks)
    assert (done.due, done.missing, done.changes, done.closest) == (True, (), (), None)
    assert [effort(outlooks[name]) for name in ("near", "far", "met")] == [1, 2, 0]


def test_a_status_set_by_hand_counts_like_a_confirmed_one() -> None:
    reports = known("2 set-met-20")
    standing = {"near": history(reports, at(3))[-1]}
    assert roll_up(_ruleset("near"), standing, {"near": look_ahead(survey(reports, at(3)))}).due is True


def test_a_condition_knows_the_last_moment_of_its_deadline() -> None:
    part = Condition.model_validate({"title": "x", "by": "2022-03-31"})
    assert part.deadline == datetime(2022, 3, 31, 23, 59, 59, 999999, tzinfo=UTC)
