"""What a publisher changes in an entry that is stored already, poll by poll, and what becomes of evidence and log."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from loopback import rss

from monitor.config import FeedConfig
from monitor.feeds.fetch import Fetched
from monitor.match.lookup.compiled import CompiledRules
from monitor.model import Evidence
from monitor.pipeline.absorb import absorb, read_waiting
from monitor.pipeline.rebuild import what_does_not_follow
from monitor.pipeline.receive import receive
from monitor.report.about_item import about_item, about_item_record
from monitor.store.database import Store
from monitor.store.evidence import all_evidence
from monitor.store.items import find_item
from monitor.store.transitions import read_log

NOW = datetime(2022, 6, 1, 12, tzinfo=UTC)
FEED = FeedConfig(url="https://herald.example/feed.xml", publisher="Herald")
TITLE = "Taliban ban women from universities"
TEXT = "Students were turned away at the gates in Kabul on Wednesday, one of them said."
DATE = "Wed, 01 Jun 2022 08:00:00 GMT"


def poll(store: Store, rules: CompiledRules, day: int, *entries: dict[str, str], body: bytes = b"") -> None:
    now = NOW + timedelta(days=day)
    read_waiting(store, rules, now - timedelta(seconds=1))
    absorb(store, rules, FEED, receive(FEED, Fetched(body or rss(*entries)), now), now)


def entry(title: str = TITLE, text: str = TEXT, guid: str = "1") -> dict[str, str]:
    return {"guid": guid, "title": title, "text": text, "date": DATE, "link": f"https://herald.example/{guid}"}


def evidence(store: Store) -> list[Evidence]:
    with store.read() as connection:
        assert list(what_does_not_follow(connection, lambda *_: None)) == []
        return list(all_evidence(connection))


def entries_of_the_log(store: Store) -> int:
    with store.read() as connection:
        return len(list(read_log(connection)))


@pytest.mark.parametrize(
    ("how", "texts"),
    {
        "a counter of comments": [f"{TEXT} {count} comments" for count in (3, 17, 250)],
        "a time stamp": [f"{TEXT} Updated at {hour}:15" for hour in (9, 12, 18)],
        "how long ago it was": [f"{TEXT} {ago} ago" for ago in ("5 minutes", "2 hours", "3 days")],
        "other marks": [TEXT, TEXT.replace(",", " -"), TEXT.replace("gates in", "gates, in")],
        "what stands beside the passage": [f"{TEXT} Read on: {other}." for other in ("rain in Paris", "an old tram")],
    }.items(),
)
def test_what_is_no_word_of_the_report_leaves_evidence_and_log_alone(
    store: Store, starter_rules: CompiledRules, how: str, texts: list[str]
) -> None:
    for day, text in enumerate(texts):
        poll(store, starter_rules, day, entry(text=text))
    assert [piece.withdrawn for piece in evidence(store)] == [None], how
    assert entries_of_the_log(store) == 1


def test_a_decoding_accident_on_one_poll_leaves_evidence_and_log_alone(
    store: Store, starter_rules: CompiledRules
) -> None:
    words = f"“{TEXT}” – the headmistress"
    document = rss(entry(text=words), entry("It rained", "All day – in Paris.", "2")).replace(
        b"<?xml version='1.0'?>", b"<?xml version='1.0' encoding='utf-8'?>"
    )
    poll(store, starter_rules, 0, body=document)
    poll(store, starter_rules, 1, body=document.replace(b"Paris", b"Par\xffis"))
    poll(store, starter_rules, 2, body=document)
    assert [piece.withdrawn for piece in evidence(store)] == [None]
    assert entries_of_the_log(store) == 1


def test_an_edit_of_the_words_is_one(store: Store, starter_rules: CompiledRules) -> None:
    poll(store, starter_rules, 0, entry())
    poll(store, starter_rules, 1, entry("Taliban deny that they ban women from universities"))
    assert evidence(store)[0].withdrawn is not None
    assert entries_of_the_log(store) == 2


def test_words_that_change_to_and_fro_move_a_status_once_and_are_marked_unstable(
    store: Store, starter_rules: CompiledRules
) -> None:
    other = "Taliban deny that they ban women from universities"
    for day, title in enumerate([TITLE, other] * 3):
        poll(store, starter_rules, day, entry(title))
    with store.read() as connection:
        latest = next(stored for stored in find_item(connection, "https://herald.example/1") if stored.latest)
    assert latest.unstable_since == NOW + timedelta(days=2)
    told = dict(about_item(latest, starter_rules.publishers))
    assert told["unstable"].startswith("since 3 Jun 2022 its publisher changes its words to and fro")
    # Breached, denied, and the first return of the former words; then it stays as it was read.
    assert entries_of_the_log(store) == 3
    evidence(store)


def test_two_entries_of_one_guid_are_two_and_no_status_flips(store: Store, starter_rules: CompiledRules) -> None:
    ban, rain = entry(), {**entry("It rained in Kabul", "All day long."), "link": "https://herald.example/2"}
    for day in range(4):
        poll(store, starter_rules, day, *((ban, rain) if day % 2 else (rain, ban)))
    assert [piece.withdrawn for piece in evidence(store)] == [None]
    assert entries_of_the_log(store) == 1


def test_an_entry_that_gets_a_new_guid_with_every_fetch_is_stored_once(
    store: Store, starter_rules: CompiledRules
) -> None:
    for day in range(4):
        poll(store, starter_rules, day, {**entry(), "guid": f"session-{day}"})
    assert len(evidence(store)) == 1
    with store.read() as connection:
        stored = next(one for one in find_item(connection, "https://herald.example/1") if one.latest)
    told = dict(about_item(stored, starter_rules.publishers))
    assert told["recognised"] == stored.recognised_by
    assert "link" in stored.recognised_by
    assert told["publisher"] == "Herald (herald.example), known by the site of its link, herald.example"
    assert told["date"] == "1 Jun 2022 08:00 UTC: its own date"
    assert "unstable" not in told


@pytest.mark.parametrize(
    ("date", "said"),
    [("", "it bears no date"), ("the other day", "its own date cannot be read, so its deeds wait until it is dated")],
)
def test_an_item_says_what_its_date_rests_on(store: Store, starter_rules: CompiledRules, date: str, said: str) -> None:
    poll(store, starter_rules, 0, {**entry(), "date": date})
    with store.read() as connection:
        (stored,) = find_item(connection, "https://herald.example/1")
    told = dict(about_item(stored, starter_rules.publishers))
    assert told["date"] == f"1 Jun 2022 12:00 UTC: {said}; this is when it was first fetched"
    assert about_item_record(stored, starter_rules.publishers)["published_by"] == (
        "known by the site of its link, herald.example"
    )
