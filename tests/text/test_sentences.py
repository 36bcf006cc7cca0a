"""Where sentences end."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.text.sentences import sentence_spans


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("They left. Others stayed.", ["They left.", "Others stayed."]),
        ("Mr. Smith met Gen. Jones. They spoke.", ["Mr. Smith met Gen. Jones.", "They spoke."]),
        ("The U.S. Embassy closed. Nobody came.", ["The U.S. Embassy closed.", "Nobody came."]),
        ("“We will leave.” They left.", ["“We will leave.”", "They left."]),
        ("Headline without a stop\nThe text begins.", ["Headline without a stop", "The text begins."]),
        ("Will they? Nobody knows!", ["Will they?", "Nobody knows!"]),
        ("It rose by 3.5 per cent. Then it fell.", ["It rose by 3.5 per cent.", "Then it fell."]),
        ("Is he a Dr? Nobody knows.", ["Is he a Dr?", "Nobody knows."]),
        ("Prices rose by 5 %. Then they fell.", ["Prices rose by 5 %.", "Then they fell."]),
        ("They waited… Nothing came.", ["They waited…", "Nothing came."]),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    assert [text[start:end].strip() for start, end, _ in sentence_spans(text)] == expected


@given(st.text())
def test_spans_are_in_order_and_lose_no_word(text: str) -> None:
    spans = sentence_spans(text)
    assert all(a[1] <= b[0] for a, b in pairwise(spans))
    kept = "".join(text[start:end] for start, end, _ in spans)
    assert "".join(kept.split()) == "".join(text.split())


def test_a_megabyte_without_a_stop_is_read_in_linear_time() -> None:
    def cost(size: int) -> float:
        start = time.process_time()
        sentence_spans("word " * size)
        return time.process_time() - start

    small, large = cost(20_000), cost(200_000)
    assert large < 60 * max(small, 0.001)
