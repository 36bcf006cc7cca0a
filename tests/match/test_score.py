"""The scoring itself, on labels small enough to count by hand."""

from __future__ import annotations

from monitor.evaluation.score import Labelled, Pair, score
from monitor.model import Item, Stance

BAN: Pair = ("c", Stance.BREACH)
OPEN: Pair = ("c", Stance.FULFILMENT)
PLEDGE: Pair = ("c", Stance.PLEDGE)


def labelled(must: set[Pair], may: set[Pair] | None = None) -> Labelled:
    return Labelled(Item("x", "title"), frozenset(must), frozenset(may or set()))


def test_right_wrong_and_missed_are_counted_over_all_pairs() -> None:
    scores = score([(labelled({BAN, OPEN}), frozenset({BAN})), (labelled({PLEDGE}), frozenset({BAN}))])
    assert (scores.pairs.right, scores.pairs.wrong, scores.pairs.missed) == (1, 1, 2)
    assert (scores.pairs.precision, scores.pairs.recall) == (0.5, 1 / 3)
    assert (scores.deeds.right, scores.deeds.wrong, scores.deeds.missed) == (1, 1, 1)
    assert scores.pairs.f1 == 0.4


def test_what_may_be_defended_is_neither_asked_for_nor_wrong() -> None:
    scores = score([(labelled({PLEDGE}, {BAN}), frozenset({PLEDGE, BAN})), (labelled(set(), {BAN}), frozenset())])
    assert (scores.pairs.right, scores.pairs.wrong, scores.pairs.missed) == (1, 0, 0)
    assert (scores.words_for_deeds.count, scores.words_for_deeds.of) == (0, 2)
    assert scores.false_alarms.of == 0


def test_words_taken_for_deeds_and_false_alarms() -> None:
    scores = score([(labelled({PLEDGE}), frozenset({PLEDGE, BAN})), (labelled(set()), frozenset({PLEDGE}))])
    assert (scores.words_for_deeds.count, scores.words_for_deeds.of) == (1, 2)
    assert (scores.false_alarms.count, scores.false_alarms.of) == (1, 1)


def test_the_confusion_names_what_was_taken_for_what() -> None:
    scores = score([(labelled({PLEDGE}), frozenset({BAN})), (labelled({OPEN}), frozenset({OPEN}))])
    assert scores.confusion == {(Stance.PLEDGE, Stance.BREACH): 1, (Stance.FULFILMENT, Stance.FULFILMENT): 1}
    assert len(scores.mistakes) == 1


def test_nothing_asked_and_nothing_found_is_perfect() -> None:
    scores = score([(labelled(set()), frozenset())])
    assert scores.pairs.f1 == 1.0
