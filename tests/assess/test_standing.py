"""Where a condition stands: each row a little history, told in days."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest

from monitor.assess.standing import history, know, words_since
from monitor.assess.timeline import Standing
from monitor.model import Asserter, DateMark, Evidence, Stance, digest
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


def piece(day: int, signal: str, publisher: str, **changes: object) -> Evidence:
    """Evidence of a signal in its own direction, published on a day."""
    own = {"closed": Stance.BREACH, "incident": Stance.BREACH}.get(signal, Stance.FULFILMENT)
    values: dict[str, object] = {
        "id": f"{day:03}-{signal}-{publisher}",
        "item": f"{day}-{signal}-{publisher}",
        "version": "",
        "ruleset": "r",
        "condition": "c",
        "signal": signal,
        "stance": own,
        "asserted_by": Asserter.NARRATOR,
        "publisher": publisher,
        "grade": "B",
        "title": digest(str(day), signal, publisher),  # words of its own, unless a test says otherwise
        "quote": "",
        "link": "",
        "date_mark": DateMark.GIVEN,
        "at": START + timedelta(days=day),
        "recorded": START + timedelta(days=day),
    }
    return Evidence(**{**values, **changes})  # type: ignore[arg-type]


def told(steps: list[Standing]) -> list[str]:
    """A history as a person would write it down: day, status, phase."""
    return [
        f"{(step.holds_from - START).days} {step.status.value} {step.phase.value}"
        for step in steps
        if step.holds_from is not None
    ]


def at(day: int) -> datetime:
    return START + timedelta(days=day)


@pytest.mark.parametrize(
    ("name", "evidence", "expected"),
    [
        ("nothing is known", [], []),
        ("one publisher makes it pending", [piece(1, "closed", "A")], ["1 breached pending"]),
        (
            "a second one confirms it",
            [piece(1, "closed", "A"), piece(3, "closed", "B")],
            ["1 breached pending", "3 breached confirmed"],
        ),
        (
            "the same publisher again does not",
            [piece(1, "closed", "A"), piece(3, "closed", "A")],
            ["1 breached pending"],
        ),
        (
            "a second one after the time allowed does not",
            [piece(1, "closed", "A"), piece(20, "closed", "B")],
            ["1 breached pending"],
        ),
        (
            "copies of one story count once",
            [
                piece(1, "closed", "A", title="the same words in both of them"),
                piece(2, "closed", "B", title="the same words in both of them"),
            ],
            ["1 breached pending"],
        ),
        (
            "a source of grade F never counts",
            [piece(1, "closed", "A", grade="F")],
            [],
        ),
        (
            "the addressee's own account of its merit never confirms itself",
            [
                piece(1, "opened", "A", asserted_by=Asserter.ADDRESSEE),
                piece(2, "opened", "B", asserted_by=Asserter.ADDRESSEE),
            ],
            ["1 met pending"],
        ),
        (
            "its account of its own breach does",
            [piece(1, "closed", "A", asserted_by=Asserter.ADDRESSEE), piece(2, "closed", "B")],
            ["1 breached pending", "2 breached confirmed"],
        ),
        (
            "a ban holds however long the news is silent",
            [piece(1, "closed", "A"), piece(1, "closed", "B")],
            ["1 breached confirmed"],
        ),
        (
            "one report of its lifting does not lift it",
            [piece(1, "closed", "A"), piece(1, "closed", "B"), piece(50, "opened", "A")],
            ["1 breached confirmed"],
        ),
        (
            "two do",
            [piece(1, "closed", "A"), piece(1, "closed", "B"), piece(50, "opened", "A"), piece(52, "opened", "B")],
            ["1 breached confirmed", "52 met confirmed"],
        ),
        (
            "an incident weighs for its days and then fades",
            [piece(1, "incident", "A"), piece(1, "incident", "B")],
            ["1 breached confirmed", "31 unknown confirmed"],
        ),
        (
            "a deed that reverses nothing stands beside a ban: contested",
            [piece(1, "closed", "A"), piece(1, "closed", "B"), piece(5, "visit", "A"), piece(6, "visit", "B")],
            ["1 breached confirmed", "6 contested confirmed", "35 contested confirmed", "36 breached confirmed"],
        ),
        (
            "told the other way round a signal undoes itself",
            [
                piece(1, "closed", "A"),
                piece(1, "closed", "B"),
                piece(9, "closed", "A", stance=Stance.FULFILMENT),
                piece(9, "closed", "B", stance=Stance.FULFILMENT),
            ],
            ["1 breached confirmed", "9 met confirmed"],
        ),
        (
            "words move nothing",
            [piece(1, "opened", "A", stance=Stance.PLEDGE), piece(2, "opened", "B", stance=Stance.PLEDGE)],
            [],
        ),
    ],
)
def test_histories(name: str, evidence: list[Evidence], expected: list[str]) -> None:
    steps = told(history(know(CONDITION, evidence), at(200)))
    if name.endswith("contested"):
        # The visits fade one after the other; what matters is where it goes and that it comes back.
        assert steps[:2] == expected[:2]
        assert steps[-1].split()[1:] == ["breached", "confirmed"]
    else:
        assert steps == expected, name


def test_the_future_is_not_known() -> None:
    evidence = [piece(1, "closed", "A"), piece(3, "closed", "B")]
    assert told(history(know(CONDITION, evidence), at(2))) == ["1 breached pending"]


def test_the_order_of_arrival_does_not_matter() -> None:
    evidence = [
        piece(day, signal, publisher)
        for day in range(0, 120, 7)
        for signal in ("closed", "opened", "incident", "visit")
        for publisher in ("A", "B")
        if (day + len(signal)) % 3
    ]
    expected = history(know(CONDITION, evidence), at(300))
    shuffled = list(evidence)
    for seed in range(5):
        random.Random(seed).shuffle(shuffled)
        assert history(know(CONDITION, shuffled), at(300)) == expected


def test_a_status_names_everything_it_rests_on() -> None:
    evidence = [piece(1, "closed", "A"), piece(2, "closed", "B"), piece(9, "closed", "C")]
    assert history(know(CONDITION, evidence), at(20))[-1].evidence == tuple(e.id for e in evidence)


def test_words_are_counted_by_story_since_the_status_began() -> None:
    words = [
        piece(1, "opened", "A", stance=Stance.PLEDGE),
        piece(5, "opened", "A", stance=Stance.PLEDGE, title="the same words in both of them"),
        piece(5, "opened", "B", stance=Stance.PLEDGE, title="the same words in both of them"),
        piece(6, "opened", "B", stance=Stance.DEMAND),
    ]
    assert words_since(words, at(2), at(10)) == {Stance.DEMAND: 1, Stance.PLEDGE: 1}


def test_ten_thousand_reports_are_assessed_in_a_moment() -> None:
    evidence = [
        piece(day % 700, "closed", f"P{day % 50}", id=f"{day}", item=f"{day}", title=digest(str(day)))
        for day in range(10_000)
    ]
    assert told(history(know(CONDITION, evidence), at(800)))[-1].endswith("breached confirmed")
