"""What waits for a person: evidence that moved a status or nearly did, and that nobody has judged yet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from monitor.assess.ledger import standing_parts
from monitor.assess.standing import history
from monitor.assess.timeline import Standing
from monitor.assess.verdict import verdicts
from monitor.model import Evidence, Phase, Stance, Status
from monitor.pipeline.logbook import knowledge
from monitor.report.overview import Knowing
from monitor.rules.ruleset import Condition, Consequence
from monitor.store.reviews import all_reviews
from monitor.store.rule_versions import rules_in_force
from monitor.store.transitions import entries_of


@dataclass(frozen=True, slots=True)
class Waiting:
    """A piece of evidence to be judged, why it is worth it, and where its condition stands."""

    piece: Evidence
    part: Condition | Consequence
    standing: Standing
    why: str


def review_queue(connection: Connection, now: datetime, knowing: Knowing = knowledge) -> list[Waiting]:
    """Evidence to be judged: first where a single verdict would change a status, and the newest first.

    An article comes once for each condition and stance, and one verdict covers it.
    """
    judged = verdicts(all_reviews(connection))
    waiting: list[tuple[int, Waiting]] = []
    for ruleset, name, part in standing_parts(rules_in_force(connection)):
        known = knowing(connection, ruleset, name, None)
        standing = history(known, now)[-1]
        moved = {key for entry in entries_of(connection, ruleset.ruleset, name) for key in entry.evidence}
        for article in _articles(known.evidence):
            if article[0].at > now or any(piece.reading in judged for piece in article):
                continue
            ranked = [(*_why(piece, standing, moved), piece) for piece in article]
            rank, why, piece = min(ranked, key=lambda entry: entry[0])
            if why:
                waiting.append((rank, Waiting(piece, part, standing, why)))
    waiting.sort(key=lambda entry: (entry[0], -entry[1].piece.at.timestamp(), entry[1].piece.id))
    return [entry for _, entry in waiting]


def _articles(evidence: Iterable[Evidence]) -> Iterator[list[Evidence]]:
    """The deeds by the article that tells of them: all pieces of one article and stance."""
    articles: dict[tuple[str, str, Stance], list[Evidence]] = {}
    for piece in evidence:
        if piece.stance.is_deed:
            articles.setdefault((piece.item, piece.version, piece.stance), []).append(piece)
    yield from articles.values()


def _why(piece: Evidence, standing: Standing, moved: set[str]) -> tuple[int, str]:
    if piece.date_mark.waits:
        return 1, "its date cannot be read, so it does not count until somebody dates it"
    if piece.id in standing.evidence:
        if standing.phase is Phase.PENDING or standing.status is Status.CONTESTED:
            return 0, f"the status rests on it, and is {standing.status.value}, {standing.phase.value}"
        return 2, "the status rests on it"
    if standing.holds_from is None or piece.at >= standing.holds_from:
        return 1, "it speaks against the status and is not corroborated"
    return (3, "it moved the status before") if piece.id in moved else (4, "")
