"""The index of signals never loses one: what it leaves out could not match."""

from __future__ import annotations

import time

from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.match.lookup.compiled import CompiledRules
from monitor.match.lookup.index import SignalIndex
from monitor.match.lookup.patterns import DEED_GAP, PatternSet
from monitor.rules.ruleset import Ruleset
from monitor.text.tokens import tokenise

WORD = st.sampled_from(
    [
        "ban",
        "bans",
        "banned",
        "school",
        "schools",
        "girls'",
        "girl",
        "women",
        "the",
        "of",
        "not",
        "don't",
        "re-open",
        "U.S.",
        "(open)",
        "“open”",
        "—",
    ]
)
PATTERN = st.one_of(
    st.lists(WORD, min_size=1, max_size=3).map(" ".join), st.sampled_from(['"ban"', '"girls"', '"U.S."', '"don\'t"'])
)
PATTERNS = st.builds(PatternSet, st.lists(PATTERN, min_size=1, max_size=4), st.sampled_from([0, DEED_GAP]))
SIGNALS = st.lists(st.lists(PATTERNS, min_size=1, max_size=3), min_size=1, max_size=8)
TEXTS = st.lists(
    st.lists(st.one_of(WORD, st.sampled_from(["x" * 60 + "-ban", "a\u00a0ban"])), max_size=14).map(" ".join), max_size=6
)


@settings(max_examples=300, deadline=None)
@given(SIGNALS, TEXTS)
def test_every_signal_that_stands_in_a_text_is_a_candidate(signals: list[list[PatternSet]], texts: list[str]) -> None:
    index = SignalIndex(signals)
    for text in texts:
        tokens = tokenise(text)
        standing = {
            number for number, lists in enumerate(signals) if all(next(part.find(tokens), None) for part in lists)
        }
        assert standing <= set(index.candidates(text))


def test_what_the_news_has_told_changes_no_answer() -> None:
    signals = [[PatternSet([phrase], DEED_GAP)] for phrase in ("close school", "open school", "ban girl", "school")]
    fresh, experienced = SignalIndex(signals), SignalIndex(signals)
    for number in range(1500):
        experienced.candidates(f"School news number {number}: they close, and open, a school")
    for text in ("They closed a girls' school", "A ban on the girl", "They open the old school", "Nothing at all"):
        assert experienced.candidates(text) == fresh.candidates(text)


def test_a_phrase_whose_words_stand_far_apart_is_no_candidate() -> None:
    index = SignalIndex([[PatternSet(["close school"], DEED_GAP)]])
    assert index.candidates("They close the old girls' school") == [0]
    assert index.candidates("They close the mine that lies behind the only hospital and school") == []
    assert index.candidates("The school they close") == []


def test_a_text_of_half_a_phrase_and_dashes_takes_linear_time() -> None:
    index = SignalIndex([[PatternSet(["close old school"], DEED_GAP)]])

    def cost(times: int) -> float:
        text = "close - " * times + "school old"
        begun = time.process_time()
        assert index.candidates(text) == []
        return time.process_time() - begun

    assert cost(40_000) < 30 * max(cost(4_000), 0.01)


def test_a_stream_of_ever_new_words_loses_nothing() -> None:
    index = SignalIndex([[PatternSet(["close school"], DEED_GAP)], [PatternSet(['"girls"'])]])
    for start in range(0, 60_000, 10_000):
        strange = " ".join(f"word{number}" for number in range(start, start + 10_000))
        assert index.candidates(f"They closed a girls' school, {strange}, close the girl's school") == [0, 1]


def test_a_deed_done_to_nothing_is_looked_for_only_where_the_addressee_is_named() -> None:
    rules = CompiledRules(
        [
            Ruleset.model_validate(
                {
                    "ruleset": "strike",
                    "title": "A strike",
                    "issuer": "union",
                    "addressee": "railway",
                    "actors": {"railway": {"names": ["Northern Rail"]}},
                    "consequence": {"id": "work", "title": "Work goes on", "requires": "pay"},
                    "conditions": {
                        "pay": {
                            "title": "Pay rises",
                            "signals": [
                                {"id": "walked-out", "stance": "breach", "who": "anyone", "does": ["walk out"]},
                                {"id": "paid", "stance": "fulfilment", "who": "anyone", "does": ["pay"],
                                 "what": [["arrears"]]},
                            ],
                        }
                    },
                }
            )
        ]
    )  # fmt: skip
    told = "Drivers walked out and were paid their arrears."
    assert [found.signal.id for found in rules.candidates(told)] == ["paid"]
    assert [found.signal.id for found in rules.candidates(f"Northern Rail: {told}")] == ["paid", "walked-out"]
    assert [found.signal.id for found in rules.candidates_in_any_hands(told)] == ["paid", "walked-out"]
