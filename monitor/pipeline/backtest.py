"""Back-testing: what other rules would have made of the items already stored. In memory; nothing is written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from monitor.assess.compare import Difference, differences
from monitor.assess.ledger import Key, standing_parts
from monitor.assess.standing import know, outlook
from monitor.assess.timeline import UNKNOWN, Standing, until
from monitor.match.lookup.compiled import CompiledRules
from monitor.model import Evidence
from monitor.pipeline.pieces import pieces_in
from monitor.publishers.registry import Publishers
from monitor.rules.ruleset import Ruleset
from monitor.store.items import latest_items
from monitor.store.reviews import reviews_of


@dataclass(frozen=True, slots=True)
class Comparison:
    """What would be different for one condition: on which days, and which evidence it would gain and lose."""

    ruleset: str
    condition: str
    days: tuple[Difference, ...]
    gained: tuple[Evidence, ...]
    lost: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Backtest:
    """Every condition of either version that would not be the same, and how many items were read."""

    items: int
    comparisons: tuple[Comparison, ...]


def backtest(
    connection: Connection,
    before: Sequence[Ruleset],
    after: Sequence[Ruleset],
    now: datetime,
    progress: Callable[[int], None] = lambda _: None,
    publishers: Publishers | None = None,
) -> Backtest:
    """Read every stored item under both versions of the rules and compare what comes of it, reviews included.

    ``progress`` is told how many items have been read.
    """
    old, new = CompiledRules(before, publishers), CompiledRules(after, publishers)
    found_before: dict[Key, list[Evidence]] = {}
    found_after: dict[Key, list[Evidence]] = {}
    items = 0
    for stored in latest_items(connection):
        for rules, found in ((old, found_before), (new, found_after)):
            for piece, _ in pieces_in(rules, stored):
                found.setdefault((piece.ruleset, piece.condition), []).append(piece)
        items += 1
        progress(items)
    told_before = _timelines(connection, before, found_before, now)
    told_after = _timelines(connection, after, found_after, now)
    comparisons = []
    for key in sorted(told_before.keys() | told_after.keys()):
        had = {piece.reading: piece for piece in found_before.get(key, ())}
        has = {piece.reading: piece for piece in found_after.get(key, ())}
        comparison = Comparison(
            *key,
            days=tuple(differences(told_before.get(key, [UNKNOWN]), told_after.get(key, [UNKNOWN]))),
            gained=tuple(piece for reading, piece in has.items() if reading not in had),
            lost=tuple(piece for reading, piece in had.items() if reading not in has),
        )
        if comparison.days or comparison.gained or comparison.lost:
            comparisons.append(comparison)
    return Backtest(items, tuple(comparisons))


def _timelines(
    connection: Connection, rulesets: Sequence[Ruleset], found: dict[Key, list[Evidence]], now: datetime
) -> dict[Key, list[Standing]]:
    return {
        (ruleset.ruleset, name): until(
            outlook(know(part, found.get((ruleset.ruleset, name), ()), reviews_of(connection, ruleset.ruleset, name))),
            now,
        )
        for ruleset, name, part in standing_parts(rulesets)
    }
