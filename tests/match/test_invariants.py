"""What must hold for every text."""

from __future__ import annotations

import json
import random
import time
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.evaluation.score import Pair
from monitor.match.item_reader import read_item
from monitor.match.lookup.compiled import CompiledRules
from monitor.model import Item

LABELLED = Path(__file__).parent.parent / "evaluation" / "uk-taliban-recognition.jsonl"
TEXTS = [(record["title"], record["summary"]) for record in map(json.loads, LABELLED.read_text("utf-8").splitlines())]
# Every third of them is enough where each is read in many spellings.
SPELT = TEXTS[::3]
UNRELATED = (
    "It rained for most of the day.",
    "The library opens at nine on weekdays.",
    "A goalkeeper broke his finger in the second half.",
    "Shares of a car maker closed higher, traders said.",
    "The recipe needs two eggs and a little salt.",
)
texts = st.sampled_from(TEXTS)
MARKS = (*"\n.,\"“”'’:;-–()?!\u0301\u200d🙂", "العربية")
WORDS = [*sorted({word for title, text in TEXTS for word in f"{title} {text}".split()}), *MARKS]


def pairs(rules: CompiledRules, title: str, text: str) -> frozenset[Pair]:
    return read_item(rules, Item("x", title, text)).pairs


@given(texts, st.sampled_from(UNRELATED))
@settings(max_examples=400, deadline=None)
def test_an_unrelated_sentence_changes_no_verdict(
    starter_rules: CompiledRules, one: tuple[str, str], unrelated: str
) -> None:
    title, text = one
    assert pairs(starter_rules, title, f"{text} {unrelated}".strip()) == pairs(starter_rules, title, text)


Plain = dict[tuple[str, str], frozenset[object]]


@pytest.fixture(scope="module")
def plain(starter_rules: CompiledRules) -> Plain:
    """What is read in every text as it stands."""
    return {text: frozenset(pairs(starter_rules, *text)) for text in SPELT}


@pytest.mark.parametrize("change", [str.upper, str.lower, str.title, str.swapcase], ids=lambda c: c.__name__)
def test_case_does_not_matter(starter_rules: CompiledRules, plain: Plain, change: object) -> None:
    assert callable(change)
    changed = [
        (title, text)
        for title, text in SPELT
        if pairs(starter_rules, change(title), change(text)) != plain[title, text]
    ]
    assert changed == []


@pytest.mark.parametrize(
    ("old", "new"),
    [("'", "’"), ("'", "ʼ"), ('"', "“"), (" - ", " – "), (" ", "  "), ("-", "\u2011"), ("...", "…"), (" ", "\u00a0")],
)
def test_typography_does_not_matter(starter_rules: CompiledRules, plain: Plain, old: str, new: str) -> None:
    for title, text in SPELT:
        changed = (title.replace(old, new), text.replace(old, new))
        if changed != (title, text):
            assert pairs(starter_rules, *changed) == plain[title, text], changed


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
def test_unicode_forms_do_not_matter(starter_rules: CompiledRules, plain: Plain, form: str) -> None:
    for title, text in SPELT:
        accented = unicodedata.normalize(form, title.replace("a", "á").replace("e", "é"))  # type: ignore[arg-type]
        assert pairs(starter_rules, accented, text) == plain[title, text]


def test_reading_closely_adds_near_misses_and_no_finding(starter_rules: CompiledRules) -> None:
    for title, text in TEXTS:
        item = Item("x", title, text)
        assert read_item(starter_rules, item, closely=True).findings == read_item(starter_rules, item).findings


@given(st.lists(st.sampled_from(WORDS), max_size=60))
@settings(max_examples=300, deadline=None)
def test_every_span_is_a_true_slice_of_the_text(starter_rules: CompiledRules, words: list[str]) -> None:
    title, _, text = " ".join(words).partition("\n")
    item = Item("x", title, text)
    for finding in read_item(starter_rules, item).findings:
        assert finding.quote
        assert finding.span.of(item.body) == finding.quote
        for word in (*finding.words, *(step.span for step in finding.steps if step.span)):
            assert 0 <= word.start < word.end <= len(item.body)
        for step in finding.steps:
            assert step.span is None or step.span.of(item.body) == step.text


def test_a_hundred_thousand_random_strings_raise_nothing(starter_rules: CompiledRules) -> None:
    chance = random.Random(30)
    alphabet = "abct .,'\"-:\n?’“é\u0301\u200d\x00ﬁ中🙂"
    for number in range(100_000):
        if number % 25:
            text = "".join(chance.choices(alphabet, k=chance.randrange(12)))
        else:
            text = " ".join(chance.choices(WORDS, k=chance.randrange(25)))
        read_item(starter_rules, Item("x", text))


@pytest.mark.parametrize(
    "unit",
    [
        "Taliban ban women from universities. ",
        "Taliban ban women from universities ",
        "ban women schools ban girls ",
        "the Taliban, who ",
        '"',
        "a",
        "U.S. ",
        "that that not to ",
    ],
)
def test_a_megabyte_takes_linear_time(starter_rules: CompiledRules, unit: str) -> None:
    def cost(size: int) -> float:
        text = (unit * (size // len(unit) + 1))[:size]
        start = time.process_time()
        read_item(starter_rules, Item("x", "Title", text))
        return time.process_time() - start

    cost(20_000)
    small, large = min(cost(100_000) for _ in range(2)), cost(1_000_000)
    assert large < 30 * max(small, 0.05)
