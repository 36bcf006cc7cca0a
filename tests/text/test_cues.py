"""The cue files: readable, without doubles, and found where they stand."""

from __future__ import annotations

import tomllib
from importlib.resources import files

import pytest

from monitor.text.lexicon import Cue, cue_phrases, find_cues, words
from monitor.text.tokens import tokenise

DATA = tomllib.loads((files("monitor.text") / "cues.toml").read_text("utf-8"))


def cues(text: str, side: str = "before") -> list[tuple[str, str]]:
    tokens = tokenise(text)
    return [(hit.cue.value, text[tokens[hit.start].start : tokens[hit.end - 1].end]) for hit in find_cues(tokens, side)]


def test_every_class_of_cue_has_its_list_and_no_other() -> None:
    assert set(DATA) == {cue.value for cue in Cue}
    for name, lists in DATA.items():
        assert set(lists) <= {"before", "after", "pseudo", "before_not", "verdict"}, name


@pytest.mark.parametrize("name", sorted(DATA))
def test_no_phrase_stands_twice_in_a_list(name: str) -> None:
    for listed in DATA[name].values():
        keys = [key for text in listed for key in ([(text,)] if text.startswith("=") else cue_phrases(text))]
        assert all(keys)
        # A star stands for what describes the next word, so there must be one, and a word to begin with.
        assert not any("*" in (key[0], key[-1]) for key in keys)
        doubles = [key for n, key in enumerate(keys) if key in keys[:n]]
        assert doubles == []


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
