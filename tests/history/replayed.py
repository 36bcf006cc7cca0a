"""The hand-written timeline, taken through the real pipeline into a real database, day by day."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from email.utils import format_datetime
from functools import cache
from pathlib import Path
from typing import Any

from loopback import rss

from monitor.config import FeedConfig
from monitor.feeds.fetch import Fetched
from monitor.match.lookup.compiled import CompiledRules
from monitor.model import Status, Verdict
from monitor.pipeline.absorb import absorb_all, read_waiting, tick
from monitor.pipeline.arrival import Arrival as Absorbable
from monitor.pipeline.judge import Signature, date_item, judge_evidence, set_status, undo
from monitor.pipeline.memory import Memory
from monitor.pipeline.receive import Received, receive
from monitor.pipeline.staging import assess_waiting, take_in_all
from monitor.rules.read import read_rule_book
from monitor.rules.yaml_document import read_yaml
from monitor.store.database import Store
from monitor.store.evidence import all_evidence
from monitor.store.items import find_item

HERE = Path(__file__).parent
FEED = FeedConfig(url="https://example.org/feed.xml", publisher="Nobody")


@cache
def rules() -> CompiledRules:
    return CompiledRules(read_rule_book([HERE / "rules.yaml"], HERE).rulesets)


@cache
def timeline() -> Any:
    return read_yaml(HERE / "timeline.yaml").value


def noon(day: str) -> datetime:
    return datetime.combine(date.fromisoformat(day), time(12), UTC)


def end_of(day: str) -> datetime:
    return datetime.combine(date.fromisoformat(day), time(23, 59, 59), UTC)


@dataclass(frozen=True)
class Arrival:
    """An item as a feed brings it, at a moment."""

    at: datetime
    entry: dict[str, str]


def arrivals() -> list[Arrival]:
    out = []
    for number, item in enumerate(timeline()["items"]):
        published = datetime.combine(date.fromisoformat(item.get("published", item["arrives"])), time(8), UTC)
        entry = {
            "guid": item["id"],
            "title": item["title"],
            "source": item["publisher"],
            "date": format_datetime(published),
        }
        out.append(Arrival(noon(item["arrives"]) + timedelta(seconds=number), entry))
    return out


def absorbed(store: Store, received: Received, moment: datetime, memory: Memory | None) -> None:
    """As the only daemon takes it in."""
    absorb_all(store, rules(), [Absorbable(FEED, received)], moment, memory)


def shared(store: Store, received: Received, moment: datetime, memory: Memory | None) -> None:
    """As one worker takes it in, and another assesses it."""
    take_in_all(store, rules(), [Absorbable(FEED, received)], moment)
    for _ in assess_waiting(store, rules(), moment, memory or Memory()):
        pass


def run(
    store: Store,
    start: datetime,
    arriving: Iterable[Arrival],
    reviewing: bool = True,
    memory: Memory | None = None,
    take: Callable[[Store, Received, datetime, Memory | None], None] = absorbed,
) -> None:
    """Let everything happen at its time, reviews among it, and time pass until the end of July; the writer has a
    ``memory``, or reads everything again each time."""
    read_waiting(store, rules(), start)
    events: list[tuple[datetime, Any]] = [(arrival.at, arrival) for arrival in arriving]
    if reviewing:
        events += [(noon(review["at"]), review) for review in timeline()["reviews"]]
    for moment, event in sorted(events, key=lambda event: event[0]):
        if isinstance(event, Arrival):
            received = receive(FEED, Fetched(rss(event.entry)), moment)
            take(store, received, moment, memory)
        else:
            _review(store, moment, event)
    tick(store, end_of("2022-07-31"), memory)


def _review(store: Store, moment: datetime, review: dict[str, str]) -> None:
    by = Signature(review["by"], review["reason"])
    if "set" in review:
        set_status(store, moment, review["set"], Status(review["status"]), noon(review["until"]), by)
    elif "undo" in review:
        undo(store, moment, int(review["undo"]), by)
    elif "date" in review:
        date_item(store, moment, evidence_of(store, review["date"]), noon(review["as"]), by)
    else:
        judge_evidence(store, moment, evidence_of(store, review["reject"]), Verdict.REJECT, by)


def evidence_of(store: Store, guid: str) -> str:
    """The id of the evidence of the item with this guid."""
    from monitor.feeds.document import item_id

    wanted = item_id(FEED.url, guid, "", "")
    with store.read() as connection:
        assert find_item(connection, wanted)
        return next(piece.id for piece in all_evidence(connection) if piece.item == wanted)
