"""What is counted says of what: events, reports and publishers. And what a person decides of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from databases import ENGINE, database
from loopback import rss
from replayed import HERE

from monitor.assess.tally import Tally
from monitor.config import Config, FeedConfig
from monitor.feeds.fetch import Fetched
from monitor.manners.state import Pace
from monitor.match.lookup.compiled import CompiledRules
from monitor.model import Evidence, Status, Verdict
from monitor.pipeline.absorb import absorb, read_waiting
from monitor.pipeline.judge import Refused, Signature, date_item, group_evidence, judge_evidence, undo
from monitor.pipeline.rebuild import what_does_not_follow
from monitor.pipeline.receive import receive
from monitor.report.by_event import by_event
from monitor.report.overview import Row, read_overview
from monitor.report.queue import review_queue
from monitor.report.wording import support_text, undated_text
from monitor.rules.read import read_rule_book
from monitor.store.database import Store, open_store

NOON = datetime(2027, 5, 6, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
FEED = FeedConfig(url="https://example.org/a.xml", publisher="Herald")
ADA = Signature("Ada", "Read both.")
# One event by three papers, one of them with two signals; and another event a week later.
SHELLED = [
    {"guid": "1", "source": "Herald", "title": "Northland's army shelled the village of Marlow",
     "text": "The army of Northland raided a hospital in Marlow on Thursday."},
    {"guid": "2", "source": "Courier", "title": "Marlow in flames: army of Northland shelled village, nurses say"},
    {"guid": "3", "source": "Gazette", "title": "Army of Northland shelled a village near Marlow on Thursday morning"},
]  # fmt: skip
AGAIN = {"guid": "4", "source": "Herald", "title": "Army of Northland bombed the city of Felsen on Thursday"}


@cache
def rules() -> CompiledRules:
    """Those of the timeline, with a second signal beside the shelling."""
    text = (
        (HERE / "rules.yaml").read_text()
        + """\
      - id: raid
        stance: breach
        does: [raid, storm]
        what: [[village, hospital]]
        lasts: 30d
