"""Words and their places."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.text.stems import stem
from monitor.text.tokens import tokenise, word_forms


def norms(text: str) -> list[str]:
    return [token.norm for token in tokenise(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Taliban’s ban", ["taliban", "'s", "ban"]),
        ("girls' schools", ["girls", "'s", "schools"]),
        ("won’t can't hasn't cannot", ["will", "not", "can", "not", "has", "not", "can", "not"]),
        ("U.S. and U.N.", ["us", "and", "un"]),
        ("al-Qa’ida in Mazar-i-Sharif", ["al", "qaida", "in", "mazar", "i", "sharif"]),
        ("re-open the schools", ["reopen", "the", "schools"]),
        ("reopened – then shut", ["reopened", "-", "then", "shut"]),
        ("“No,” he said", ['"', "no", ",", '"', "he", "said"]),
        ("Zürich café", ["zurich", "cafe"]),
        ("un\u00adder\u200bstood, is\u2060n't", ["understood", ",", "is", "not"]),
        ("\ufeffThe \u200eport\u200f \u00ad shut", ["the", "port", "shut"]),
        ("Mazar\u00ad-i\u200b-Sharif's caf\u034fe\U000e0041", ["mazar", "i", "sharif", "'s", "cafe"]),
        ("10,800 hectares, 95%", ["10,800", "hectares", ",", "95%"]),
    ],
)
def test_words_are_read_as_a_person_reads_them(text: str, expected: list[str]) -> None:
    assert norms(text) == expected


@pytest.mark.parametrize(
    "forms",
    [
        ("ban", "bans", "banned", "banning"),
        ("woman", "women"),
        ("forbid", "forbade", "forbidden"),
        ("recognise", "recognize", "recognised", "recognizing"),
        ("harbour", "harbor", "harbouring"),
        ("leave", "left", "leaving"),
        ("fly", "flies", "flew", "flown"),
        ("school", "schools", "schooling"),
        ("experience", "experiences", "experienced", "experiencing"),
        ("evidence", "evidenced"),
        ("reference", "referenced"),
    ],
)
def test_inflections_and_spellings_share_a_stem(forms: tuple[str, ...]) -> None:
    assert len({stem(form) for form in forms}) == 1


@pytest.mark.parametrize(
    ("one", "other"), [("department", "depart"), ("security", "secure"), ("university", "universe")]
)
def test_words_that_only_look_alike_do_not(one: str, other: str) -> None:
    assert stem(one) != stem(other)


def test_a_word_with_invisible_characters_is_one_word_where_it_stands() -> None:
    [_, word, _] = tokenise("the har\u00adbour\u200b shut", offset=100)
    assert (word.start, word.end, word.stem) == (104, 113, stem("harbour"))
    assert word_forms("har\u00adbour") == {"harbour"}


@given(st.text())
def test_every_token_is_a_slice_of_its_text_in_order(text: str) -> None:
    place = 0
    for token in tokenise(text):
        assert place <= token.start <= token.end <= len(text)
        place = token.start


@given(st.text(alphabet="abcdefgh IJK'-.,"))
def test_case_does_not_matter(text: str) -> None:
    def key(words: str) -> list[tuple[str, str]]:
        return [(token.norm, token.stem) for token in tokenise(words)]

    assert key(text.upper()) == key(text.lower())


@given(st.text() | st.text(alphabet="abst'’-.0 9,%nRreE\u0301éK\u00ad\u200b"))
def test_the_cheap_look_misses_no_word(text: str) -> None:
    assert {token.norm for token in tokenise(text) if token.is_word} <= word_forms(text)


@given(st.text(alphabet="abst'-.0 9,%nRreEK", max_size=40))
def test_a_text_without_marks_is_read_the_same_among_others(text: str) -> None:
    assert tokenise(text) == tokenise(f"{text} \u00e9")[: len(tokenise(text))]
