"""What a headline tells as done, and the text below it only as promised.

"Army lets women vote", and below it "Women will be allowed to vote, a spokesman said": headlines put what is announced
into the present.
"""

from __future__ import annotations

from collections.abc import Iterable

from monitor.model import Finding, Item, Stance


def without_announced(findings: Iterable[Finding], item: Item) -> list[Finding]:
    """``findings`` of ``item`` without good deeds of its headline that the same signal finds pledged below.

    What the text below tells as done as well stands there for itself.
    """
    found = list(findings)
    below = {_signal(one) for one in found if one.span.start >= len(item.title) and one.stance is Stance.PLEDGE}
    return [
        one
        for one in found
        if one.stance is not Stance.FULFILMENT or one.span.start >= len(item.title) or _signal(one) not in below
    ]


def _signal(finding: Finding) -> tuple[str, str, str]:
    return finding.ruleset, finding.condition, finding.signal