"""
    )
    with TemporaryDirectory() as folder:
        (Path(folder) / "rules.yaml").write_text(text)
        return CompiledRules(read_rule_book([Path(folder) / "rules.yaml"], Path(folder)).rulesets)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with database(ENGINE, tmp_path) as url:
        store = open_store(url)
        read_waiting(store, rules(), NOON - HOUR)
        yield store
        store.close()


def poll(store: Store, moment: datetime, *entries: dict[str, str]) -> None:
    absorb(store, rules(), FEED, receive(FEED, Fetched(rss(*entries)), moment), moment, Pace(HOUR, HOUR))


def ceasefire(store: Store, now: datetime) -> Row:
    with store.read() as connection:
        (view,) = read_overview(connection, rules().rulesets, Config(feeds=(FEED,)), now).rulesets
    return next(row for row in view.rows if row.id == "ceasefire")


def groups(store: Store, now: datetime) -> list[set[str]]:
    """The publishers that tell of each event, the newest first."""
    row = ceasefire(store, now)
    return [{piece.publisher for piece in one.reports} for one in by_event(row.support, row.event_of)]


def piece_by(store: Store, now: datetime, publisher: str) -> Evidence:
    return next(piece for piece in ceasefire(store, now).told if piece.publisher == publisher)


def test_a_status_says_of_how_many_events_reports_and_publishers(store: Store) -> None:
    poll(store, NOON, *SHELLED)
    poll(store, NOON + timedelta(days=7), AGAIN)
    now = NOON + timedelta(days=8)
    row = ceasefire(store, now)
    assert row.tally == Tally(events=2, reports=4, publishers=3)
    assert support_text(row) == "rests on 2 events, 4 reports, 3 publishers"
    assert groups(store, now) == [{"Herald"}, {"Herald", "Courier", "Gazette"}]


def test_a_review_tells_two_reports_apart_and_another_joins_them_again(store: Store) -> None:
    poll(store, NOON, *SHELLED)
    now = NOON + timedelta(days=1)
    courier, herald = piece_by(store, now, "Courier"), piece_by(store, now, "Herald")
    split = group_evidence(store, now, courier.id, herald.id, False, ADA)
    assert split.transitions == ()
    assert {"Courier"} in groups(store, now)
    group_evidence(store, now, courier.id, herald.id, True, ADA)
    assert groups(store, now) == [{"Herald", "Courier", "Gazette"}]
    undo(store, now, 2, ADA)
    assert {"Courier"} in groups(store, now)


def test_an_article_is_told_apart_with_all_that_was_found_in_it(store: Store) -> None:
    poll(store, NOON, *SHELLED)
    now = NOON + timedelta(days=1)
    passages = [piece for piece in ceasefire(store, now).told if piece.publisher == "Herald"]
    assert len(passages) == 2
    for passage in passages:
        group_evidence(store, now, passage.id, piece_by(store, now, "Gazette").id, False, ADA)
        assert sorted(map(sorted, groups(store, now))) == [["Courier", "Herald"], ["Gazette"]]
        undo(store, now, 2 * passages.index(passage) + 1, ADA)


def test_only_evidence_of_one_condition_and_stance_is_one_event(store: Store) -> None:
    closed = {"guid": "9", "source": "Post", "title": "The army of Northland closed the border crossing"}
    poll(store, NOON, *SHELLED, closed)
    now = NOON + HOUR
    herald = piece_by(store, now, "Herald")
    with store.read() as connection:
        queue = review_queue(connection, now)
    other = next(entry.piece for entry in queue if entry.piece.condition == "crossing")
    with pytest.raises(Refused, match="one condition and one stance"):
        group_evidence(store, now, herald.id, other.id, True, ADA)
    with pytest.raises(Refused, match="two different"):
        group_evidence(store, now, herald.id, herald.id, True, ADA)


def test_an_article_comes_once_to_the_desk_and_one_verdict_covers_it(store: Store) -> None:
    poll(store, NOON, SHELLED[0])
    now = NOON + HOUR
    assert len(ceasefire(store, now).told) == 2
    with store.read() as connection:
        (entry,) = review_queue(connection, now)
    judge_evidence(store, now, entry.piece.id, Verdict.REJECT, ADA)
    assert ceasefire(store, now).told == ()
    with store.read() as connection:
        assert review_queue(connection, now) == []
        assert list(what_does_not_follow(connection, lambda *_: None)) == []


UNDATED = {**SHELLED[0], "date": "the other day"}


def test_a_deed_whose_date_cannot_be_read_waits_until_a_person_dates_it(store: Store) -> None:
    poll(store, NOON, UNDATED)
    now = NOON + HOUR
    row = ceasefire(store, now)
    assert row.standing.status is Status.UNKNOWN
    assert undated_text(row) == "1 report not counted: the date cannot be read; `monitor review` dates it"
    with store.read() as connection:
        (entry,) = review_queue(connection, now)
    assert entry.why == "its date cannot be read, so it does not count until somebody dates it"
    with pytest.raises(Refused, match="still to come"):
        date_item(store, now, entry.piece.id, now + HOUR, ADA)
    when = NOON - timedelta(days=3)
    (entry_of_log,) = date_item(store, now, entry.piece.id, when, ADA).transitions
    assert (entry_of_log.after, entry_of_log.holds_from) == (Status.BREACHED, when)
    assert "Ada dated evidence" in entry_of_log.reason
    row = ceasefire(store, now)
    assert [piece.at for piece in row.support] == [when, when]
    assert row.undated == ()
    with store.read() as connection:
        assert list(what_does_not_follow(connection, lambda *_: None)) == []
    undo(store, now, 1, ADA)
    assert ceasefire(store, now).standing.status is Status.UNKNOWN


def test_a_date_given_to_an_article_holds_for_all_its_conditions(store: Store) -> None:
    both = {**UNDATED, "text": "The army of Northland closed the border crossing."}
    poll(store, NOON, both)
    now = NOON + HOUR
    with store.read() as connection:
        entries = review_queue(connection, now)
    assert {entry.piece.condition for entry in entries} == {"ceasefire", "crossing"}
    judged = date_item(store, now, entries[0].piece.id, NOON - HOUR, ADA)
    assert {entry.condition for entry in judged.transitions} >= {"ceasefire", "crossing"}
    with store.read() as connection:
        assert list(what_does_not_follow(connection, lambda *_: None)) == []


def test_a_later_poll_that_dates_an_article_lets_it_count(store: Store) -> None:
    poll(store, NOON, UNDATED)
    poll(store, NOON + HOUR, {**UNDATED, "date": "Wed, 05 May 2027 08:00:00 GMT"})
    row = ceasefire(store, NOON + 2 * HOUR)
    assert [piece.at for piece in row.support][:1] == [datetime(2027, 5, 5, 8, tzinfo=UTC)]
    with store.read() as connection:
        assert list(what_does_not_follow(connection, lambda *_: None)) == []


def test_a_readable_date_is_not_reviewed(store: Store) -> None:
    poll(store, NOON, *SHELLED)
    with pytest.raises(Refused, match="could be read"):
        date_item(store, NOON + HOUR, piece_by(store, NOON + HOUR, "Herald").id, NOON, ADA)
