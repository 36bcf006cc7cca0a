"""Who published what, through the whole pipeline: who counts as one, whose voice it is, and what is decided anew."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from commandline import Monitor
from databases import ENGINES, database
from first_release import make_first_release
from loopback import rss

from monitor.config import FeedConfig
from monitor.feeds.fetch import Fetched
from monitor.match.lookup.compiled import CompiledRules
from monitor.model import Cause, Transition
from monitor.pipeline.absorb import absorb, read_waiting, tick
from monitor.pipeline.rebuild import what_does_not_follow
from monitor.pipeline.receive import receive
from monitor.publishers.registry import Publishers
from monitor.store.database import Store
from monitor.store.evidence import evidence_for
from monitor.store.transitions import read_log

NOW = datetime(2022, 6, 1, 12, tzinfo=UTC)
RULES = "uk-taliban-recognition"
BAN = "Taliban ban women from universities"
BARRED = "Women barred from university lectures, students in Kabul say, after a Taliban decree"
REOPENED = "The Taliban reopened girls' high schools in Kunduz"
BACK = "Girls return to their high schools in Kunduz as the Taliban let them back in"


def feed(publisher: str, number: int = 1) -> FeedConfig:
    """A feed on a site of which nobody is known to be the owner."""
    return FeedConfig(url=f"https://127.0.0.1/{number}.xml", publisher=publisher)


def poll(store: Store, rules: CompiledRules, title: str, publisher: str, hours: int = 0) -> None:
    now = NOW + timedelta(hours=hours)
    source = feed(publisher, hours)
    absorb(store, rules, source, receive(source, Fetched(rss({"guid": title, "title": title})), now), now)


def log(store: Store) -> list[Transition]:
    with store.read() as connection:
        return list(read_log(connection))


def phases(store: Store) -> list[str]:
    return [f"{entry.after.value} {entry.phase.value}" for entry in log(store)]


@pytest.fixture
def earlier_rules(starter_rules: CompiledRules) -> CompiledRules:
    """The same rules under a monitor that knows no publisher: to it, each name is one of its own."""
    return CompiledRules(starter_rules.rulesets, Publishers({}))


def test_a_status_that_rested_on_two_names_of_one_publisher_is_decided_anew(
    store: Store, earlier_rules: CompiledRules, starter_rules: CompiledRules
) -> None:
    read_waiting(store, earlier_rules, NOW - timedelta(hours=1))
    poll(store, earlier_rules, BAN, "BBC")
    poll(store, earlier_rules, BARRED, "BBC News", hours=1)
    assert phases(store) == ["breached pending", "breached confirmed"]
    tick(store, NOW + timedelta(hours=2))
    poll(store, starter_rules, "It rained in Paris", "AFP", hours=3)
    last = log(store)[-1]
    assert (phases(store)[-1], last.cause) == ("breached pending", Cause.PUBLISHERS)
    with store.read() as connection:
        pieces = evidence_for(connection, RULES, "womens-rights")
        assert {(piece.publisher, piece.organisation) for piece in pieces} == {("BBC", "bbc")}
        assert list(what_does_not_follow(connection, lambda *_: None)) == []


def test_where_only_the_name_of_a_publisher_changes_the_log_stays_as_it_is(
    store: Store, earlier_rules: CompiledRules, starter_rules: CompiledRules
) -> None:
    read_waiting(store, earlier_rules, NOW - timedelta(hours=1))
    poll(store, earlier_rules, BAN, "BBC News")
    before = log(store)
    poll(store, starter_rules, "It rained in Paris", "AFP", hours=3)
    assert log(store) == before
    with store.read() as connection:
        (piece,) = evidence_for(connection, RULES, "womens-rights")
        # It is shown as it was when it came, as the log has it; the next report of the BBC is no second publisher.
        assert (piece.publisher, piece.organisation) == ("BBC News", "bbc")
        assert list(what_does_not_follow(connection, lambda *_: None)) == []
    poll(store, starter_rules, BARRED, "BBC", hours=4)
    assert phases(store) == ["breached pending"]


def test_what_the_addressee_s_own_agency_says_of_its_merit_confirms_nothing(
    store: Store, starter_rules: CompiledRules
) -> None:
    read_waiting(store, starter_rules, NOW - timedelta(hours=1))
    poll(store, starter_rules, REOPENED, "Bakhtar News Agency")
    poll(store, starter_rules, BACK, "AFP", hours=1)
    assert phases(store) == ["met pending"]


def test_what_it_says_of_the_addressee_s_breach_counts(store: Store, starter_rules: CompiledRules) -> None:
    read_waiting(store, starter_rules, NOW - timedelta(hours=1))
    poll(store, starter_rules, BAN, "Bakhtar News Agency")
    poll(store, starter_rules, BARRED, "AFP", hours=1)
    assert phases(store) == ["breached pending", "breached confirmed"]


@pytest.mark.parametrize("engine", ENGINES)
def test_a_database_of_the_first_release_is_decided_anew_and_the_log_says_why(
    engine: str, workspace: Path, monitor: Monitor, starter_rules: CompiledRules, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database(engine, workspace, bare=True) as url:
        monkeypatch.setenv("MONITOR_DATABASE", url)
        make_first_release(url, starter_rules, ("BBC", BAN), ("BBC News", BARRED))
        monitor("run", "--once")
        entries = json.loads(monitor("log", "--format", "json").out)
        # Both entries rested on the BBC: that it was pending is upheld, that it was confirmed is not.
        assert [entry["phase"] for entry in entries] == ["pending", "confirmed", "pending", "pending"]
        assert [entry.get("cause") for entry in entries] == [None, None, "publishers", "publishers"]
        said = " ".join(monitor("log").out.split())
        assert "it was found out which reports come from one organisation" in said
        assert monitor("log", "verify").code == 0


@pytest.mark.parametrize("engine", ENGINES)
def test_a_database_of_the_first_release_with_two_publishers_stays_as_it_is(
    engine: str, workspace: Path, monitor: Monitor, starter_rules: CompiledRules, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database(engine, workspace, bare=True) as url:
        monkeypatch.setenv("MONITOR_DATABASE", url)
        make_first_release(url, starter_rules, ("BBC", BAN), ("Guardian", BARRED))
        monitor("run", "--once")
        entries = json.loads(monitor("log", "--format", "json").out)
        assert [entry["phase"] for entry in entries] == ["pending", "confirmed"]


def test_a_confirmed_status_names_organisations_and_their_feeds(store: Store, starter_rules: CompiledRules) -> None:
    read_waiting(store, starter_rules, NOW - timedelta(hours=1))
    poll(store, starter_rules, BAN, "BBC")
    poll(store, starter_rules, BARRED, "BBC News", hours=1)
    poll(store, starter_rules, "The Taliban closed the university in Herat to female students", "AFP", hours=2)
    assert phases(store) == ["breached pending", "breached confirmed"]
    assert log(store)[-1].reason == "reported by AFP, BBC (2 feeds)"
