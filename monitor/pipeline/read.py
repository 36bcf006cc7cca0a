"""Reading: from stored items to stored evidence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection

from monitor.assess.ledger import Key
from monitor.match.compiled import CompiledRules
from monitor.match.notice import is_withdrawn
from monitor.match.read import read_item
from monitor.model import Cause, Stance
from monitor.store.evidence import replace_evidence
from monitor.store.items import mark_read, unread_items

_BATCH = 500


def read_unread(
    connection: Connection, rules: CompiledRules, moment: datetime, progress: Callable[[int], None] = lambda _: None
) -> tuple[dict[Key, set[Cause]], Counter[Stance]]:
    """Read every item that these rules have not read yet.

    Returns what happened to the evidence of which condition, and how many findings of each stance were made.
    ``progress`` is told how many items were read at a time.
    """
    changed: dict[Key, set[Cause]] = {}
    found: Counter[Stance] = Counter()
    while batch := unread_items(connection, rules.digest, _BATCH):
        for stored in batch:
            withdrawn = is_withdrawn(stored.item)
            findings = [] if withdrawn else read_item(rules, stored.item).evidence
            found.update(finding.stance for finding in findings)
            changes = replace_evidence(
                connection,
                stored,
                findings,
                rules_digest=rules.digest,
                now=moment,
                withdrawn_by_publisher=withdrawn,
            )
            for ruleset, condition, cause in changes:
                changed.setdefault((ruleset, condition), set()).add(cause)
        mark_read(connection, batch, rules.digest)
        progress(len(batch))
    return changed, found
