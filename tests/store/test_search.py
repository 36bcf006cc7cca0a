"""Finding evidence by its words, on each database by its own means."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from loopback import rss

from monitor.config import FeedConfig
from monitor.feeds.fetch import Fetched
from monitor.match.lookup.compiled import CompiledRules
from monitor.model import Stance
from monitor.pipeline.absorb import absorb, read_waiting
from monitor.pipeline.receive import receive
from monitor.store.database import Store
from monitor.store.search import EvidenceFilter, search_evidence

NOW = datetime(2022, 12, 21, tzinfo=UTC)
FEED = FeedConfig(url="https://example.org/a.xml", publisher="Herald", grade="B")
ENTRIES = [
    {"guid": "1", "title": "Taliban ban women from universities", "text": "Guards turned students away in Kabul."},
    {"guid": "2", "title": "Taliban promise to reopen universities to women", "text": "A spokesman gave no date."},
    {"guid": "3", "title": "Taliban bar girls from schools in Herat", "text": "The classrooms stood empty."},
]


@pytest.fixture
def filled(store: Store, starter_rules: CompiledRules) -> Store:
    read_waiting(store, starter_rules, NOW)
    absorb(store, starter_rules, FEED, receive(FEED, Fetched(rss(*ENTRIES)), NOW), NOW)
    return store


def titles(store: Store, **wanted: object) -> set[str]:
    with store.read() as connection:
        found = search_evidence(connection, EvidenceFilter(**wanted), 100)  # type: ignore[arg-type]
    assert found.total == len(found.pieces)
    return {piece.title for piece in found.pieces}


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        ("universities", {1, 2}),
        ("university", {1, 2}),
        ("women universities", {1, 2}),
        ("women schools", set()),
        ("classroom", {3}),
        ('"turned students away"', {1}),
        ('"away students"', set()),
        ("nowhere", set()),
        ("", {1, 2, 3}),
    ],
)
def test_words_are_found_in_titles_and_texts_in_any_inflection(filled: Store, words: str, numbers: set[int]) -> None:
    assert titles(filled, words=words) == {ENTRIES[number - 1]["title"] for number in numbers}


def test_words_and_filters_together(filled: Store) -> None:
    assert titles(filled, words="women", stance=Stance.PLEDGE) == {ENTRIES[1]["title"]}
    assert titles(filled, publisher="HERALD", grade="B", condition="womens-rights") == {e["title"] for e in ENTRIES}
    assert titles(filled, publisher="Courier") == set()
    assert titles(filled, until=datetime(2020, 1, 1, tzinfo=UTC)) == set()


def test_what_an_edit_took_away_is_found_only_when_asked_for(filled: Store, starter_rules: CompiledRules) -> None:
    edited = [{**ENTRIES[2], "title": "Herat schools are cold", "text": ""}]
    later = datetime(2022, 12, 22, tzinfo=UTC)
    absorb(filled, starter_rules, FEED, receive(FEED, Fetched(rss(*edited)), later), later)
    assert ENTRIES[2]["title"] not in titles(filled, words="girls")
    assert ENTRIES[2]["title"] in titles(filled, words="girls", withdrawn=True)
