"""From findings in a stored item to evidence: with who published it, and for whom that publisher speaks. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from monitor.match.discourse.retraction import is_withdrawn
from monitor.match.item_reader import read_item
from monitor.match.lookup.compiled import CompiledRules
from monitor.model import Finding, Item
from monitor.publishers.provenance import asserted_by, provenance_of
from monitor.store.evidence_changes import Piece, evidence_from
from monitor.store.items import StoredItem


def findings_in(rules: CompiledRules, item: Item) -> list[Finding]:
    """What an item says of the conditions; nothing if it is only its publisher's notice that it is withdrawn."""
    return [] if is_withdrawn(item) else read_item(rules, item).evidence


def pieces_in(rules: CompiledRules, stored: StoredItem) -> list[Piece]:
    """The evidence in a stored item."""
    return pieces_from(rules, stored, findings_in(rules, stored.item))


def pieces_from(rules: CompiledRules, stored: StoredItem, findings: Sequence[Finding]) -> list[Piece]:
    """The evidence that ``findings`` in a stored item are."""
    if not findings:
        return []
    told = provenance_of(stored.item, stored.feed, rules.publishers)
    rulesets = {ruleset.ruleset: ruleset for ruleset in rules.rulesets}
    pieces = []
    for finding in findings:
        asserter = asserted_by(finding.asserted_by, told.organisation, rulesets[finding.ruleset], rules.publishers)
        pieces.append(Piece(evidence_from(stored, finding, told, asserter), finding))
    return pieces
