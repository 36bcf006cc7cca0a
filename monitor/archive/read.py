"""Reading a portion: the work that is spread over processes and machines. What is found in it depends on nothing else.

Every item is read as the daemon reads it; those that bear on nothing are counted, and not kept.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from monitor.archive.portion import Portion
from monitor.archive.record import NoItem, item_from
from monitor.archive.records import Unreadable, records_of
from monitor.match.discourse.retraction import is_withdrawn
from monitor.match.lookup.compiled import CompiledRules
from monitor.model import Finding, Item
from monitor.pipeline.pieces import findings_in
from monitor.rules.ruleset import Ruleset

# So many records that cannot be read are named; the others are counted.
_NAMED = 5


@dataclass(frozen=True, slots=True)
class PortionRead:
    """How many records there are in a portion, what was found in which items (nothing in the notice that one is
    withdrawn), and which records cannot be read."""

    records: int
    found: tuple[tuple[Item, tuple[Finding, ...]], ...]
    unreadable: int
    named: tuple[Unreadable, ...]


def rules_as_text(rules: CompiledRules) -> str:
    """Rules as they travel to other processes."""
    return json.dumps([ruleset.model_dump(mode="json", by_alias=True) for ruleset in rules.rulesets])


@lru_cache(maxsize=1)
def _compiled(text: str) -> CompiledRules:
    return CompiledRules(Ruleset.model_validate(content) for content in json.loads(text))


def read_portion(portion: Portion, rules: str, feed: str, names: Mapping[str, str], now: datetime) -> PortionRead:
    """Read a portion with ``rules``. Raises ``OSError`` or ``ValueError`` for a file that cannot be read."""
    compiled = _compiled(rules)
    found: dict[str, tuple[Item, tuple[Finding, ...]]] = {}
    records = unreadable = 0
    named: list[Unreadable] = []
    for record in records_of(portion, lambda text: bool(compiled.foreign or compiled.candidates(text))):
        records += 1
        if isinstance(record, Unreadable):
            problem: Unreadable | None = record
        elif not record[1]:
            continue
        else:
            problem = None
            try:
                item = item_from(record[1], feed, names, now)
            except NoItem as error:
                problem = Unreadable(record[0], str(error))
            else:
                findings = tuple(findings_in(compiled, item))
                # Of records of the same name the last one counts that bears on anything, or takes back what it said.
                if findings or is_withdrawn(item):
                    found.pop(item.id, None)
                    found[item.id] = item, findings
        if problem is not None:
            unreadable += 1
            named += [problem] if len(named) < _NAMED else []
    return PortionRead(records, tuple(found.values()), unreadable, tuple(named))
