"""A hand-written history with late, doubled, withdrawn and contradicting items, and what must be said of its days."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

import pytest
from databases import ENGINE, database
from replayed import FEED, Arrival, arrivals, end_of, noon, rules, run, shared, timeline
from sqlalchemy import func, select

from monitor.assess.belief import believed
from monitor.assess.ledger import standing_parts
from monitor.assess.replay import replay
from monitor.assess.standing import history, know
from monitor.assess.timeline import at
from monitor.config import Config
from monitor.feeds.fetch import Fetched
from monitor.model import Transition
from monitor.pipeline.absorb import absorb, read_waiting, tick
from monitor.pipeline.logbook import knowledge
from monitor.pipeline.memory import Memory
from monitor.pipeline.rebuild import stored_inputs, what_does_not_follow
from monitor.pipeline.receive import receive
from monitor.report.overview import read_overview
from monitor.store.counts import ITEMS, VERSIONS, counted
from monitor.store.database import Store, open_store
from monitor.store.evidence import evidence_for
from monitor.store.moments import last_moment
from monitor.store.reviews import reviews_of
from monitor.store.rule_versions import rules_in_force
from monitor.store.tables import evidence, items, polls, versions
from monitor.store.transitions import read_log

START = noon("2022-01-01")
CONDITIONS = ("crossing", "ceasefire")
LAST = end_of("2022-07-31")


@pytest.fixture
def lived(store: Store) -> Store:
    """A store that has lived through the timeline."""
    run(store, START, arrivals())
    return store


def log_of(store: Store) -> list[Transition]:
    with store.read() as connection:
        return read_log(connection)


def told(entry: Transition) -> str:
    return (
        f"{entry.recorded:%Y-%m-%d} {entry.condition} {entry.after.value} {entry.phase.value} "
        f"from {entry.holds_from:%Y-%m-%d} ({'news' if entry.cause == 'late news' else entry.cause})"
    )


def test_its_statuses_are_known_on_every_date_and_at_every_state_of_knowledge(lived: Store) -> None:
    entries = log_of(lived)
    for row in timeline()["statuses"]:
        as_of = end_of(row["as_of"])
        known_at = end_of(row["known_at"]) if "known_at" in row else None
        with lived.read() as connection:
            overview = read_overview(connection, rules().rulesets, Config(feeds=(FEED,)), LAST, as_of, known_at)
        for shown in overview.rulesets[0].rows:
            standing = shown.standing
            assert f"{standing.status.value} {standing.phase.value}" == row[shown.id], f"{row}: {shown.id}"
            # The log alone says the same.
            own = [e for e in entries if e.condition == shown.id and (known_at is None or e.recorded <= known_at)]
            assert at(believed(own), as_of).same_as(standing)


def test_its_log(lived: Store) -> None:
    assert [told(entry) for entry in log_of(lived)] == timeline()["log"]


def test_the_log_follows_from_what_is_stored(lived: Store) -> None:
    with lived.read() as connection:
        assert list(what_does_not_follow(connection, lambda *_: None)) == []
        assert replay(stored_inputs(connection), last_moment(connection) or LAST) == read_log(connection)


def test_twice_and_on_every_engine_it_is_the_same_log_byte_for_byte(tmp_path_factory: pytest.TempPathFactory) -> None:
    logs = []
    for engine in ("sqlite", "postgresql", "sqlite"):
        with database(engine, tmp_path_factory.mktemp("again")) as url:
            opened = open_store(url)
            run(opened, START, arrivals())
            logs.append([entry.record() for entry in log_of(opened)])
            opened.close()
    assert logs[0] == logs[1] == logs[2]


def test_a_writer_with_a_memory_writes_the_same_log_byte_for_byte(
    lived: Store, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """What is assessed step by step is what comes of reading everything again at each step."""
    memory = Memory()
    with database(ENGINE, tmp_path_factory.mktemp("memory")) as url:
        opened = open_store(url)
        run(opened, START, arrivals(), memory=memory)
        assert [entry.record() for entry in log_of(opened)] == [entry.record() for entry in log_of(lived)]
        _assert_that_stories_are_kept(opened)
        opened.close()


def test_workers_that_share_the_work_write_the_same_log_byte_for_byte(
    store: Store, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Taken in by one, assessed by another, late, edited, withdrawn and reviewed items among it."""
    run(store, START, arrivals(), memory=Memory(), take=shared)
    with database(ENGINE, tmp_path_factory.mktemp("alone")) as url:
        alone = open_store(url)
        run(alone, START, arrivals())
        assert [entry.record() for entry in log_of(store)] == [entry.record() for entry in log_of(alone)]
        alone.close()
    _assert_that_stories_are_kept(store)
    with store.read() as connection:
        assert list(what_does_not_follow(connection, lambda *_: None)) == []


