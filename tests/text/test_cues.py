"""The cue files: readable, without doubles, and found where they stand."""

from __future__ import annotations

import pytest

from monitor.text.cue_table import Cue, cue_phrases, cue_rows, cue_table
from monitor.text.lexicon import words
from monitor.text.tokens import tokenise


def cues(text: str, side: str = "before") -> list[tuple[str, str]]:
    tokens = tokenise(text)
    hits = cue_table().find(tokens, side)
    return [(hit.cue.value, text[tokens[hit.start].start : tokens[hit.end - 1].end]) for hit in hits]


@pytest.mark.parametrize("cue", Cue)
def test_no_phrase_stands_twice_in_a_list(cue: Cue) -> None:
    rows = [row for row in cue_rows() if row.cue is cue]
    keys = [
        (row.kind, row.side, row.exact, row.needs, key)
        for row in rows
        for key in ([(row.say,)] if row.exact else cue_phrases(row.say))
    ]
    assert all(key for *_, key in keys)
    # A star stands for what describes the next word, so there must be one, and a word to begin with.
    assert not any("*" in (key[0], key[-1]) for *_, key in keys)
    assert [key for n, key in enumerate(keys) if key in keys[:n]] == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("They did not reopen it", [("negation", "not")]),
        ("They refused to reopen it", [("failure", "refused")]),
        ("They violated their own solemn promise that", [("reversal", "violated their own solemn promise")]),
        ("They broke, in a word, nothing", [("reversal", "broke"), ("negation", "nothing")]),
        ("They lifted the ban", [("reversal", "lifted"), ("prevention", "ban")]),
        ("The UN called on them", [("demand", "called on")]),
        ("no longer", [("reversal", "no longer")]),
        ("not only", []),
        ("They rejected a report", [("denial", "rejected"), ("report", "report")]),
        ("It rained", []),
    ],
)
def test_cues_are_found_with_their_inflections_the_longest_first(text: str, expected: list[tuple[str, str]]) -> None:
    assert cues(text) == expected


def test_cues_behind_a_clause_are_a_list_of_their_own() -> None:
    assert ("denial", "deny") in cues("Al-Qaeda is in Kabul, which the Taliban deny", "after")


def test_closed_classes_are_stems() -> None:
    assert "authority=" in words("organ") or "author" in words("organ")
    assert "be" in words("auxiliary")
