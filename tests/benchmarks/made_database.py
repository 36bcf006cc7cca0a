"""A database as years of watching leave it: made up, of any size, with the starter rules in force."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from rich.progress import track
from sqlalchemy import Connection, insert

from monitor.clock import utc_now
from monitor.config import Config, load_config
from monitor.match.lookup.compiled import CompiledRules
from monitor.model import Cause, Stance
from monitor.pipeline.logbook import begin, record
from monitor.rules.read import read_rule_book
from monitor.rules.reading import reading_digest, reading_version
from monitor.rules.ruleset import Ruleset, Signal
from monitor.starter import write_starter
from monitor.store.counts import ITEMS, VERSIONS, count_more
from monitor.store.database import Store, open_store
from monitor.store.evidence_words import index_words
from monitor.store.feeds import Poll, add_polls
from monitor.store.moments import next_moment, note_publishers, note_reading
from monitor.store.rule_versions import put_in_force
from monitor.store.tables import evidence, items, versions

_BATCH = 10_000
_SYLLABLES = ("ado", "elin", "orem", "usta", "iven", "olka", "amper", "ingo", "urth", "aben")
_WORDS = [f"{first}{a}{b}" for first in "bdfgklmnprstvz" for a in _SYLLABLES for b in _SYLLABLES]
_YEARS_AGO = timedelta(days=5 * 365)


def made_database(folder: Path, item_count: int, evidence_count: int) -> tuple[Config, Store, CompiledRules]:
    """Settings and rules in ``folder``, and a SQLite database beside them."""
    write_starter(folder)
    config = load_config(folder / "config.toml", {})
    store = open_store(config.database_url)
    rules = CompiledRules(read_rule_book([config.rules_path], config.sources_path).rulesets)
    fill(store, rules, item_count, evidence_count)
    return config, store, rules


def fill(store: Store, rules: CompiledRules, item_count: int, evidence_count: int) -> None:
    """Put the rules in force in an empty store, and fill it."""
    chance, now, digest = random.Random(1), utc_now(), reading_digest(rules.rulesets)
    with store.write() as connection:
        next_moment(connection, now - _YEARS_AGO)
        put_in_force(connection, rules.rulesets, [], reading_version(), now - _YEARS_AGO)
        for minute in range(2_000):
            add_polls(connection, [Poll("https://example.org/feed", now - timedelta(minutes=minute), "ok")])
    signals = [(ruleset, name, signal) for ruleset in rules.rulesets for name, signal in ruleset.signals()]
    every = max(1, item_count // max(1, evidence_count))
    for start in track(range(0, item_count, _BATCH), "filling"):
        with store.write() as connection:
            numbers = range(start, min(start + _BATCH, item_count))
            _fill_batch(connection, chance, numbers, every, signals, now, digest)
            count_more(connection, {ITEMS: len(numbers), VERSIONS: len(numbers)})
    with store.write() as connection:
        moment = begin(connection, utc_now()).moment
        note_reading(connection, rules.digest)
        note_publishers(connection, rules.publishers.digest)
        record(connection, rules.rulesets, moment, {(r.ruleset, name): {Cause.NEWS} for r, name, _ in signals})


def _fill_batch(
    connection: Connection,
    chance: random.Random,
    numbers: range,
    every: int,
    signals: Sequence[tuple[Ruleset, str, Signal]],
    now: datetime,
    digest: str,
) -> None:
    rows, wordings, pieces, words = [], [], [], []
    for number in numbers:
        at = now - timedelta(minutes=chance.randrange(int(_YEARS_AGO.total_seconds() // 60)))
        key, title = f"{number:024x}", " ".join(chance.choices(_WORDS, k=9))
        body = " ".join(chance.choices(_WORDS, k=40))
        publisher, site = f"Agency {number % 200}", f"agency-{number % 200}.example"
        rows.append(
            {"id": key, "feed": "https://example.org/feed", "publisher": publisher, "grade": "B",
             "link": f"https://{site}/{number}", "author": "", "published": at, "date_mark": "given",
             "first_seen": at, "served_at": at}
        )  # fmt: skip
        wordings.append(
            {"item": key, "version": "v", "number": 1, "title": title, "text": body, "seen": at, "latest": True,
             "read_with": digest}
        )  # fmt: skip
        if number % every == 0:
            ruleset, condition, signal = chance.choice(signals)
            stance = chance.choice((signal.stance, signal.stance, Stance.PLEDGE, Stance.DEMAND))
            pieces.append(
                {"id": f"e{number:023x}", "item": key, "version": "v", "ruleset": ruleset.ruleset,
                 "condition": condition, "signal": signal.id, "stance": stance.value, "asserted_by": "narrator",
                 "speaker": "", "quote": title, "span_start": 0, "span_end": len(title), "reasons": [], "at": at,
                 "recorded": at, "withdrawn": None, "withdrawn_why": "", "rules_digest": ruleset.digest,
                 "publisher": publisher, "organisation": site, "origin": site,
                 "date_mark": "given"}
            )  # fmt: skip
            words.append((f"e{number:023x}", f"{title} {body}"))
    connection.execute(insert(items), rows)
    connection.execute(insert(versions), wordings)
    if pieces:
        connection.execute(insert(evidence), pieces)
    index_words(connection, words)
