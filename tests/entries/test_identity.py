"""Which known item is an entry? A table of what feeds do, and what follows."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.entries.identity import EntryFields, recognise

MONDAY = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
TUESDAY = MONDAY + timedelta(days=1)
MIDNIGHT = datetime(2026, 3, 2, tzinfo=UTC)

KNOWN = EntryFields(
    id="known",
    guid="tag:bridge",
    link="herald.example/bridge",
    title="Northland army reopens the Orvik bridge",
    text="Cars crossed the river for the first time since the truce was signed in January.",
    published=MONDAY,
)
OTHER_TITLE = "Council votes on the price of bread"
OTHER_TEXT = "A loaf will cost twice as much from the first of April, the council said."
ALIKE_TITLE = "Northland army reopens Orvik bridge after talks"
ALIKE_TEXT = "Cars crossed the river for the first time since the truce was signed in January, a driver said."


def entry(**changed: Any) -> EntryFields:
    """The entry that :data:`KNOWN` was stored from, as it comes again with some fields ``changed``."""
    return replace(KNOWN, **{"id": "new", **changed})


SAME = {
    "nothing changed": entry(),
    "a new guid on every fetch": entry(guid="tag:2f9c"),
    "a new guid and a new date, as when a site moves": entry(guid="tag:new", published=TUESDAY),
    "a new guid and date, of an entry that has no text": entry(guid="tag:new", published=TUESDAY, text=""),
    "a site that moved: the link is another, the guid is kept": entry(link="herald.test/bridge"),
    "guid and link are new, every word and the minute are the same": entry(guid="g", link="x.example/9"),
    "the headline was changed": entry(title=OTHER_TITLE),
    "the headline was changed and the guid is new": entry(title=OTHER_TITLE, guid="tag:new"),
    "the text was rewritten": entry(text=OTHER_TEXT),
    "headline and text were rewritten at the same minute": entry(title=OTHER_TITLE, text=OTHER_TEXT),
    "headline and text were edited, the date is new": entry(title=ALIKE_TITLE, text=ALIKE_TEXT, published=TUESDAY),
    "a headline without text or date was changed": entry(title=OTHER_TITLE, text="", published=None),
    "no guid any more": entry(guid=""),
    "no link any more": entry(link=""),
    "only the date is new": entry(published=TUESDAY),
    "it has lost its date": entry(published=None),
}
DIFFERENT = {
    "only the guid agrees": entry(link="herald.example/bread", title=OTHER_TITLE, text=OTHER_TEXT, published=TUESDAY),
    "the guid agrees, and a date without a time of day": entry(
        link="herald.example/bread", title=OTHER_TITLE, text=OTHER_TEXT, published=MIDNIGHT
    ),
    "the guid agrees and the minute, link and words do not": entry(
        link="herald.example/bread", title=OTHER_TITLE, text=OTHER_TEXT
    ),
    "only the link agrees: a page that carries one statement after another": entry(
        guid="", title=OTHER_TITLE, text=OTHER_TEXT, published=TUESDAY
    ),
    "link and title agree, text and date do not": entry(guid="", text=OTHER_TEXT, published=TUESDAY),
    "the guid agrees, link and title do not, and there is no text or date": entry(
        link="herald.example/2", title=OTHER_TITLE, text="", published=None
    ),
    "guid and title agree, link, text and date do not": entry(
        link="herald.example/2", text=OTHER_TEXT, published=TUESDAY
    ),
    "only the title agrees": entry(guid="g", link="x.example/9", text=OTHER_TEXT, published=TUESDAY),
    "only the words agree: the same notice every week": entry(guid="g", link="x.example/9", published=TUESDAY),
    "only the date agrees": entry(guid="g", link="x.example/9", title=OTHER_TITLE, text=OTHER_TEXT),
    "nothing agrees": entry(guid="g", link="x", title=OTHER_TITLE, text=OTHER_TEXT, published=TUESDAY),
}


@pytest.mark.parametrize("came", SAME.values(), ids=SAME)
def test_an_entry_is_known_again(came: EntryFields) -> None:
    (found,) = recognise([came], [KNOWN])
    assert found.known == "known", found.by


@pytest.mark.parametrize("came", DIFFERENT.values(), ids=DIFFERENT)
def test_another_entry_is_new(came: EntryFields) -> None:
    (found,) = recognise([came], [KNOWN])
    assert found.known is None, found.by


def test_entries_of_one_document_are_each_their_own() -> None:
    bread = entry(id="bread", link="herald.example/bread", title=OTHER_TITLE, text=OTHER_TEXT)
    assert [one.known for one in recognise([entry(), bread], [])] == [None, None]


def test_a_guid_that_stands_twice_in_a_document_names_neither_entry() -> None:
    bread = entry(link="herald.example/bread", title=OTHER_TITLE, text=OTHER_TEXT)
    stored = [KNOWN, replace(bread, id="bread")]
    # In another order than before: the newest stands first.
    assert [one.known for one in recognise([bread, entry()], stored)] == ["bread", "known"]
    newest = entry(link="herald.example/dam", title="A dam is built", text="Work began at noon.", published=TUESDAY)
    assert [one.known for one in recognise([newest, bread, entry()], stored)] == [None, "bread", "known"]


def test_an_item_that_the_document_still_carries_is_no_other_entry() -> None:
    edited = entry(title=ALIKE_TITLE)
    assert recognise([edited], [KNOWN], present={"known"})[0].known is None


def test_statements_under_one_link_and_title_are_told_apart_by_date_and_text() -> None:
    first = EntryFields("a", "", "ministry.example", "Statement", "The border is closed to lorries.", MONDAY)
    second = EntryFields("b", "", "ministry.example", "Statement", "Schools begin an hour later.", TUESDAY)
    found = recognise([replace(second, id="x"), replace(first, id="y")], [first, second])
    assert [one.known for one in found] == ["b", "a"]


def test_it_is_said_by_what_an_entry_was_recognised() -> None:
    assert recognise([entry(guid="tag:new")], [KNOWN])[0].by == "its link, title, text and date; its guid had changed"
    twice = [entry(), entry(link="z", title=OTHER_TITLE, text=OTHER_TEXT)]
    assert recognise(twice, [KNOWN])[0].by == "its link, title, text and date; its guid stands at several entries"


fields = st.builds(
    EntryFields,
    id=st.uuids().map(str),
    guid=st.sampled_from(["", "g1", "g2"]),
    link=st.sampled_from(["", "l1", "l2"]),
    title=st.sampled_from(["The bridge is open", "Bread is dear", "A dam is built"]),
    text=st.sampled_from(["", "Cars cross the river.", "A loaf costs twice as much."]),
    published=st.sampled_from([None, MONDAY, TUESDAY]),
)


@given(st.lists(fields, max_size=5), st.lists(fields, max_size=5))
def test_no_item_is_two_entries_of_one_document(coming: list[EntryFields], known: list[EntryFields]) -> None:
    found = [one.known for one in recognise(coming, known) if one.known]
    assert len(found) == len(set(found))


@given(st.lists(fields, max_size=5))
def test_the_same_document_again_is_nothing_new(coming: list[EntryFields]) -> None:
    distinct = list({(e.guid, e.link, e.title, e.text, e.published): e for e in coming}.values())
    again = [one.known for one in recognise([replace(e, id=f"n{e.id}") for e in distinct], distinct)]
    named = [e for e in distinct if (e.guid or e.link) and e.published]
    assert {e.id for e in named} <= {key for key in again if key}
