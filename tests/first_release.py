"""A database as the first release of the monitor left it, to be taken over by this one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, create_engine, text

from monitor.assess.log import GENESIS, chain
from monitor.match.item_reader import read_item
from monitor.match.lookup.compiled import CompiledRules
from monitor.model import Finding, Item, Phase, Status, Transition
from monitor.store.evidence_changes import evidence_id
from monitor.store.items import StoredItem

NOW = datetime(2022, 6, 1, 12, tzinfo=UTC)


def make_first_release(url: str, rules: CompiledRules, *reports: tuple[str, str]) -> list[str]:
    """Fill the empty database at ``url`` with reports of a breach, each a publisher's name and a title, an hour apart
    from :data:`NOW`, and with the log of their one condition. Returns the ids of their evidence.

    To the first release each name was a publisher, so that the second confirms.
    """
    engine = create_engine(url)
    with engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", "monitor.store:migrations")
        config.set_main_option("path_separator", "os")
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        keys: list[str] = []
        entries: list[Transition] = []
        for number, (publisher, title) in enumerate(reports):
            moment = NOW + timedelta(hours=number)
            item = Item(id=f"item-{number}", title=title, publisher=publisher, published=moment)
            (finding,) = read_item(rules, item).evidence
            keys.append(_store(connection, item, moment, finding))
            names = ", ".join(name for name, _ in reports[: number + 1])
            wanting = "" if number else "; 2 independent publishers would confirm it"
            entries.append(
                Transition(
                    number, finding.ruleset, finding.condition, Status.BREACHED if number else Status.UNKNOWN, None,
                    Status.BREACHED, Phase.CONFIRMED if number else Phase.PENDING, moment, None, moment, None,
                    f"reported by {names}{wanting}", tuple(keys), "x",
                )
            )  # fmt: skip
        for sealed in chain(entries, (0, GENESIS)):
            times = {"holds_from": sealed.holds_from, "recorded": sealed.recorded}
            found = "[" + ", ".join(f'"{key}"' for key in sealed.evidence) + "]"
            _insert(connection, "transitions", {**sealed.content(), **times, "hash": sealed.hash, "evidence": found})
    engine.dispose()
    return keys


def _store(connection: Connection, item: Item, moment: datetime, finding: Finding) -> str:
    key = evidence_id(StoredItem(item, "f", "B", item.version, 1, moment, True), finding)
    rows: dict[str, dict[str, object]] = {
        "items": {
            "id": item.id, "feed": "f", "publisher": item.publisher, "grade": "B", "link": "", "author": "",
            "published": moment, "date_mark": "given", "first_seen": moment,
        },
        "versions": {
            "item": item.id, "version": item.version, "number": 1, "title": item.title, "text": "", "seen": moment,
            "latest": True, "read_with": "x",
        },
        "evidence": {
            "id": key, "item": item.id, "version": item.version, "ruleset": finding.ruleset,
            "condition": finding.condition, "signal": finding.signal, "stance": finding.stance.value,
            "asserted_by": finding.asserted_by.value, "speaker": finding.speaker, "story": item.id,
            "quote": finding.quote, "span_start": finding.span.start, "span_end": finding.span.end, "reasons": "[]",
            "at": moment, "recorded": moment, "withdrawn": None,
            "withdrawn_why": "", "rules_digest": "x",
        },
    }  # fmt: skip
    for table, row in rows.items():
        _insert(connection, table, row)
    return key


def _insert(connection: Connection, table: str, row: Mapping[str, object]) -> None:
    columns = ", ".join(f'"{column}"' for column in row)
    values = ", ".join(f":{column}" for column in row)
    connection.execute(text(f"INSERT INTO {table} ({columns}) VALUES ({values})"), row)
