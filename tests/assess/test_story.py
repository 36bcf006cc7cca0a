"""Which reports tell the same story, and where they come from."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from histories import piece

from monitor.assess.story import SAME_STORY, likeness, with_stories

PAIRS = [json.loads(line) for line in (Path(__file__).parent / "stories.jsonl").read_text("utf-8").splitlines()]


def pairs(kind: str) -> list[object]:
    return [
        pytest.param(*("\n".join(filter(None, pair[side])) for side in ("one", "other")), id=pair["how"])
        for pair in PAIRS
        if pair["kind"] == kind
    ]


def stories(one: str, other: str) -> int:
    """How many stories two reports, published a day apart by two papers, are told to be."""
    told = [replace(piece(day, "closed", paper), title=text) for day, paper, text in ((1, "A", one), (2, "B", other))]
    return len({report.story for report in with_stories(told)})


@pytest.mark.parametrize(("one", "other"), pairs("copy"))
def test_a_copy_or_a_light_rewrite_is_the_same_story(one: str, other: str) -> None:
    assert likeness(one, other) >= SAME_STORY + 0.1
    assert stories(one, other) == 1


@pytest.mark.parametrize(("one", "other"), pairs("independent"))
def test_a_report_of_its_own_is_another_story(one: str, other: str) -> None:
    assert likeness(one, other) <= SAME_STORY - 0.1
    assert stories(one, other) == 2


def test_likeness_is_the_same_both_ways_and_whole_with_itself() -> None:
    for pair in PAIRS:
        one, other = ("\n".join(filter(None, pair[side])) for side in ("one", "other"))
        assert likeness(one, other) == likeness(other, one)
        assert likeness(one, one) == 1.0


def test_what_returns_after_a_week_is_news_again() -> None:
    words = {"title": "Girls sent home as the ministry shuts their school once more"}
    first = piece(1, "closed", "A", **words)
    days = [piece(day, "closed", "B", **words) for day in (3, 7, 15)]
    stories = [told.story for told in with_stories([first, *days])]
    assert stories[:3] == [stories[0]] * 3
    assert stories[3] != stories[0]


def test_a_later_copy_never_joins_stories_that_were_told_apart() -> None:
    one = piece(1, "closed", "A", title="The ministry closed nine schools for girls in the capital this morning")
    other = piece(2, "closed", "B", title="Headmistress weeps as armed men turn away her pupils at the school gate")
    both = piece(3, "closed", "C", title=f"{one.title}. {other.title}")
    apart = [told.story for told in with_stories([one, other])]
    assert apart == [told.story for told in with_stories([both, other, one])][:2]
    assert len(set(apart)) == 2


def test_several_findings_in_one_item_are_one_story() -> None:
    one = piece(1, "closed", "A", item="x")
    other = piece(1, "incident", "A", item="x", at=one.at + timedelta(seconds=1))
    assert len({told.story for told in with_stories([one, other])}) == 1
