"""From bytes to the status log, on every engine."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from databases import database
from loopback import rss

from monitor.assess.log import first_break
from monitor.config import FeedConfig
from monitor.feeds.fetch import Fetched
from monitor.match.lookup.compiled import CompiledRules
from monitor.model import Cause, Stance, Status, Transition
from monitor.pipeline.absorb import absorb, read_waiting, tick
from monitor.pipeline.arrival import Absorbed
from monitor.pipeline.receive import receive
from monitor.rules.ruleset import Ruleset
from monitor.store.database import Store, open_store
from monitor.store.evidence import evidence_for
from monitor.store.feeds import states_of
from monitor.store.items import count_items, find_item
from monitor.store.transitions import read_log

NOW = datetime(2022, 6, 1, 12, tzinfo=UTC)
FEED = FeedConfig(url="https://agency.example/feed.xml", publisher="Agency")
OTHER = FeedConfig(url="https://herald.example/other.xml", publisher="Herald")
RULES = "uk-taliban-recognition"
BAN = {"guid": "1", "title": "Taliban ban women from universities", "date": "Wed, 01 Jun 2022 08:00:00 GMT"}


def poll(
    store: Store, rules: CompiledRules, *entries: dict[str, str], feed: FeedConfig = FEED, now: datetime = NOW
) -> Absorbed:
    read_waiting(store, rules, now - timedelta(seconds=1))
    return absorb(store, rules, feed, receive(feed, Fetched(rss(*entries)), now), now)


def log(store: Store) -> list[Transition]:
    with store.read() as connection:
        return list(read_log(connection))


def stances(store: Store, condition: str = "womens-rights") -> list[Stance]:
    with store.read() as connection:
        return [piece.stance for piece in evidence_for(connection, RULES, condition)]


def test_a_report_becomes_evidence_and_a_status(store: Store, starter_rules: CompiledRules) -> None:
    absorbed = poll(store, starter_rules, BAN)
    assert (absorbed.new, absorbed.evidence) == (1, 1)
    (entry,) = log(store)
    assert (entry.condition, entry.after, entry.phase) == ("womens-rights", Status.BREACHED, "pending")
    assert entry.holds_from == datetime(2022, 6, 1, 8, tzinfo=UTC)
    assert entry.recorded == NOW


def test_a_second_publisher_confirms(store: Store, starter_rules: CompiledRules) -> None:
    poll(store, starter_rules, BAN)
    poll(store, starter_rules, {"guid": "x", "title": "Women barred from university in Kabul"}, feed=OTHER)
    assert [(e.after, e.phase) for e in log(store)] == [("breached", "pending"), ("breached", "confirmed")]
    assert first_break(e.record() for e in log(store)) is None


def test_a_copy_under_another_name_does_not(store: Store, starter_rules: CompiledRules) -> None:
    poll(store, starter_rules, BAN)
    poll(store, starter_rules, BAN, feed=OTHER)
    assert [e.phase for e in log(store)] == ["pending"]


def test_an_item_is_stored_once_however_often_it_is_seen(store: Store, starter_rules: CompiledRules) -> None:
    for hours in range(4):
        poll(store, starter_rules, BAN, now=NOW + timedelta(hours=hours))
    with store.read() as connection:
        counted = count_items(connection, starter_rules.digest)
    assert (counted.items, counted.versions, counted.waiting) == (1, 1, 0)
    assert len(log(store)) == 1


def test_an_edit_keeps_the_earlier_wording_and_withdraws_its_evidence(
    store: Store, starter_rules: CompiledRules
) -> None:
    poll(store, starter_rules, BAN)
    absorbed = poll(store, starter_rules, {**BAN, "title": "Universities stay open"}, now=NOW + timedelta(hours=1))
    assert absorbed.edited == 1
    with store.read() as connection:
        item = evidence_for(connection, RULES, "womens-rights", NOW)[0].item
        versions = find_item(connection, item)
        assert [v.item.title for v in versions] == [BAN["title"], "Universities stay open"]
        assert [v.latest for v in versions] == [False, True]
        assert len(evidence_for(connection, RULES, "womens-rights", NOW)) == 1
    assert stances(store) == []
    assert [e.after for e in log(store)] == ["breached", "unknown"]


def test_an_edit_that_says_the_same_quotes_the_new_version(store: Store, starter_rules: CompiledRules) -> None:
    poll(store, starter_rules, BAN)
    poll(
        store, starter_rules, {**BAN, "title": "Taliban ban all women from universities"}, now=NOW + timedelta(hours=1)
    )
    with store.read() as connection:
        (piece,) = evidence_for(connection, RULES, "womens-rights")
        assert piece.quote == "Taliban ban all women from universities"
        assert piece.version == find_item(connection, piece.item)[1].version
    first, again = log(store)
    assert (again.before, again.after, again.cause) == (first.after, first.after, Cause.EDIT)
    assert again.evidence == (piece.id,)


def test_an_edit_that_is_taken_back_is_evidence_again(store: Store, starter_rules: CompiledRules) -> None:
    for hours, title in enumerate([BAN["title"], "Universities stay open", BAN["title"]]):
        poll(store, starter_rules, {**BAN, "title": title}, now=NOW + timedelta(hours=hours))
    assert stances(store) == [Stance.BREACH]
    with store.read() as connection:
        assert len(evidence_for(connection, RULES, "womens-rights", NOW)) == 1
        assert evidence_for(connection, RULES, "womens-rights", NOW + timedelta(hours=1)) == []


def test_a_date_that_a_feed_keeps_changing_is_locked_at_first_sight(store: Store, starter_rules: CompiledRules) -> None:
    poll(store, starter_rules, BAN)
    changed = {**BAN, "date": "Wed, 01 Jun 2022 11:00:00 GMT"}
    poll(store, starter_rules, changed, now=NOW + timedelta(hours=1))
    with store.read() as connection:
        assert evidence_for(connection, RULES, "womens-rights")[0].at == datetime(2022, 6, 1, 8, tzinfo=UTC)


def test_a_failing_feed_is_recorded_and_harms_nobody(store: Store, starter_rules: CompiledRules) -> None:
    read_waiting(store, starter_rules, NOW - timedelta(days=1))
    for hours, fetched in enumerate([Fetched(error="the server answered 500"), Fetched(b"<html>sorry</html>")]):
        now = NOW + timedelta(hours=hours)
        absorbed = absorb(store, starter_rules, FEED, receive(FEED, fetched, now), now)
        assert absorbed.outcome == "failed"
    poll(store, starter_rules, BAN, feed=OTHER, now=NOW + timedelta(hours=2))
    with store.read() as connection:
        state = states_of(connection, [FEED.url])[FEED.url]
        assert (state.failing_since, state.failures, state.error) == (NOW, 2, "this is a web page, not a feed")
    assert stances(store) == [Stance.BREACH]
    poll(store, starter_rules, BAN, now=NOW + timedelta(hours=3))
    with store.read() as connection:
        assert states_of(connection, [FEED.url])[FEED.url].failing_since is None


def test_a_deed_that_has_had_its_days_is_logged_as_lapsed(store: Store, starter_rules: CompiledRules) -> None:
    held = {"title": "The Taliban stopped four planes of evacuees from leaving Kabul", "date": BAN["date"]}
    poll(store, starter_rules, held)
    assert tick(store, NOW + timedelta(days=10)) == []
    (entry,) = tick(store, NOW + timedelta(days=40))
    assert (entry.before, entry.after) == (Status.BREACHED, Status.UNKNOWN)
    assert entry.holds_from == datetime(2022, 7, 1, 8, tzinfo=UTC)
    assert (entry.recorded, entry.cause) == (entry.holds_from, Cause.TIME)


def test_a_changed_rule_is_applied_to_what_is_stored(store: Store, starter_rules: CompiledRules) -> None:
    poll(store, starter_rules, BAN)
    data = starter_rules.rulesets[0].model_dump(by_alias=True, mode="json")
    for signal in data["conditions"]["womens-rights"]["signals"]:
        signal["does"] = ["abolish"]
        signal["examples"] = []
    changed = CompiledRules([Ruleset.model_validate(data)])
    with store.read() as connection:
        assert count_items(connection, changed.digest).waiting == 1
    entries = read_waiting(store, changed, NOW + timedelta(days=1))
    assert [(e.before, e.after) for e in entries] == [(Status.BREACHED, Status.UNKNOWN)]
    assert entries[0].rules_digest == changed.rulesets[0].digest
    read_waiting(store, starter_rules, NOW + timedelta(days=2))
    assert stances(store) == [Stance.BREACH]
    assert first_break(e.record() for e in log(store)) is None


def test_every_engine_writes_the_same_log(tmp_path: Path, starter_rules: CompiledRules) -> None:
    logs = []
    for engine in ("sqlite", "postgresql"):
        with database(engine, tmp_path) as url:
            opened = open_store(url)
            poll(opened, starter_rules, BAN)
            poll(opened, starter_rules, {"guid": "x", "title": "Women barred from university in Kabul"}, feed=OTHER)
            tick(opened, NOW + timedelta(days=400))
            logs.append([entry.hash for entry in log(opened)])
            opened.close()
    assert logs[0] == logs[1]
    assert len(logs[0]) >= 2