def test_stories_are_kept_as_they_would_be_told_anew(lived: Store) -> None:
    _assert_that_stories_are_kept(lived)


def _assert_that_stories_are_kept(store: Store) -> None:
    with store.read() as connection:
        for ruleset, name, part in standing_parts(rules_in_force(connection)):
            key = (ruleset.ruleset, name)
            anew = know(part, evidence_for(connection, *key), reviews_of(connection, *key))
            assert knowledge(connection, ruleset, name) == anew
        assert connection.scalar(select(func.count()).select_from(evidence).where(evidence.c.story == "")) == 0


def test_figures_are_kept_as_they_would_be_counted(lived: Store) -> None:
    with lived.read() as connection:
        figures = counted(connection)
        for name, table in ((ITEMS, items), (VERSIONS, versions)):
            assert figures[name] == connection.scalar(select(func.count()).select_from(table))
        polled = select(polls.c.outcome, func.count()).group_by(polls.c.outcome)
        for outcome, number in connection.execute(polled).all():
            assert figures[outcome] == number


@pytest.mark.parametrize("seed", range(3))
def test_shuffled_it_tells_the_same_history_of_the_days(
    store: Store, lived_history: dict[str, list[object]], seed: int
) -> None:
    """Every item once, as it was last worded, in another order and much later."""
    last = {arrival.entry["guid"]: arrival for arrival in arrivals() if arrival.entry["guid"][:5] != "shell"}
    late = [arrival.entry for arrival in last.values()]
    random.Random(seed).shuffle(late)
    run(
        store, START, [Arrival(noon("2022-07-01") + timedelta(hours=n), e) for n, e in enumerate(late)], reviewing=False
    )
    assert _history(store) == lived_history


@pytest.fixture(scope="module")
def lived_history(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[object]]:
    with database(ENGINE, tmp_path_factory.mktemp("lived")) as url:
        opened = open_store(url)
        run(opened, START, [a for a in arrivals() if a.entry["guid"][:5] != "shell"], reviewing=False)
        found = _history(opened)
        opened.close()
        return found


def _history(store: Store) -> dict[str, list[object]]:
    with store.read() as connection:
        (ruleset,) = rules_in_force(connection)
        return {
            name: [(s.status, s.phase, s.holds_from) for s in history(knowledge(connection, ruleset, name), LAST)]
            for name in CONDITIONS
        }


def test_a_restart_or_a_tick_at_any_time_changes_nothing(store: Store, lived_log: list[dict[str, object]]) -> None:
    """The log follows from its inputs, not from when a daemon ran."""
    chance = random.Random(1)
    read_waiting(store, rules(), START)
    run_with_ticks(store, chance)
    assert [entry.record() for entry in log_of(store)] == lived_log


@pytest.fixture(scope="module")
def lived_log(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, object]]:
    with database(ENGINE, tmp_path_factory.mktemp("lived")) as url:
        opened = open_store(url)
        run(opened, START, arrivals(), reviewing=False)
        found = [entry.record() for entry in log_of(opened)]
        opened.close()
        return found


def run_with_ticks(store: Store, chance: random.Random) -> None:
    for arrival in arrivals():
        for _ in range(chance.randrange(3)):
            tick(store, arrival.at - timedelta(hours=chance.randrange(1, 200)))
        read_waiting(store, rules(), arrival.at - timedelta(minutes=1))
        absorb(store, rules(), FEED, receive(FEED, Fetched(_rss(arrival)), arrival.at), arrival.at)
    tick(store, LAST)


def _rss(arrival: Arrival) -> bytes:
    from loopback import rss

    return rss(arrival.entry)


def test_a_clock_that_is_set_back_changes_no_order(store: Store) -> None:
    first, second, *_ = arrivals()
    read_waiting(store, rules(), START)
    absorb(store, rules(), FEED, receive(FEED, Fetched(_rss(second)), second.at), second.at)
    before = second.at - timedelta(days=400)
    absorb(store, rules(), FEED, receive(FEED, Fetched(_rss(first)), before), before)
    moments: list[datetime] = [entry.recorded for entry in log_of(store)]
    assert moments == sorted(moments)
    with store.read() as connection:
        assert list(what_does_not_follow(connection, lambda *_: None)) == []


def test_dates_that_cannot_be_are_capped_or_reviewed_and_marked(lived: Store) -> None:
    with lived.read() as connection:
        (ruleset,) = rules_in_force(connection)
        marks = {
            f"{piece.at:%Y-%m-%d}": piece.date_mark.value
            for piece in knowledge(connection, ruleset, "ceasefire").evidence
            if piece.date_mark != "given"
        }
    assert marks == {"2022-06-01": "future", "2022-06-02": "reviewed"}
