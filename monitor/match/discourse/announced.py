"""What a headline tells as done, and the text below it as promised or announced.

"Army lets women vote", and below it "Women will be allowed to vote, a spokesman said": headlines put what is announced
into the present. A harm that is announced is an order: below "Army bars women from voting", "women would not be
allowed to vote, the army announced" only says so again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from monitor.match.lookup.compiled import CompiledSignal
from monitor.model import Finding, Item, Stance

_Key = tuple[str, str, str]


def without_announced(findings: Iterable[Finding], item: Item, signals: Sequence[CompiledSignal]) -> list[Finding]:
    """``findings`` of ``item`` without what its headline and the text below tell in two ways.

    Good deeds of the headline that the same signal finds pledged below give way to the pledge, threats below to the
    breach in the headline that a related signal finds. What the text tells as done stands there for itself.
    """
    found = list(findings)
    below = {_key(one) for one in found if _is_below(one, item) and one.stance is Stance.PLEDGE}
    above = {_key(one) for one in found if not _is_below(one, item) and one.stance is Stance.BREACH}
    related = above | {
        (c.ruleset.ruleset, c.condition, c.signal.id)
        for c in signals
        if any((c.ruleset.ruleset, c.condition, other) in above for other in c.signal.reverses)
    }
    return [
        one
        for one in found
        if not (one.stance is Stance.FULFILMENT and not _is_below(one, item) and _key(one) in below)
        and not (one.stance is Stance.THREAT and _is_below(one, item) and _key(one) in related)
    ]


def _is_below(finding: Finding, item: Item) -> bool:
    return finding.span.start >= len(item.title)


def _key(finding: Finding) -> _Key:
    return finding.ruleset, finding.condition, finding.signal
