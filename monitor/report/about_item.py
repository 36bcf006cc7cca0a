"""What the monitor knows of a stored item besides its words: who published it, what it was recognised by, its date."""

from __future__ import annotations

from monitor.entries.identity import NEW
from monitor.model import DateMark
from monitor.publishers.attribution import ORDER, Attribution
from monitor.publishers.provenance import attribution_of
from monitor.publishers.registry import Publishers
from monitor.report.record_types import AboutItemRecord
from monitor.report.wording import day, minute
from monitor.store.items import StoredItem

_FETCHED = "this is when it was first fetched"
_DATES = {
    DateMark.GIVEN: "its own date",
    DateMark.MISSING: f"it bears no date; {_FETCHED}",
    DateMark.FUTURE: f"its own date was still to come; {_FETCHED}",
    DateMark.ABSURD: f"its own date makes no sense, so its deeds wait until it is dated; {_FETCHED}",
    DateMark.UNREADABLE: f"its own date cannot be read, so its deeds wait until it is dated; {_FETCHED}",
    DateMark.REVIEWED: "a person dated it",
}


def about_item_record(stored: StoredItem, publishers: Publishers) -> AboutItemRecord:
    """The same as a record for machines."""
    told = attribution_of(stored.item, stored.feed, publishers)
    published, unstable = stored.item.published, stored.unstable_since
    return {
        "publisher": told.name,
        "organisation": told.organisation,
        "published_by": f"known by {told.by}",
        "decided_by_step": told.step,
        "order_of_steps": list(ORDER),
        "recognised_by": stored.recognised_by or NEW,
        "published": published.isoformat() if published else None,
        "date_mark": stored.item.date_mark.value,
        "unstable_since": unstable.isoformat() if unstable else None,
    }


def about_item(stored: StoredItem, publishers: Publishers) -> list[tuple[str, str]]:
    """What is known of an item, each as a name and a sentence."""
    told = attribution_of(stored.item, stored.feed, publishers)
    lines = [
        ("publisher", f"{told.name} ({told.organisation}), known by {told.by}"),
        ("recognised", stored.recognised_by or NEW),
        ("date", f"{minute(stored.item.published)}: {_DATES[stored.item.date_mark]}"),
    ]
    if stored.unstable_since is not None:
        since = f"since {day(stored.unstable_since)} its publisher changes its words to and fro"
        lines.append(("unstable", f"{since}: it stays as it was last read"))
    return [*lines, ("order", _order(told))]


def _order(told: Attribution) -> str:
    """By which step of the written-down order it was decided who published an item."""
    steps = "; ".join(f"({number}) {step}" for number, step in enumerate(ORDER, start=1))
    if not told.step:
        return f"none of these steps tells of more than an aggregator: {steps}"
    return f"step {told.step} decided, the first of these that tells of a publisher: {steps}"
