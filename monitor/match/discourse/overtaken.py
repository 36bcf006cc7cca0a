"""What an item tells as of before, because the same item tells that it was reversed.

"The port had been closed for a year. On Monday it reopened": the pluperfect dates the closing before the news. So does
"hours after the port reopened, the army closed it again".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from monitor.match.lookup.compiled import CompiledSignal
from monitor.model import Finding

# In characters, how far before the deed such words stand.
_NEAR = 60
_BEFORE = re.compile(
    r"\b(?:had (?:\w+ )?been (?:\w+ly )?|(?:hours|minutes|days|a day) after (?:[\w'’]+ ){0,5})$", re.IGNORECASE
)


def without_overtaken(findings: Iterable[Finding], body: str, signals: Sequence[CompiledSignal]) -> list[Finding]:
    """``findings`` in ``body`` without deeds told as of before that a deed of another signal reverses."""
    found = list(findings)
    reverses = {(c.ruleset.ruleset, c.condition, c.signal.id): c.signal.reverses for c in signals}
    over = {
        (one.ruleset, one.condition, reversed_one)
        for one in found
        if one.stance.is_deed and not _is_of_before(one, body)
        for reversed_one in reverses[one.ruleset, one.condition, one.signal]
    }
    return [
        one
        for one in found
        if not one.stance.is_deed
        or (one.ruleset, one.condition, one.signal) not in over
        or not _is_of_before(one, body)
    ]


def _is_of_before(finding: Finding, body: str) -> bool:
    start = finding.deed[0].start
    return _BEFORE.search(body[max(0, start - _NEAR) : start]) is not None
