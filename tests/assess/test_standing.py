"""Where a condition stands: what holds for every history. What moves a status is tested in test_semantics.py."""

from __future__ import annotations

import random

from histories import CONDITION, at, piece, told

from monitor.assess.standing import history, know, words_since
from monitor.assess.tally import Tally
from monitor.model import Stance, digest


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


def test_words_are_counted_since_the_status_began() -> None:
    words = [
        piece(1, "opened", "A", stance=Stance.PLEDGE),
        piece(5, "opened", "A", stance=Stance.PLEDGE, title="the same words in both of them"),
        piece(5, "opened", "B", stance=Stance.PLEDGE, title="the same words in both of them"),
        piece(6, "opened", "B", stance=Stance.DEMAND),
    ]
    told = words_since(know(CONDITION, words), at(2), at(10))
    assert told == {Stance.DEMAND: Tally(1, 1, 1), Stance.PLEDGE: Tally(events=1, reports=2, publishers=2)}


def test_ten_thousand_reports_are_assessed_in_a_moment() -> None:
    evidence = [
        piece(day % 700, "closed", f"P{day % 50}", id=f"{day}", item=f"{day}", title=digest(str(day)))
        for day in range(10_000)
    ]
    assert told(history(know(CONDITION, evidence), at(800)))[-1].endswith("breached confirmed")
