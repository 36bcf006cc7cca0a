"""Links as they are compared, and what counts as a change of words."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime, timedelta
from importlib.resources import files

import pytest

from monitor.entries.edit import UNSTABLE_FOR, judge_edit
from monitor.entries.link import destination, link_identity
from monitor.entries.words import same_words

DATA = tomllib.loads((files("monitor.entries") / "links.toml").read_text("utf-8"))
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.mark.parametrize("row", DATA["tracking"], ids=lambda row: row.get("parameter") or "#" + row["fragment"])
def test_tracking_makes_no_other_link(row: dict[str, str]) -> None:
    assert link_identity(row["example"]) == link_identity(row["same_as"])


@pytest.mark.parametrize("row", DATA["redirects"], ids=lambda row: row["host"] + row["path"])
def test_a_redirect_is_the_address_it_leads_to(row: dict[str, str]) -> None:
    assert destination(row["example"]) == row["leads_to"]
    assert link_identity(row["example"]) == link_identity(row["leads_to"])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://herald.example/a", "https://www.herald.example/a/"),
        ("https://herald.example:443/a", "https://herald.example/a"),
        ("https://herald.example/a?x=1&y=2", "https://herald.example/a?y=2&x=1"),
    ],
)
def test_spellings_of_one_link(one: str, other: str) -> None:
    assert link_identity(one) == link_identity(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://herald.example/a", "https://herald.example/b"),
        ("https://herald.example/a?id=1", "https://herald.example/a?id=2"),
        ("https://herald.example/log#march", "https://herald.example/log#april"),
        ("https://herald.example/a", "https://herald.test/a"),
        ("https://herald.example:8080/a", "https://herald.example/a"),
    ],
)
def test_links_to_different_pages(one: str, other: str) -> None:
    assert link_identity(one) != link_identity(other)


@pytest.mark.parametrize("link", ["", "not a link", "https://[broken", "https://h.example:99999/a"])
def test_what_is_no_link_is_compared_as_it_is(link: str) -> None:
    assert link_identity(link) == link


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("The border is shut. 1,204 views", "The border is shut. 1,391 views"),
        ("The border is shut. Updated 2 minutes ago", "The border is shut. Updated 3 hours ago"),
        ("The border is shut (Mon 12:30 GMT)", "The border is shut (Tue 08:15 GMT)"),
        ("The army’s bridge – reopened", "The armyâ€™s bridge â€“ reopened"),
        ("Café owners protest", "CafÃ© owners protest"),
        ("The border is shut", "The border is SHUT!"),
        ("12 killed at the border", "14 killed at the border"),
        ("مرز بسته است ۱۲", "مرز بسته است ۱۵"),
    ],
)
def test_figures_times_and_marks_are_no_words(before: str, after: str) -> None:
    assert same_words(before, after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("The border is shut", "The border is not shut"),
        ("The border is shut", "The border is open"),
        ("Army shells Orvik", "Orvik shells army"),
        ("مرز بسته است", "مرز باز است"),
    ],
)
def test_other_words_are_an_edit(before: str, after: str) -> None:
    assert not same_words(before, after)
    edit = judge_edit(before, after, is_former=False, wordings=1, unstable_since=None, now=NOW)
    assert (edit.keep, edit.read, edit.unstable) == (True, True, False)


def test_a_corrected_figure_is_kept_and_a_counter_is_not() -> None:
    edits = [
        judge_edit("12 dead", "14 dead", is_former=False, wordings=number, unstable_since=None, now=NOW)
        for number in (1, 2, 3)
    ]
    assert [(edit.keep, edit.read) for edit in edits] == [(True, False), (True, False), (False, False)]
    # What a figure does says nothing of whether the words will stay.
    assert not any(edit.unstable for edit in edits)


def test_a_wording_that_comes_back_is_read_once_a_week_at_most() -> None:
    def back(unstable_since: datetime | None) -> tuple[bool, bool, bool]:
        edit = judge_edit("shut", "open", is_former=True, wordings=2, unstable_since=unstable_since, now=NOW)
        return edit.keep, edit.read, edit.unstable

    assert back(None) == (True, True, True)
    assert back(NOW - timedelta(hours=1)) == (False, False, True)
    assert back(NOW - UNSTABLE_FOR) == (True, True, True)
