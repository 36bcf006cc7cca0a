"""What is learned piece by piece is what would be known of all of it at once."""

from __future__ import annotations

from dataclasses import replace

from histories import CONDITION, at, piece
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.assess.standing import Knowledge, history, know
from monitor.model import Evidence

SIGNALS = [signal.id for signal in CONDITION.signals]
REPORTS = st.lists(
    st.tuples(st.integers(0, 60), st.sampled_from(SIGNALS), st.sampled_from("ABCD"), st.integers(0, 3)), max_size=14
)


def pieces_of(reports: list[tuple[int, str, str, int]]) -> list[Evidence]:
    told = []
    for number, (day, signal, publisher, words) in enumerate(reports):
        made = piece(day, signal, publisher)
        title = f"the very same words of story {words}" if words else f"report {number} of {signal}, not like another"
        told.append(replace(made, id=f"{number:024}", item=f"item {number}", title=title, text=f"{title}, at length"))
    return told


def without_texts(known: Knowledge) -> Knowledge:
    return replace(known, evidence=tuple(replace(one, text="") for one in known.evidence), texts_from=None)


@settings(max_examples=200, deadline=None)
@given(REPORTS, st.integers(1, 4), st.booleans())
def test_learning_piece_by_piece_is_learning_all_at_once(
    reports: list[tuple[int, str, str, int]], together: int, forgetful: bool
) -> None:
    told = pieces_of(reports)
    known = know(CONDITION, ())
    for start in range(0, len(told), together):
        if forgetful:
            known = known.without_old_texts()
        learned = known.having_learned(told[start : start + together])
        # Too old a part of it would have to be told again: then it is read again.
        known = learned if learned is not None else know(CONDITION, told[: start + together])
    anew = know(CONDITION, told)
    assert without_texts(known) == without_texts(anew)
    assert history(known, at(90)) == history(anew, at(90))
