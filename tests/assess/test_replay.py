"""The log is what its inputs entail: any evidence, in any order of arrival, withdrawn or reviewed."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime, timedelta

from histories import CONDITION, at, piece
from hypothesis import given
from hypothesis import strategies as st

from monitor.assess.belief import believed
from monitor.assess.log import first_break, first_difference
from monitor.assess.replay import Inputs, RuleVersion, replay
from monitor.assess.standing import history, know
from monitor.assess.timeline import at as standing_at
from monitor.model import Cause, Evidence, Review, Stance, Status, Transition, Verdict
from monitor.rules.ruleset import Ruleset

LAST = 120
RULES = Ruleset.model_validate(
    {
        "ruleset": "r",
        "title": "Rules",
        "issuer": "issuer",
        "addressee": "regime",
        "consequence": {"id": "aid", "title": "Aid", "requires": "c"},
        "actors": {"regime": {"names": ["Regime"]}},
        "conditions": {"c": CONDITION.model_dump(by_alias=True)},
    }
)
VERSION = RuleVersion("r", "1", at(-1), RULES)


def without(*signals: str) -> Ruleset:
    data = RULES.model_dump(by_alias=True)
    kept = [signal for signal in data["conditions"]["c"]["signals"] if signal["id"] not in signals]
    data["conditions"]["c"]["signals"] = [
        {**signal, "reverses": [target for target in signal["reverses"] if target not in signals]} for signal in kept
    ]
    return Ruleset.model_validate(data)


@st.composite
def evidence(draw: st.DrawFn) -> tuple[Evidence, ...]:
    """Reports published on some day, recorded then or later, each at a moment of its own, some of them withdrawn."""
    out = []
    for number in range(draw(st.integers(0, 10))):
        day = draw(st.integers(0, 60))
        recorded = at(day + draw(st.integers(0, 40))) + timedelta(minutes=number)
        told = piece(
            day,
            draw(st.sampled_from(["closed", "opened", "incident", "visit"])),
            draw(st.sampled_from("ABC")),
            id=f"e{number}",
            item=f"i{number}",
            title=draw(st.sampled_from(["the same words again and again", f"words of its own {number * 7919}"])),
            grade=draw(st.sampled_from("BBBDF")),
            recorded=recorded,
        )
        if draw(st.booleans()) and draw(st.booleans()):
            gone = recorded + timedelta(days=draw(st.integers(1, 20)), seconds=1)
            told = replace(told, withdrawn=gone, withdrawn_why=draw(st.sampled_from([Cause.EDIT, Cause.WITHDRAWAL])))
        out.append(told)
    return tuple(out)


@st.composite
def reviews(draw: st.DrawFn, pieces: tuple[Evidence, ...]) -> tuple[Review, ...]:
    out: list[Review] = []
    for number in range(1, draw(st.integers(0, 4)) + 1):
        recorded = at(40 + 15 * number) + timedelta(seconds=30)
        verdict = draw(st.sampled_from(list(Verdict)))
        values: dict[str, object] = {}
        if verdict is Verdict.UNDO:
            open_ones = [r for r in out if r.verdict is not Verdict.UNDO and r.number not in {o.undoes for o in out}]
            if not open_ones:
                continue
            values["undoes"] = draw(st.sampled_from(open_ones)).number
        elif verdict is Verdict.SET:
            values |= {"status": draw(st.sampled_from(list(Status))), "expires": recorded + timedelta(days=7)}
        elif pieces:
            values["evidence"] = draw(st.sampled_from(pieces)).id
            values["stance"] = draw(st.sampled_from(list(Stance))) if verdict is Verdict.RECLASSIFY else None
        else:
            continue
        out.append(Review(number, verdict, "Ada", "so it is", recorded, "r", "c", **values))  # type: ignore[arg-type]
    return tuple(out)


@st.composite
def inputs(draw: st.DrawFn) -> Inputs:
    pieces = draw(evidence())
    return Inputs((VERSION,), pieces, draw(reviews(pieces)))


def of_the_condition(log: list[Transition], known_at: datetime) -> list[Transition]:
    return [entry for entry in log if entry.condition == "c" and entry.recorded <= known_at]


@given(inputs())
def test_the_log_says_at_every_moment_of_every_day_what_the_evidence_then_known_says(inputs: Inputs) -> None:
    log = replay(inputs, at(LAST))
    for known_at in [*inputs.moments(), at(LAST)]:
        standing = [e for e in inputs.evidence if e.recorded <= known_at]
        standing = [e for e in standing if e.withdrawn is None or e.withdrawn > known_at]
        given_by_then = [review for review in inputs.reviews if review.recorded <= known_at]
        recomputed = history(know(CONDITION, standing, given_by_then), known_at)
        logged = believed(of_the_condition(log, known_at))
        for day in range(-1, LAST, 3):
            moment = min(at(day), known_at)
            assert standing_at(logged, moment).same_as(standing_at(recomputed, moment))


@given(inputs())
def test_a_replayed_log_is_whole_never_goes_back_and_rests_on_nothing_that_is_gone(inputs: Inputs) -> None:
    log = replay(inputs, at(LAST))
    assert first_break(entry.record() for entry in log) is None
    assert [entry.recorded for entry in log] == sorted(entry.recorded for entry in log)
    assert all(entry.holds_from <= entry.recorded for entry in log)
    gone = {e.id for e in inputs.evidence if e.withdrawn is not None}
    rested_on = {key for step in believed(of_the_condition(log, at(LAST))) for key in step.evidence}
    assert rested_on.isdisjoint(gone)


@given(inputs(), st.randoms(use_true_random=False))
def test_the_same_inputs_give_the_same_log_byte_for_byte(inputs: Inputs, chance: random.Random) -> None:
    shuffled = [list(inputs.evidence), list(inputs.reviews)]
    for part in shuffled:
        chance.shuffle(part)
    again = Inputs(inputs.versions, tuple(shuffled[0]), tuple(shuffled[1]))  # type: ignore[arg-type]
    assert replay(again, at(LAST)) == replay(inputs, at(LAST))


@given(inputs(), st.integers(0, LAST))
def test_what_was_written_is_never_changed(inputs: Inputs, day: int) -> None:
    early, late = replay(inputs, at(day)), replay(inputs, at(LAST))
    assert late[: len(early)] == early


@given(evidence(), st.randoms(use_true_random=False))
def test_the_history_does_not_depend_on_the_order_of_arrival(
    pieces: tuple[Evidence, ...], chance: random.Random
) -> None:
    moments = [piece.recorded for piece in pieces]
    chance.shuffle(moments)
    late = timedelta(days=60)
    rearranged = tuple(
        replace(piece, recorded=moment + late, withdrawn=None) for piece, moment in zip(pieces, moments, strict=True)
    )
    original = tuple(replace(piece, recorded=piece.recorded + late, withdrawn=None) for piece in pieces)
    end = at(LAST) + late

    def told(evidence: tuple[Evidence, ...]) -> list[tuple[object, ...]]:
        timeline = believed(of_the_condition(replay(Inputs((VERSION,), evidence, ()), end), end))
        return [(standing_at(timeline, at(day)).status, standing_at(timeline, at(day)).phase) for day in range(LAST)]

    assert told(rearranged) == told(original)


def test_a_signal_that_is_gone_is_named_with_what_it_invalidated() -> None:
    ban = (piece(1, "closed", "A"), piece(3, "closed", "B"))
    gone = tuple(replace(e, withdrawn=at(50), withdrawn_why=Cause.RULES) for e in ban)
    log = replay(Inputs((VERSION, RuleVersion("r", "1", at(50), without("closed"))), gone, ()), at(60))
    last = log[-1]
    assert (last.before, last.after, last.cause) == (Status.BREACHED, Status.UNKNOWN, Cause.RULES)
    assert "signal `closed` is gone" in last.reason
    assert [entry.rules_digest for entry in log] == [RULES.digest, RULES.digest, without("closed").digest]
    assert first_difference(log, log[:-1]) == (last.seq, f"entry {last.seq} follows from no evidence, rule or review")


def test_a_condition_that_is_taken_away_ends_and_comes_back() -> None:
    ban = (piece(1, "closed", "A"), piece(3, "closed", "B"))
    versions = (VERSION, RuleVersion("r", "1", at(50), None), RuleVersion("r", "1", at(70), RULES))
    log = replay(Inputs(versions, ban, ()), at(80))
    assert [(e.after, e.reason.split(";")[0]) for e in log[2:]] == [
        (Status.UNKNOWN, "the condition is no longer in the rules"),
        (Status.BREACHED, "reported by A, B"),
    ]
    assert standing_at(believed(of_the_condition(log, at(60))), at(55)).status is Status.UNKNOWN
    assert standing_at(believed(of_the_condition(log, at(80))), at(55)).status is Status.BREACHED
